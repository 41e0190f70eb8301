"""A page is built in one language, and its address says in which."""

import ast
from pathlib import Path

import pytest
import reflex as rx

from trex_app.ui.state.language import (
    in_language,
    link_to,
    page_locale,
    text,
)

UI = Path(__file__).parents[4] / "trex_app" / "ui"


def greeting(name: str = "") -> rx.Component:
    return rx.text(text("Yes"), page_locale(), link_to("/j/entry"), name)


def test_a_page_is_drawn_in_its_language() -> None:
    drawn = str(in_language("de", greeting, "Robin")())
    assert all(said in drawn for said in ('"Ja"', '"de"', '"/de/j/entry"', '"Robin"'))
    assert '"Yes"' in str(in_language("en", greeting)())


def test_a_language_ends_with_its_page() -> None:
    def failing() -> rx.Component:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - what else could it be
        in_language("de", failing)()
    assert page_locale() == "en"


def test_each_language_is_built_into_a_file_of_its_own() -> None:
    assert in_language("en", greeting).__module__ == __name__
    assert in_language("de", greeting).__module__ == f"{__name__}.de"


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_is_translated_before_a_page_is_drawn(path: Path) -> None:
    """A table at the top of a module would speak the default language on every page."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    tables = [node for node in module.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    early = {
        call.lineno
        for table in tables
        for call in ast.walk(table)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "text"
    }
    assert early == set()
