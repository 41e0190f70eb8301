"""Exact releases of the loader: sites pin them, so the next release takes none of them away."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from trex_app import __version__

EMBED_DIR: Final = "embed"
MANIFEST: Final = "manifest.json"


def release_folder(root: Path) -> Path:
    """Where the files of this exact version stand, which never change."""
    return root / EMBED_DIR / __version__


def releases_in(root: Path) -> Iterator[str]:
    """The exact versions whose loaders stand in a bundle."""
    for manifest in root.glob(f"{EMBED_DIR}/*/{MANIFEST}"):
        yield manifest.parent.name


def keep_releases(former: Path, root: Path) -> None:
    """Copy the loaders of all other releases from a `former` bundle into the one in `root`."""
    for version in releases_in(former):
        if version != __version__:
            folder = Path(EMBED_DIR) / version
            shutil.copytree(former / folder, root / folder, dirs_exist_ok=True)
