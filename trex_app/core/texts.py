"""Every text a person reads, in their language.

As in gettext, the English text is its own key. `trex_app/texts/<locale>.yaml` maps it to another
language; a text that is missing there is shown in English, and a test fails for it.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from ruamel.yaml import YAML

DEFAULT_LOCALE: Final = "en"
Texts: TypeAlias = Mapping[str, Mapping[str, str]]
"""Translations by language, then by their English text."""

TEXTS_FOLDER: Final = Path(__file__).parent.parent / "texts"

_kept: dict[str, dict[str, str]] = {}
"""What stored versions of journeys say in words that the catalogue no longer has."""


def translate(text: str, locale: str | None) -> str:
    """The text in the language of `locale` ("de", "de-AT"), else as it is written.

    A text with parameters is translated before they are filled in.
    """
    language = supported_locale(locale)
    known = catalogue(language).get(text)
    return _kept.get(language, {}).get(text, text) if known is None else known


def is_of_the_catalogue(text: str) -> bool:
    """Whether a text is one of ours, in English: what a client sends may not stand in for it."""
    return any(text in catalogue(locale) or text in _kept.get(locale, ()) for locale in locales())


def translations(texts: Iterable[str]) -> Texts:
    """What the catalogue makes of some texts, by language: to be kept with what says them."""
    wanted = sorted(texts)
    found = {
        locale: {text: catalogue(locale)[text] for text in wanted if text in catalogue(locale)}
        for locale in locales()
    }
    return {locale: known for locale, known in found.items() if known}


def keep(kept: Texts) -> None:
    """Know translations of another release, for texts that this one's catalogue does not have."""
    for locale, known in kept.items():
        _kept.setdefault(locale, {}).update(known)


@lru_cache(maxsize=256)  # clients may name any locale, and every text of a step asks
def supported_locale(locale: str | None) -> str:
    """The shipped language nearest to `locale`; English where there is none."""
    language = (locale or "").replace("_", "-").split("-")[0].lower()
    return language if language in locales() else DEFAULT_LOCALE


def preferred_locale(accept_language: str | None) -> str:
    """The shipped language a browser's Accept-Language header likes best (RFC 9110, 12.5.4)."""
    choices: list[tuple[float, str]] = []
    for part in (accept_language or "")[:1000].split(","):
        tag, _, weight = part.partition(";q=")
        choices.append((_quality(weight), tag.strip()))
    for quality, tag in sorted(choices, key=lambda choice: -choice[0]):
        language = tag.split("-")[0].lower()
        if quality > 0 and language in locales():
            return language
    return DEFAULT_LOCALE


def _quality(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0


@cache
def locales() -> tuple[str, ...]:
    """The languages that ship, the default one first."""
    return (DEFAULT_LOCALE, *sorted(file.stem for file in TEXTS_FOLDER.glob("*.yaml")))


@cache
def catalogue(locale: str) -> Mapping[str, str]:
    """The texts of a language by their English text; empty for English."""
    file = TEXTS_FOLDER / f"{locale}.yaml"
    if locale == DEFAULT_LOCALE or not file.is_file():
        return {}
    yaml: Any = YAML(typ="safe", pure=True)
    return cast("Mapping[str, str]", yaml.load(file.read_text(encoding="utf-8")) or {})
