"""The pages are built again exactly when something they are made of has changed."""

import shutil
from pathlib import Path

import pytest

from trex_app.ui import build as building
from trex_app.ui.build import BuildFailed, ensure_build, find_npm, source_fingerprint


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


def test_a_build_keeps_the_loaders_of_former_releases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    static_dir = tmp_path / ".web" / "build" / "client"
    pinned = static_dir / "embed" / "0.0.9"
    pinned.mkdir(parents=True)
    for name in ("trex.js", "manifest.json"):
        (pinned / name).write_text("pinned")

    def reflex() -> None:
        """Empties all it has, as with each version of its own, and fails the first time."""
        is_first = (tmp_path / ".web").exists()
        shutil.rmtree(tmp_path / ".web", ignore_errors=True)
        if is_first:
            raise BuildFailed
        static_dir.mkdir(parents=True)

    monkeypatch.setattr(building, "STATIC_DIR", static_dir)
    monkeypatch.setattr(building, "STAMP_FILE", static_dir.parent / "stamp")
    monkeypatch.setattr(building, "RELEASES_DIR", tmp_path / ".releases")
    monkeypatch.setattr(building, "_export", reflex)
    with pytest.raises(BuildFailed):
        ensure_build()
    assert ensure_build() == static_dir
    assert (pinned / "trex.js").read_text() == "pinned"
