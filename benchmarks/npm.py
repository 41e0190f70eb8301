"""Peers from the Node world: pinned packages from npm, each peer in a folder of its own."""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

INSTALLATIONS = Path(__file__).parents[1] / "var" / "benchmarks"
LOCK = "package-lock.json"
INSTALL_SECONDS_MAX = 120


class PeerUnavailable(Exception):
    """A peer cannot be measured here; the message says why."""


def tool(name: str) -> str:
    """Node or npm, from the Python environment or else from the path. Raises PeerUnavailable."""
    path = shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)
    if path is None:
        raise PeerUnavailable(f"{name} is not installed here")
    return path


def installed(sources: Path) -> Path:
    """A copy of `sources` with the packages of its lock, installed where they are not yet.

    Raises PeerUnavailable when npm cannot install them.
    """
    npm = tool("npm")
    folder = INSTALLATIONS / sources.name
    kept_lock = folder / LOCK
    if not kept_lock.is_file() or kept_lock.read_bytes() != (sources / LOCK).read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(sources, folder)
        command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            run(command, folder, INSTALL_SECONDS_MAX)
        except PeerUnavailable:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    shutil.copytree(sources, folder, dirs_exist_ok=True)
    return folder


def run(command: Sequence[str], folder: Path, seconds_max: float) -> None:
    """Run a tool of Node's in `folder`. Raises PeerUnavailable when it fails or takes too long."""
    search_path = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", os.defpath)
    try:
        subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": search_path},
            check=True,
            capture_output=True,
            timeout=seconds_max,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise PeerUnavailable(f"`{Path(command[0]).name} {command[1]}` did not succeed") from error
