"""Every text has its German: a missing one fails here, not in front of a person."""

import ast
import re
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from trex_app.api.problems import HTTP_PROBLEMS, INPUT_MESSAGES
from trex_app.core import texts
from trex_app.core.texts import preferred_locale, supported_locale, translate
from trex_app.display.facts import LABELS, PANEL_TITLES, UNITS, WORDS
from trex_app.display.listings import CRITERIA, SET_ASIDE, SORTS
from trex_app.display.screens import SENT_AS
from trex_app.display.vehicles import RESPECTS
from trex_app.engine.loader import SHIPPED_FOLDER, from_source, read_folder
from trex_app.engine.validation import DEFAULT_MESSAGE, MESSAGES
from trex_app.engine.wording import wording
from trex_app.services.carin.reasons import FUEL_NAMES
from trex_app.services.carin.scores import COMFORT_FEATURES, SAFETY_FEATURES

PACKAGE = Path(__file__).parents[3] / "trex_app"
SOURCES = sorted(PACKAGE.rglob("*.py"))
SAID_IN_TEMPLATE = re.compile(r"""\btext\((["'])(.+?)\1\)""")
# Said to those who run an installation or write definitions, in the language of the code.
OPERATOR_ERRORS = {
    "BuildFailed",
    "DatabaseUnreachable",
    "DeadEnd",
    "DefinitionInvalid",
    "ExpressionInvalid",
    "ExportFailed",
    "FeedUnreadable",
    "SettingsInvalid",
}


def journey_texts() -> set[str]:
    sources = {i: raw.source for i, raw in read_folder(SHIPPED_FOLDER).items()}
    return {text for workflow in from_source(sources).values() for text in wording(workflow)}


def nodes() -> Iterator[ast.AST]:
    for path in SOURCES:
        yield from ast.walk(ast.parse(path.read_text()))


def text_of(node: ast.expr | None) -> set[str]:
    """The text an expression is, or the two it chooses from."""
    if isinstance(node, ast.IfExp):
        return text_of(node.body) | text_of(node.orelse)
    value = node.value if isinstance(node, ast.Constant) else None
    return {value} if isinstance(value, str) else set()


def error_texts() -> set[str]:
    """What errors say by default."""
    found: set[str] = set()
    for node in nodes():
        if not isinstance(node, ast.ClassDef) or node.name in OPERATOR_ERRORS:
            continue
        for line in node.body:
            target = line.targets[0] if isinstance(line, ast.Assign) else None
            if isinstance(line, ast.Assign) and getattr(target, "id", "") == "default_message":
                found |= text_of(line.value)
    return found


def named_texts(tree: ast.Module) -> dict[str, set[str]]:
    """What each name of a module is set to, as far as it is text."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            found[getattr(target, "id", "")] |= text_of(node.value)
    return found


def translated_texts() -> set[str]:
    """The texts that code has translated, written in place or by name."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        named = named_texts(tree)
        translators = {"translate", "_say", "_translate"}
        if "ui" in path.parts:
            translators |= {"text", "msgid"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in translators and node.args:
                said = node.args[0]
                found |= named[said.id] if isinstance(said, ast.Name) else text_of(said)
    return found - {""}


def template_texts() -> set[str]:
    """The texts that the templates of pages and mails say."""
    return {
        match[2]
        for template in sorted(PACKAGE.rglob("templates/*.html"))
        for match in SAID_IN_TEMPLATE.finditer(template.read_text(encoding="utf-8"))
    }


def name_of(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def tabled_texts() -> set[str]:
    """The words that screens look up in tables."""
    facts = (LABELS, WORDS, UNITS, PANEL_TITLES, FUEL_NAMES, SENT_AS)
    tables = (*facts, CRITERIA, SET_ASIDE, SORTS, RESPECTS)
    features = {*COMFORT_FEATURES, *SAFETY_FEATURES}
    return {text for table in tables for text in table.values()} | features


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("locale", [x for x in texts.locales() if x != texts.DEFAULT_LOCALE])
class TestCatalogue:
    def test_every_text_of_the_journeys_is_there(self, locale: str) -> None:
        assert journey_texts() - texts.catalogue(locale).keys() == set()

    def test_every_message_about_a_field_is_there(self, locale: str) -> None:
        assert {*MESSAGES.values(), DEFAULT_MESSAGE} - texts.catalogue(locale).keys() == set()

    def test_every_message_about_a_request_is_there(self, locale: str) -> None:
        said = {*INPUT_MESSAGES.values(), *(text for _, text in HTTP_PROBLEMS.values())}
        assert said - texts.catalogue(locale).keys() == set()

    def test_every_error_is_there(self, locale: str) -> None:
        assert error_texts() - texts.catalogue(locale).keys() == set()

    def test_every_text_in_code_is_there(self, locale: str) -> None:
        assert translated_texts() - texts.catalogue(locale).keys() == set()

    def test_every_text_in_a_template_is_there(self, locale: str) -> None:
        assert template_texts()
        assert template_texts() - texts.catalogue(locale).keys() == set()

    def test_every_word_in_a_table_is_there(self, locale: str) -> None:
        assert tabled_texts() - texts.catalogue(locale).keys() == set()

    def test_every_translation_fills_in_the_same_names(self, locale: str) -> None:
        catalogue = texts.catalogue(locale)
        assert [t for t in catalogue if names_in(t) != names_in(catalogue[t])] == []

    def test_no_translation_is_empty(self, locale: str) -> None:
        assert all(text.strip() for text in texts.catalogue(locale).values())


def test_german_ships() -> None:
    assert texts.locales() == ("en", "de")


@pytest.mark.parametrize("locale", ["de", "de-AT", "de_CH", "DE"])
def test_a_regional_language_finds_its_own(locale: str) -> None:
    assert translate("Yes", locale) == "Ja"


@pytest.mark.parametrize("locale", ["en", "en-US", "fr", "", None, "../../etc"])
def test_any_other_language_reads_english(locale: str | None) -> None:
    assert translate("Yes", locale) == "Yes"
    assert supported_locale(locale) == "en"


def test_a_text_without_translation_stays_as_it_is() -> None:
    assert translate("Never written before", "de") == "Never written before"


def test_a_text_of_another_release_is_known_once_it_was_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(texts, "_kept", {})
    texts.keep({"de": {"Said otherwise now": "Früher so gesagt", "Yes": "Jawohl"}})
    assert translate("Said otherwise now", "de-AT") == "Früher so gesagt"
    assert translate("Said otherwise now", "en") == "Said otherwise now"
    assert texts.is_of_the_catalogue("Said otherwise now")
    assert translate("Yes", "de") == "Ja", "the catalogue's own word comes first"


def test_translations_are_those_that_there_are() -> None:
    assert texts.translations({"Yes", "Never written before"}) == {"de": {"Yes": "Ja"}}
    assert texts.translations({"Never written before"}) == {}


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.1", "en"),
        ("fr,de;q=0.5,en;q=0.4", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=high,en;q=0.1", "en"),
        ("", "en"),
        (None, "en"),
        ("," * 10_000, "en"),
    ],
)
def test_a_browser_is_spoken_to_in_the_language_it_prefers(header: str | None, locale: str) -> None:
    assert preferred_locale(header) == locale
