"""The pages are built again exactly when something they are made of has changed."""

from pathlib import Path

import pytest

from trex_app.ui.build import BuildFailed, find_npm, source_fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("rxconfig.py", "trex_app/ui/pages/landing.py", "assets/theme.css", "README.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_unchanged_sources_have_the_same_fingerprint(project: Path) -> None:
    assert source_fingerprint(project) == source_fingerprint(project)


@pytest.mark.parametrize(
    "name", ["rxconfig.py", "trex_app/ui/pages/landing.py", "assets/theme.css"]
)
def test_a_changed_source_changes_the_fingerprint(project: Path, name: str) -> None:
    before = source_fingerprint(project)
    (project / name).write_text("changed")
    assert source_fingerprint(project) != before


def test_a_new_source_changes_the_fingerprint(project: Path) -> None:
    before = source_fingerprint(project)
    (project / "trex_app/ui/pages/about.py").write_text("")
    assert source_fingerprint(project) != before


def test_a_renamed_source_changes_the_fingerprint(project: Path) -> None:
    before = source_fingerprint(project)
    (project / "assets/theme.css").rename(project / "assets/tokens.css")
    assert source_fingerprint(project) != before


def test_what_the_pages_are_not_made_of_does_not_count(project: Path) -> None:
    before = source_fingerprint(project)
    (project / "README.md").write_text("changed")
    assert source_fingerprint(project) == before


def test_without_a_javascript_runtime_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"pip install -r requirements\.txt"):
        find_npm(str(tmp_path))
