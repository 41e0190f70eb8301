"""Which pages keep early answers, and with what."""

from pathlib import Path

import pytest

from trex_app.embed.early_answers import MARK, SCRIPT, EarlyAnswersPlugin, code_of

FIRST_STEP = f"<html><head><title>T</title></head><body><section {MARK}></section></body></html>"
OTHER = "<html><head></head><body><main></main></body></html>"


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    (tmp_path / "j").mkdir()
    (tmp_path / "j" / "entry.html").write_text(FIRST_STEP)
    (tmp_path / "index.html").write_text(OTHER)
    return tmp_path


def test_a_page_with_a_step_has_the_script_at_the_end_of_its_head(static_dir):
    EarlyAnswersPlugin().post_build(static_dir=static_dir)
    page = (static_dir / "j" / "entry.html").read_text()
    script = code_of(SCRIPT.read_text())
    assert page == FIRST_STEP.replace("</head>", f"<script>{script}</script></head>")


def test_it_is_written_once(static_dir):
    for _ in range(2):
        EarlyAnswersPlugin().post_build(static_dir=static_dir)
    assert (static_dir / "j" / "entry.html").read_text().count("<script>") == 1


def test_a_page_without_a_step_stays_as_it_is(static_dir):
    EarlyAnswersPlugin().post_build(static_dir=static_dir)
    assert (static_dir / "index.html").read_text() == OTHER


def test_the_script_goes_without_comments_and_needs_no_escape():
    code = code_of(SCRIPT.read_text())
    assert "//" not in code
    assert "</" not in code
    assert code.startswith("{\n")
