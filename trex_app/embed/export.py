"""A copy of the built pages for any web server to hold: those that stand in frames, and no others.

The pages name their server, the loader knows it, and the chunks are the very files of the build.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from trex_app.core.errors import TrexError
from trex_app.display.addresses import EMBEDDED_PREFIX, is_embedded_page
from trex_app.embed.languages import FALLBACK_FILE
from trex_app.embed.lifetimes import RELEASE
from trex_app.embed.loader import LoaderNotBuilt, build_loader
from trex_app.embed.manifest import SIDECARS, integrity_of, write_manifest
from trex_app.embed.releases import keep_releases, release_folder, releases_in
from trex_app.embed.same_origin import BACKEND_ATTRIBUTE
from trex_app.embed.static_host import write_rules

LOADER: Final = "trex.js"
LEFT_OUT: Final = ("embed/examples/", "plain.css")
"""What a frame never asks for, besides the pages of the site."""
NOT_FOUND_PAGE: Final = "404.html"
"""What static hosts that know no rules answer with: the page of the journey finds its step."""
ROOT_TAG: Final = "<html"
COMPRESSOR: Final = "compress-static.js"
FORMATS: Final = ("brotli", "gzip")


class ExportFailed(TrexError):
    """The bundle could not be written; the message says why."""

    code = "export_failed"
    default_message = "The bundle could not be exported."


@dataclass(frozen=True, slots=True)
class Build:
    """Where the built pages are, and the JavaScript tools that made them."""

    static_dir: Path
    web_dir: Path


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many files, and the bytes of all, not compressed."""

    files: int
    size_bytes: int
    integrity: str
    """Of the loader at its exact address."""


def export(build: Build, out: Path, backend: str, policy: Callable[[Path], str]) -> Exported:
    """Write the bundle whose server is `backend` into `out`; what was written.

    `policy` makes the content policy of the pages in a folder. What a former export left is
    replaced, but for the loaders of other releases: hosts may have pinned them. Raises
    ExportFailed for a folder that holds anything else, and when a tool does not succeed.
    """
    check_folder(out)
    draft = out.with_name(f".{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        _copy(build.static_dir, draft)
        _name_server(draft, backend)
        _build_loader(draft, build.web_dir, backend)
        # Before the others come: it lists what this release is made of.
        write_manifest(draft, backend=backend)
        keep_releases(out, draft)
        _compress(draft, build.web_dir)
        write_rules(draft, policy(draft), sorted(releases_in(draft)))
        exported = _described(draft)
        _replace(out, draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return exported


def check_folder(out: Path) -> None:
    """Raises ExportFailed when `out` holds what is no export of ours."""
    if out.exists() and not out.is_dir():
        raise ExportFailed(f"{out} is a file. Name a folder with --out.")
    if out.is_dir() and any(out.iterdir()) and not any(releases_in(out)):
        raise ExportFailed(
            f"{out} is not empty and holds no former export: nothing was written, for it would "
            "have been deleted. Name another folder with --out."
        )


def _copy(static_dir: Path, draft: Path) -> None:
    for file in sorted(static_dir.rglob("*")):
        path = file.relative_to(static_dir).as_posix()
        if file.is_file() and _is_wanted(path):
            target = draft / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    fallback = draft / EMBEDDED_PREFIX.strip("/") / FALLBACK_FILE
    shutil.copyfile(fallback, draft / NOT_FOUND_PAGE)


def _is_wanted(path: str) -> bool:
    if path.endswith(SIDECARS) or path.startswith(LEFT_OUT) or RELEASE.match(f"/{path}"):
        return False
    return not path.endswith(".html") or is_embedded_page(f"/{path}")


def _name_server(draft: Path, backend: str) -> None:
    """Write the server into every page, for its chunks and for the frame's own script."""
    for page in draft.rglob("*.html"):
        source = page.read_text(encoding="utf-8")
        if ROOT_TAG not in source:
            raise ExportFailed(f"{page.relative_to(draft)} has no place for the server's address.")
        named = source.replace(ROOT_TAG, f'{ROOT_TAG} {BACKEND_ATTRIBUTE}="{backend}"', 1)
        page.write_text(named, encoding="utf-8")


def _build_loader(draft: Path, web_dir: Path, backend: str) -> None:
    try:
        build_loader(draft, web_dir, backend)
    except LoaderNotBuilt as error:
        raise ExportFailed(str(error)) from error


def _compress(draft: Path, web_dir: Path) -> None:
    node = shutil.which("node")
    if node is None:
        raise ExportFailed("Node.js is missing, and nothing can be compressed without it.")
    result = subprocess.run(  # noqa: S603
        [node, str(web_dir / COMPRESSOR), str(draft.resolve()), *FORMATS],
        cwd=web_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise ExportFailed(f"The bundle could not be compressed:\n{result.stdout}{result.stderr}")


def _described(root: Path) -> Exported:
    files = [f for f in root.rglob("*") if f.is_file() and f.suffix not in SIDECARS]
    loader = release_folder(root) / LOADER
    size_bytes = sum(file.stat().st_size for file in files)
    return Exported(len(files), size_bytes, integrity_of(loader.read_bytes()))


def _replace(out: Path, draft: Path) -> None:
    """Put the new bundle in the place of the former one; the folder itself stays."""
    out.mkdir(parents=True, exist_ok=True)
    for former in out.iterdir():
        if former.is_dir() and not former.is_symlink():
            shutil.rmtree(former)
        else:
            former.unlink()
    for item in draft.iterdir():
        shutil.move(item, out / item.name)
