"""A tenant may set the tokens there are, to what each may hold."""

import re
from pathlib import Path

import pytest

from trex_app.core.errors import ValidationFailed
from trex_app.services.themes import (
    COLOURS,
    DURATIONS,
    EASINGS,
    FAMILIES,
    KINDS,
    LENGTHS,
    SHADOWS,
    stylesheet,
    theme_from,
)

ASSETS = Path(__file__).parents[3] / "assets"
THEME_CSS = (ASSETS / "theme.css").read_text(encoding="utf-8")
LOOKS_JS = (ASSETS / "embed" / "src" / "looks.js").read_text(encoding="utf-8")


def test_every_token_is_one_of_the_kit() -> None:
    declared = set(re.findall(r"^ +--trex-([\w-]+):", THEME_CSS, re.MULTILINE))
    assert set(KINDS) == declared


def test_a_page_around_a_frame_may_set_the_same_tokens() -> None:
    listed = re.search(r"const TOKENS =\n(.+?);\n", LOOKS_JS, re.DOTALL)
    assert listed is not None
    assert sorted("".join(re.findall(r'"(.+)"', listed[1])).split()) == sorted(KINDS)


def test_who_asked_for_less_motion_gets_it_whatever_a_theme_says() -> None:
    calm = THEME_CSS.partition("@media (prefers-reduced-motion: reduce)")[2].partition("\n}\n")[0]
    assert re.findall(r"--trex-([\w-]+): 0ms !important;", calm) == list(DURATIONS)


@pytest.mark.parametrize(
    "value",
    [
        *("#123", "#1234", "#123456", "#12345678", "red", "transparent"),
        *("rgb(1 2 3)", "rgb(1 2 3 / 0.5)", "rgba(1, 2, 3, 0.5)", "hsl(120deg 50% 40%)"),
        *("oklch(0.7 0.1 200)", "light-dark(#fff, #000)", "light-dark(rgb(1 2 3), red)"),
    ],
)
def test_colours(value: str) -> None:
    assert theme_from({"accent": value}) == {"accent": value}


@pytest.mark.parametrize("value", ["0", "0.5rem", "12px", "1.25em"])
def test_lengths(value: str) -> None:
    assert theme_from({"radius-md": value}) == {"radius-md": value}


@pytest.mark.parametrize("value", ["Arial", '"Open Sans", Arial, sans-serif', "system-ui"])
def test_fonts(value: str) -> None:
    assert theme_from({"font": value}) == {"font": value}


@pytest.mark.parametrize(
    "value",
    [
        *("none", "0 1px 2px rgb(0 0 0 / 0.2)", "inset 0 0 0 1px #ccc"),
        "0 1px 2px red, 0 8px 24px -8px light-dark(rgb(0 0 0 / 0.2), #000)",
    ],
)
def test_shadows(value: str) -> None:
    assert theme_from({"shadow-2": value}) == {"shadow-2": value}


@pytest.mark.parametrize(
    "value", ["linear", "ease-in-out", "cubic-bezier(0.2, 0.7, 0.2, 1)", "cubic-bezier(0,0,1,-.5)"]
)
def test_curves(value: str) -> None:
    assert theme_from({"ease": value}) == {"ease": value}


@pytest.mark.parametrize("value", ["0ms", "120ms", "0.2s", ".25s"])
def test_durations(value: str) -> None:
    assert theme_from({"fast": value}) == {"fast": value}


INJECTIONS = [
    "",
    "red; background: url(https://evil.example)",
    "red}body{display:none",
    "url(https://evil.example/a.png)",
    "var(--trex-ink)",
    "env(safe-area-inset-top)",
    "expression(alert(1))",
    "image-set('https://evil.example')",
    "red/**/",
    "red\\3b",
    "red\n;a:b",
    "red !important",
    "attr(title)",
    "</style><script>",
    '"a;b"',
    "'a'",
    '"a"; x: y',
    '"a\\"b"',
    "calc(1px + 1px)",
    "light-dark(url(a), red)",
    "rgb(1 2 3",
    "rgb(1 2 3);",
    "@import 'a'",
    "#12345",
    "#ggg",
    "-1px",
    "1e9px",
    "100vh",
    "99999px",
    "0 1px 2px url(a)",
    "0 1px 2px red; color: red",
    "0 1px 2px var(--trex-shade)",
    "cubic-bezier(0, 0, 1, 1); x: y",
    "cubic-bezier(2, 0, 1, 1)",
    "steps(9999)",
    "60s",
    "9999ms",
]


@pytest.mark.parametrize(
    "token", [COLOURS[0], LENGTHS[0], FAMILIES[0], SHADOWS[0], EASINGS[0], DURATIONS[0]]
)
@pytest.mark.parametrize("value", INJECTIONS)
def test_nothing_can_break_out(token: str, value: str) -> None:
    with pytest.raises(ValidationFailed):
        theme_from({token: value})


@pytest.mark.parametrize(
    "name", ["", "unknown", "--trex-unknown", "accent;", "accent:red;x", "shadow", "shadow-4"]
)
def test_only_known_tokens_can_be_set(name: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        theme_from({name: "red"})
    assert refusal.value.errors[0].code == "unknown_token"


def test_a_token_may_be_written_as_in_css() -> None:
    assert theme_from({"--trex-accent": " red "}) == {"accent": "red"}


def test_every_fault_is_named() -> None:
    with pytest.raises(ValidationFailed) as refusal:
        theme_from({"accent": "12px", "space": "red"})
    assert [fault.field for fault in refusal.value.errors] == ["theme.accent", "theme.space"]
    assert "a colour" in refusal.value.errors[0].message


def test_a_stylesheet_sets_the_tokens() -> None:
    css = stylesheet({"accent": "red", "space": "2px"})
    assert css == ":root {\n  --trex-accent: red;\n  --trex-space: 2px;\n}\n"
