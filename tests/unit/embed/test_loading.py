"""Where nothing is prerendered, the page's outline is drawn before its scripts arrive."""

import pytest

from trex_app.embed.loading import ANCHOR, WAYS_ON, RootChanged, with_outline


def test_the_root_gets_a_fallback_before_its_app():
    source = with_outline(f"const a = 1;\n{ANCHOR} {{}}")
    assert source.index("export function HydrateFallback()") < source.index(ANCHOR)
    assert source.startswith("const a = 1;")


def test_who_runs_no_scripts_is_shown_the_ways_on():
    source = with_outline(f"{ANCHOR} {{}}")
    assert 'jsx("noscript"' in source
    for path, said in WAYS_ON.items():
        assert f'jsx("a", {{ href: "{path}" }}, "{said}")' in source


def test_a_second_build_changes_nothing():
    once = with_outline(f"{ANCHOR} {{}}")
    assert with_outline(once) == once


def test_another_way_of_writing_the_root_is_noticed():
    with pytest.raises(RootChanged):
        with_outline("export default App;")
