"""What people were shown is kept, but not for ever."""

from trex_app.integrations.shown import Shown


def test_the_oldest_goes_first_and_what_is_shown_again_stays() -> None:
    shown = Shown(most_kept=2)
    shown.remember([("a", {"n": 1}), ("b", {"n": 2})])
    shown.remember([("a", {"n": 3}), ("c", {"n": 4})])
    assert shown.known(["a", "b", "c"]) == {"a": {"n": 3}, "c": {"n": 4}}
