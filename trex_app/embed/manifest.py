"""The manifest of a release: the digest of every file, for hosts that pin what they load."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from trex_app import __version__
from trex_app.embed.releases import MANIFEST, release_folder

SIDECARS = (".br", ".gz")


class ManifestPlugin(Plugin):
    """Write the manifest of what was built."""

    def post_build(self, **context: Any) -> None:
        """Write it under `static_dir`, once the loader stands there."""
        write_manifest(context["static_dir"])


def write_manifest(root: Path, **facts: str) -> Path:
    """Write the manifest of the bundle in `root`, with further `facts` about it; its path."""
    path = release_folder(root) / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {_address(root, file): _described(file) for file in _files(root) if file != path}
    content = {"version": __version__, **facts, "files": files}
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return path


def integrity_of(content: bytes) -> str:
    """The digest as browsers take it in an `integrity` attribute."""
    return f"sha384-{base64.b64encode(hashlib.sha384(content).digest()).decode()}"


def _files(root: Path) -> Iterator[Path]:
    """What a browser can ask for; compressed forms of a file are the same file."""
    yield from sorted(
        file for file in root.rglob("*") if file.is_file() and file.suffix not in SIDECARS
    )


def _address(root: Path, file: Path) -> str:
    return f"/{file.relative_to(root).as_posix()}"


def _described(file: Path) -> dict[str, str | int]:
    content = file.read_bytes()
    return {"integrity": integrity_of(content), "bytes": len(content)}
