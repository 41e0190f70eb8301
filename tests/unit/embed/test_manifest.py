"""The manifest names every file a browser can ask for, with the digest of what it holds."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from trex_app import __version__
from trex_app.embed.manifest import ManifestPlugin, integrity_of, write_manifest

LOADER = f"embed/{__version__}/trex.js"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in (LOADER, f"{LOADER}.br", "assets/root-DPxgM2dx.js", "embed/v1/trex.js"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"// {name}")
    return tmp_path


def written(root: Path, **facts: str) -> dict[str, Any]:
    return json.loads(write_manifest(root, **facts).read_text())


def test_every_file_is_named_once(bundle: Path) -> None:
    expected = [f"/{LOADER}", "/assets/root-DPxgM2dx.js", "/embed/v1/trex.js"]
    assert sorted(written(bundle)["files"]) == sorted(expected)


def test_a_digest_is_what_a_browser_takes(bundle: Path) -> None:
    content = (bundle / LOADER).read_bytes()
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    described = {"integrity": f"sha384-{digest}", "bytes": len(content)}
    assert written(bundle)["files"][f"/{LOADER}"] == described
    assert integrity_of(content) == described["integrity"]


def test_it_says_which_release_it_is_and_what_else_is_to_be_known(bundle: Path) -> None:
    facts = written(bundle, backend="https://t.example")
    assert (facts["version"], facts["backend"]) == (__version__, "https://t.example")


def test_the_same_files_make_the_same_manifest(bundle: Path) -> None:
    first = write_manifest(bundle).read_bytes()
    assert write_manifest(bundle).read_bytes() == first


def test_a_build_has_one_beside_its_loader(bundle: Path) -> None:
    ManifestPlugin().post_build(static_dir=bundle)
    assert (bundle / LOADER).with_name("manifest.json").is_file()
