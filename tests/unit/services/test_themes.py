"""A tenant may set the tokens there are, to what each may hold."""

import re
from pathlib import Path

import pytest

from trex_app.core.errors import ValidationFailed
from trex_app.services.themes import COLOURS, FAMILIES, KINDS, LENGTHS, stylesheet, theme_from

THEME_CSS = (Path(__file__).parents[3] / "assets" / "theme.css").read_text(encoding="utf-8")


def test_every_token_is_one_of_the_kit() -> None:
    declared = set(re.findall(r"^ +--trex-([\w-]+):", THEME_CSS, re.MULTILINE))
    assert set(KINDS) <= declared
    # What is not a site's own to set: shadows follow the colours, and motion follows the person.
    assert {name.split("-")[0] for name in declared - set(KINDS)} == {
        *("shade", "shadow", "ease", "fast", "slow"),
    }


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
]


@pytest.mark.parametrize("token", [COLOURS[0], LENGTHS[0], FAMILIES[0]])
@pytest.mark.parametrize("value", INJECTIONS)
def test_nothing_can_break_out(token: str, value: str) -> None:
    with pytest.raises(ValidationFailed):
        theme_from({token: value})


@pytest.mark.parametrize(
    "name", ["", "unknown", "--trex-unknown", "accent;", "accent:red;x", "shadow-1", "ease"]
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
