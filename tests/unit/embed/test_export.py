"""An export holds what frames ask for, names its server, and never deletes what is not its own."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from trex_app import __version__
from trex_app.embed import export as exporting
from trex_app.embed.export import Build, ExportFailed, check_folder, export
from trex_app.ui.build import offer_runtime

BACKEND = "https://t.example"
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><script src="/embed/frame.js" data-release="1"></script>'
    "</head></html>"
)
FILES = {
    "index.html": PAGE,
    "privacy/index.html": PAGE,
    "plain.css": "main{}",
    "favicon.svg": "<svg/>",
    "assets/root-DPxgM2dx.js": "location.origin;",
    "assets/root-DPxgM2dx.js.br": "of the build",
    "embed/frame/selling/index.html": PAGE,
    "embed/frame/__spa-fallback.html": PAGE,
    "de/embed/frame/__spa-fallback.html": PAGE,
    "embed/examples/plain.html": PAGE,
    f"embed/{__version__}/trex.js": "const backend = '';",
}
# Stands for Reflex's compressor: node compress-static.js FOLDER FORMAT…
COMPRESSOR = """
const fs = require("node:fs"), path = require("node:path");
const [folder, ...formats] = process.argv.slice(2);
for (const file of fs.readdirSync(folder, { recursive: true }))
  if (file.endsWith(".html"))
    fs.writeFileSync(path.join(folder, file + ".br"), formats.join());
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def files_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Build:
    """A build as small as it gets; the loader is the one thing that is not really made."""
    write(tmp_path / "web" / "build" / "client", FILES)
    write(tmp_path / "web", {"compress-static.js": COMPRESSOR})

    def build_loader(root: Path, web_dir: Path, backend: str) -> None:
        for version in (__version__, "v1"):
            write(root, {f"embed/{version}/trex.js": f"const backend = '{backend}';"})

    monkeypatch.setattr(exporting, "build_loader", build_loader)
    monkeypatch.setenv("PATH", os.environ["PATH"])  # so that it is as before afterwards
    offer_runtime()
    return Build(tmp_path / "web" / "build" / "client", tmp_path / "web")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "dist"


def policy(root: Path) -> str:
    return f"pages={len(list(root.rglob('*.html')))}"


def test_it_holds_the_pages_in_frames_and_no_others(build: Build, out: Path) -> None:
    export(build, out, BACKEND, policy)
    pages = sorted(name for name in files_of(out) if name.endswith(".html"))
    assert pages == [
        "404.html",
        "de/embed/frame/__spa-fallback.html",
        "embed/frame/__spa-fallback.html",
        "embed/frame/selling/index.html",
    ]
    assert not {"plain.css", "embed/examples/plain.html"} & files_of(out).keys()


def test_pages_name_their_server_once(build: Build, out: Path) -> None:
    export(build, out, BACKEND, policy)
    page = (out / "embed/frame/selling/index.html").read_text()
    assert f'<html data-trex-backend="{BACKEND}" lang="en">' in page
    assert page.count(BACKEND) == 1


def test_chunks_are_those_of_the_build(build: Build, out: Path) -> None:
    export(build, out, BACKEND, policy)
    name = "assets/root-DPxgM2dx.js"
    assert (out / name).read_bytes() == (build.static_dir / name).read_bytes()


def test_what_is_compressed_is_what_was_exported(build: Build, out: Path) -> None:
    export(build, out, BACKEND, policy)
    assert (out / "embed/frame/selling/index.html.br").read_text() == "brotli,gzip"
    assert not (out / "assets/root-DPxgM2dx.js.br").exists()


def test_the_loader_knows_its_server_and_its_digest_is_told(build: Build, out: Path) -> None:
    told = export(build, out, BACKEND, policy)
    assert BACKEND in (out / "embed" / __version__ / "trex.js").read_text()
    manifest = json.loads((out / "embed" / __version__ / "manifest.json").read_text())
    assert manifest["backend"] == BACKEND
    loader = manifest["files"][f"/embed/{__version__}/trex.js"]
    assert loader["integrity"] == told.integrity
    assert "/embed/frame/selling/index.html" in manifest["files"]


def test_the_policy_is_that_of_the_exported_pages(build: Build, out: Path) -> None:
    export(build, out, BACKEND, policy)
    assert "Content-Security-Policy: pages=4" in (out / "_headers").read_text()


def test_the_same_build_exports_the_same_bytes(build: Build, out: Path, tmp_path: Path) -> None:
    export(build, out, BACKEND, policy)
    export(build, tmp_path / "again", BACKEND, policy)
    assert files_of(tmp_path / "again") == files_of(out)


def test_a_former_export_is_replaced_but_for_the_loaders_of_other_releases(
    build: Build, out: Path
) -> None:
    export(build, out, BACKEND, policy)
    write(
        out, {"assets/gone.js": "", "embed/0.0.9/trex.js": "old", "embed/0.0.9/manifest.json": ""}
    )
    export(build, out, "https://other.example", policy)
    files = files_of(out)
    assert "assets/gone.js" not in files
    assert files["embed/0.0.9/trex.js"] == b"old"
    assert "/embed/0.0.9/*" in files["_headers"].decode()
    assert "0.0.9" not in files[f"embed/{__version__}/manifest.json"].decode()
    assert BACKEND.encode() not in files["embed/frame/selling/index.html"]


def test_a_folder_with_anything_else_is_left_alone(build: Build, tmp_path: Path) -> None:
    write(tmp_path / "photos", {"cat.jpg": "a cat"})
    with pytest.raises(ExportFailed, match="not empty"):
        export(build, tmp_path / "photos", BACKEND, policy)
    assert files_of(tmp_path / "photos") == {"cat.jpg": b"a cat"}


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("")
    with pytest.raises(ExportFailed, match="is a file"):
        check_folder(tmp_path / "dist")


def test_an_empty_folder_will_do(build: Build, out: Path) -> None:
    out.mkdir(parents=True)
    assert export(build, out, BACKEND, policy).files > 0


def test_a_page_that_has_no_place_for_its_server_ends_the_export(build: Build, out: Path) -> None:
    write(build.static_dir, {"embed/frame/selling/index.html": "<p>no root</p>"})
    with pytest.raises(ExportFailed, match=r"selling/index\.html has no place"):
        export(build, out, BACKEND, policy)
    assert not out.exists()
    assert list(out.parent.iterdir()) == []


def test_a_compressor_that_fails_ends_the_export(build: Build, out: Path) -> None:
    write(build.web_dir, {"compress-static.js": "throw new Error('disk is full');"})
    with pytest.raises(ExportFailed, match="disk is full"):
        export(build, out, BACKEND, policy)
