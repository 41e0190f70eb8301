"""What a site has pinned stays when the next release is built or exported."""

from pathlib import Path

from trex_app import __version__
from trex_app.embed.releases import keep_releases, release_folder, releases_in


def put(root: Path, version: str, loader: str) -> Path:
    folder = root / "embed" / version
    folder.mkdir(parents=True)
    (folder / "trex.js").write_text(loader)
    if version != "v1":
        (folder / "manifest.json").write_text("{}")
    return folder / "trex.js"


def test_a_release_is_what_has_a_manifest(tmp_path: Path) -> None:
    put(tmp_path, "0.0.9", "")
    put(tmp_path, "v1", "")
    assert list(releases_in(tmp_path)) == ["0.0.9"]
    assert list(releases_in(tmp_path / "nowhere")) == []


def test_other_releases_are_kept_and_this_one_and_the_pointer_are_not(tmp_path: Path) -> None:
    former, root = tmp_path / "former", tmp_path / "root"
    put(former, "0.0.9", "pinned")
    put(former, __version__, "built before")
    put(former, "v1", "built before")
    new = put(root, __version__, "built now")
    keep_releases(former, root)
    keep_releases(former, root)  # what is there already does no harm
    assert (root / "embed" / "0.0.9" / "trex.js").read_text() == "pinned"
    assert new.read_text() == "built now"
    assert new.parent == release_folder(root)
    assert not (root / "embed" / "v1").exists()
