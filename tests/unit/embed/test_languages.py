"""The document around a page takes its language from the address."""

from pathlib import Path

import pytest

from trex_app.embed.languages import (
    FALLBACK_FILE,
    LAYOUT,
    DocumentChanged,
    LanguagePlugin,
    fallback_in,
    with_language,
)
from trex_app.embed.loading import NEEDS_SCRIPTS

DOCUMENT = (
    f'{LAYOUT}  return (\n    jsx("html",{{lang:"en",suppressHydrationWarning:true}},children)\n'
    "  )\n}"
)


def test_the_document_asks_for_its_language():
    source = with_language(DOCUMENT)
    assert 'jsx("html",{lang:language,suppressHydrationWarning:true}' in source
    assert f"{LAYOUT}  const language = usePageLanguage();" in source
    assert 'const LANGUAGES = ["en", "de"];' in source


def test_a_second_build_changes_nothing():
    once = with_language(DOCUMENT)
    assert with_language(once) == once


def test_another_way_of_writing_the_document_is_noticed():
    with pytest.raises(DocumentChanged):
        with_language(DOCUMENT.replace('lang:"en"', 'lang:"fr"'))


def test_each_language_has_a_fallback_page_of_its_own(tmp_path: Path):
    (tmp_path / "de").mkdir()
    (tmp_path / FALLBACK_FILE).write_text('<!DOCTYPE html><html lang="en"><body></body></html>')
    LanguagePlugin().post_build(static_dir=tmp_path)
    assert '<html lang="de"><body>' in (tmp_path / "de" / FALLBACK_FILE).read_text()


def test_the_ways_on_without_scripts_are_in_its_language():
    page = f'<html lang="en"><noscript>{NEEDS_SCRIPTS} <a href="/h/-/link">Go on</a></noscript>'
    german = fallback_in("de", page)
    assert "Diese Seite braucht JavaScript" in german
    assert 'href="/de/h/-/link"' in german


def test_a_fallback_page_without_a_language_is_noticed(tmp_path: Path):
    (tmp_path / FALLBACK_FILE).write_text("<html><body></body></html>")
    with pytest.raises(DocumentChanged):
        LanguagePlugin().post_build(static_dir=tmp_path)
