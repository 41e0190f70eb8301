"""Bundle what hosts load: the loader and the event bus, each into one small file."""

import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from reflex_base.plugins import Plugin

from trex_app import __version__
from trex_app.core.texts import DEFAULT_LOCALE, locales
from trex_app.embed.lifetimes import POINTER
from trex_app.embed.releases import EMBED_DIR

ASSETS: Final = Path(__file__).parents[2] / "assets" / "embed"
SOURCES_DIR: Final = "src"
MODULES: Final = ("trex", "bus", "preload")
"""What a host may import."""

FRAME_SCRIPT: Final = "frame.js"
TYPES: Final = ("trex.d.ts", "bus.d.ts", "preload.d.ts", "custom-elements.json")
"""What goes with a release for those who program against it."""

BUNDLER: Final = "node_modules/rolldown/bin/cli.mjs"
PURE_MARK: Final = "/* @__PURE__ */ "
"""For other bundlers; there is none after this one."""


class LoaderNotBuilt(RuntimeError):
    """The bundler failed; the message is what it said."""


class LoaderPlugin(Plugin):
    """Bundle the loader beside the pages, in place of its sources."""

    def post_build(self, **context: Any) -> None:
        """Write the bundles under `static_dir`. Raises LoaderNotBuilt."""
        static_dir: Path = context["static_dir"]
        build_loader(static_dir, web_dir_of(static_dir))
        shutil.rmtree(static_dir / EMBED_DIR / SOURCES_DIR, ignore_errors=True)


def web_dir_of(static_dir: Path) -> Path:
    """The folder of the build that `static_dir` belongs to, where the JavaScript packages are."""
    return static_dir.parents[1]


def build_loader(root: Path, web_dir: Path, backend: str = "") -> None:
    """Bundle the loader under `root`: at the address of its exact release, and at the pointer.

    `backend` is the origin of the server, where that is not the loader's own. The script of the
    pages in frames is made small, too. Raises LoaderNotBuilt.
    """
    folder = root / EMBED_DIR
    with tempfile.TemporaryDirectory() as scratch:
        sources = Path(shutil.copytree(ASSETS / SOURCES_DIR, Path(scratch) / SOURCES_DIR))
        (sources / "release.js").write_text(_release_module(backend), encoding="utf-8")
        for module in MODULES:
            bundled = _bundled(web_dir, sources / f"{module}.js", "esm")
            for version in (__version__, POINTER):
                target = folder / version / f"{module}.js"
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(bundled, encoding="utf-8")
        for version in (__version__, POINTER):
            for name in TYPES:
                shutil.copy(ASSETS / name, folder / version / name)
        script = Path(shutil.copy(ASSETS / FRAME_SCRIPT, scratch))
        (folder / FRAME_SCRIPT).write_text(_bundled(web_dir, script, "iife"), encoding="utf-8")


def _release_module(backend: str) -> str:
    """What a built loader knows of its release: assets/embed/src/release.js, written anew."""
    known = {
        "release": __version__,
        "languages": [locale for locale in locales() if locale != DEFAULT_LOCALE],
        "backend": backend,
    }
    return "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in known.items())


def _bundled(web_dir: Path, module: Path, form: str) -> str:
    """One module with all that it imports, as small as it gets."""
    target = module.parent / "bundled" / module.name
    command = ["node", BUNDLER, module, "--file", target, "--format", form, "--minify"]
    result = subprocess.run(  # noqa: S603
        [str(part) for part in command],
        cwd=web_dir,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0 or not target.is_file():
        raise LoaderNotBuilt(f"{module.name} could not be bundled:\n{result.stdout}")
    return target.read_text(encoding="utf-8").replace(PURE_MARK, "")
