"""What a plain form sends becomes typed answers, or is refused before a journey is asked."""

import pytest

from trex_app.api.plain.forms import (
    Form,
    Stamp,
    answers_in,
    check_token,
    draft_in,
    token_for,
)
from trex_app.api.plain.refusals import FormNotOurs, FormUnreadable
from trex_app.core.crypto import Keyring
from trex_app.engine.definition import EMPTY, Screen
from trex_app.engine.loader import SHIPPED_FOLDER, from_source, read_folder
from trex_app.services.presentation import field_config

SECRET, OLD_SECRET = b"a" * 32, b"b" * 32
STAMP = Stamp.new("token", "0b0f8e0e-5b0c-4a55-9a0e-3f6f5f0d7c11", 3)


def configs(workflow: str, step: str) -> list:
    sources = {i: raw.source for i, raw in read_folder(SHIPPED_FOLDER).items()}
    screen = from_source(sources)[workflow].steps[step]
    assert isinstance(screen, Screen)
    return [field_config(field, EMPTY, "en") for field in screen.fields.values()]


def form(*pairs: tuple[str, str], **changed: str) -> Form:
    return Form([*(STAMP.fields() | changed).items(), *pairs])


class TestAnswers:
    def test_are_typed_as_the_step_asks(self) -> None:
        sent = form(
            ("make", "Ford"),
            ("year", "2019"),
            ("mileage_km", "85,000"),
            ("is_accident_free", "true"),
        )
        assert answers_in(sent, configs("selling", "sale_vehicle"), "en") == {
            "make": "Ford",
            "year": 2019,
            "mileage_km": 85000,
            "is_accident_free": True,
        }

    def test_of_a_list_keep_their_order_and_leave_gaps_out(self) -> None:
        sent = form(("priorities", "space"), ("priorities", ""), ("priorities", "safety"))
        given = answers_in(sent, configs("vehicle_discovery", "carin_questions"), "en")
        assert given["priorities"] == ["space", "safety"]

    def test_of_a_box_left_unticked_are_no(self) -> None:
        given = answers_in(form(), configs("vehicle_discovery", "vehicle_selection"), "en")
        assert given == {"confirmed": False, "wants_test_drive": False, "trade_in": False}

    def test_that_cannot_be_read_stay_as_typed(self) -> None:
        sent = form(("mileage_km", "many"))
        assert answers_in(sent, configs("selling", "sale_vehicle"), "en") == {"mileage_km": "many"}

    def test_of_nobodys_question_are_left_out(self) -> None:
        sent = form(("price_maximum", "1"), ("trex.made_up", "2"))
        assert answers_in(sent, configs("selling", "sale_vehicle"), "en") == {}

    def test_are_drawn_again_with_what_was_emptied(self) -> None:
        draft = draft_in(form(("make", "")), configs("selling", "sale_vehicle"), "en")
        assert draft["make"] is None
        assert set(draft) == {config["name"] for config in configs("selling", "sale_vehicle")}


class TestAStamp:
    def test_comes_back_as_it_was_drawn(self) -> None:
        assert form().stamp() == STAMP

    def test_is_another_each_time(self) -> None:
        assert Stamp.new("token", STAMP.session_id, 3).key != STAMP.key

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("trex.session", ""),
            ("trex.session", "me"),
            ("trex.revision", ""),
            ("trex.revision", "-1"),
            ("trex.revision", "1.5"),
            ("trex.revision", "99999999999999999999"),
            ("trex.key", ""),
            ("trex.key", "a b" * 8),
            ("trex.key", "k" * 65),
        ],
    )
    def test_that_is_damaged_is_refused(self, name: str, value: str) -> None:
        with pytest.raises(FormUnreadable):
            form(**{name: value}).stamp()

    def test_is_no_answer(self) -> None:
        assert form(("make", "Ford")).typed() == [("make", "Ford")]


class TestAToken:
    def test_belongs_to_one_visitor(self) -> None:
        keyring = Keyring(SECRET)
        check_token(keyring, "ada", token_for(keyring, "ada"))
        with pytest.raises(FormNotOurs):
            check_token(keyring, "bob", token_for(keyring, "ada"))

    def test_outlives_a_rotation_of_the_secret(self) -> None:
        before = token_for(Keyring(OLD_SECRET), "ada")
        check_token(Keyring(SECRET, [OLD_SECRET]), "ada", before)
        with pytest.raises(FormNotOurs):
            check_token(Keyring(SECRET), "ada", before)

    @pytest.mark.parametrize("token", ["", "x", "ü" * 64])
    def test_that_is_none_is_refused(self, token: str) -> None:
        with pytest.raises(FormNotOurs):
            check_token(Keyring(SECRET), "ada", token)


def test_the_main_button_is_what_enter_presses() -> None:
    assert form().action == "submit"
    assert form(("trex.action", "back")).action == "back"
