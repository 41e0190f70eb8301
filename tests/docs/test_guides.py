"""What the guides and the README say works when it is typed in, and leads where it says."""

import re
from pathlib import Path

import pytest

from tests.docs.examples import ROOT, examples_of, run_console, run_python, write_files
from trex_app.core.settings import Settings
from trex_app.core.telemetry import REGISTRY
from trex_app.db.tables import METADATA

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
OWN_TESTS = {"api.md", "inventory.md", "workflows.md", "commands.md", "kit.md"}
PICTURE_BYTES_MAX = 200_000
LINK = re.compile(r"""(?:\]\(|src=")([^)"#\s]+)(#[\w-]+)?[)"]""")
SETTING = re.compile(r"\bTREX_([A-Z_]+)\b")
METRIC = re.compile(r"`(trex_\w+)`")
TABLE = re.compile(r"`(\w+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def pages_with(language: str) -> list[Path]:
    return [
        page
        for page in PAGES
        if page.name not in OWN_TESTS
        and any(example.language == language for example in examples_of(page))
    ]


def anchors_of(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    titles = [re.sub(r"[^\w\- ]", "", title.lower()) for title in HEADING.findall(prose)]
    return {f"#{title.strip().replace(' ', '-')}" for title in titles}


@pytest.mark.parametrize("document", pages_with("python"), ids=name_of)
def test_the_python_of_a_page_runs(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(document, tmp_path)
    run_python(document)


@pytest.mark.parametrize("document", pages_with("console"), ids=name_of)
def test_the_commands_of_a_page_print_what_it_shows(document: Path, tmp_path: Path) -> None:
    write_files(document, tmp_path)
    run_console(document, tmp_path)


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(document: Path) -> None:
    prose = FENCED.sub("", document.read_text(encoding="utf-8"))
    broken: list[str] = []
    for target, anchor in LINK.findall(prose):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        file = (document.parent / target).resolve()
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            broken.append(target + anchor)
    assert broken == []


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_every_setting_that_a_page_names_exists(document: Path) -> None:
    named = {name.lower() for name in SETTING.findall(document.read_text(encoding="utf-8"))}
    of_the_tests = {"test_database_url", "test_redis_url", "test_chromium", "require_services"}
    assert named <= {*Settings.model_fields, *of_the_tests}


def test_the_operators_guide_names_every_metric_and_no_other() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = guide.partition("## Is it well?")[2].partition("\n## ")[0]
    kept = {f"{m.name}_total" if m.type == "counter" else m.name for m in REGISTRY.collect()}
    assert set(METRIC.findall(section)) == kept


def test_the_architecture_names_every_table() -> None:
    guide = (ROOT / "docs" / "guide" / "architecture.md").read_text(encoding="utf-8")
    section = guide.partition("## The database")[2].partition("\n## ")[0]
    assert set(TABLE.findall(section)) == set(METADATA.tables)


def test_pictures_are_small_and_all_in_use() -> None:
    pictures = sorted((ROOT / "docs" / "images").iterdir())
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [p.name for p in pictures if p.stat().st_size > PICTURE_BYTES_MAX] == []
    assert [p.name for p in pictures if f"images/{p.name}" not in text] == []


def test_every_decision_is_a_page_of_its_own_with_the_same_three_parts() -> None:
    decisions = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [int(page.name[:4]) for page in decisions]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in decisions if f"]({page.name})" not in listed] == []
    for page in decisions:
        titles = HEADING.findall(page.read_text(encoding="utf-8"))
        assert titles[1:] == ["Context", "Decision", "Consequences"], page.name
