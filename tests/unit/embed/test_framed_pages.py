"""Pages made for frames load the frame's script, prerendered or not; others do not."""

from pathlib import Path

import pytest

from trex_app.core.texts import locales
from trex_app.embed.framed_pages import (
    ANCHOR,
    SCRIPT_PATH,
    FramedPagesPlugin,
    PageChanged,
    with_script,
)
from trex_app.embed.languages import FALLBACK_FILE

PAGE = f'{ANCHOR}<link href="/style.css" rel="stylesheet"></head>'


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for folder in ("", *(locale for locale in locales() if locale != "en")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / FALLBACK_FILE).write_text(PAGE)
    for page in ("embed/frame/buying/index.html", "j/buying/index.html"):
        (tmp_path / page).parent.mkdir(parents=True)
        (tmp_path / page).write_text(PAGE)
    FramedPagesPlugin().post_build(static_dir=tmp_path)
    return tmp_path


def test_a_framed_page_has_the_script_before_all_else(build: Path) -> None:
    page = (build / "embed/frame/buying/index.html").read_text()
    assert page.startswith(f'{ANCHOR}<script src="{SCRIPT_PATH}"')


def test_a_page_of_its_own_does_not_have_it(build: Path) -> None:
    assert SCRIPT_PATH not in (build / "j/buying/index.html").read_text()
    assert SCRIPT_PATH not in (build / FALLBACK_FILE).read_text()


def test_what_is_not_prerendered_has_a_fallback_in_each_language(build: Path) -> None:
    assert SCRIPT_PATH in (build / "embed/frame" / FALLBACK_FILE).read_text()
    assert SCRIPT_PATH in (build / "de/embed/frame" / FALLBACK_FILE).read_text()


def test_a_second_build_changes_nothing() -> None:
    once = with_script(PAGE)
    assert with_script(once) == once


def test_a_page_without_a_place_for_it_is_refused() -> None:
    with pytest.raises(PageChanged):
        with_script("<body></body>")
