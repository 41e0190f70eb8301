"""The loader is one small file of several modules, at an exact address and at the pointer."""

import os
import sysconfig
from pathlib import Path

import pytest

from trex_app import __version__
from trex_app.embed.loader import BUNDLER, LoaderNotBuilt, LoaderPlugin, build_loader, web_dir_of

# Says what it was given, as the file it is told to write.
ECHO = """
const fs = require("node:fs"), path = require("node:path");
const [module, , target] = process.argv.slice(2);
fs.mkdirSync(path.dirname(target), { recursive: true });
const sources = module.endsWith("frame.js") ? "src" : "";
fs.writeFileSync(target, fs.readFileSync(path.join(path.dirname(module), sources, "release.js")));
"""


def web_dir_with(folder: Path, bundler: str) -> Path:
    script = folder / "web" / BUNDLER
    script.parent.mkdir(parents=True)
    script.write_text(
        f'import {{ createRequire }} from "node:module";\n'
        f"const require = createRequire(import.meta.url);\n{bundler}"
    )
    return folder / "web"


@pytest.fixture(autouse=True)
def node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)


def test_it_knows_its_release_its_languages_and_its_server(tmp_path: Path) -> None:
    build_loader(tmp_path, web_dir_with(tmp_path, ECHO), "https://t.example")
    loader = (tmp_path / "embed" / __version__ / "trex.js").read_text()
    assert f'release = "{__version__}"' in loader
    assert 'languages = ["de"]' in loader
    assert 'backend = "https://t.example"' in loader


def test_the_pointer_is_the_same_file(tmp_path: Path) -> None:
    build_loader(tmp_path, web_dir_with(tmp_path, ECHO))
    exact = tmp_path / "embed" / __version__ / "trex.js"
    assert (tmp_path / "embed" / "v1" / "trex.js").read_bytes() == exact.read_bytes()


def test_the_types_go_with_it(tmp_path: Path) -> None:
    build_loader(tmp_path, web_dir_with(tmp_path, ECHO))
    assert (tmp_path / "embed" / __version__ / "trex.d.ts").is_file()


def test_what_the_bundler_says_is_told(tmp_path: Path) -> None:
    web_dir = web_dir_with(tmp_path, 'console.log("no such module"); process.exit(1);')
    with pytest.raises(LoaderNotBuilt, match="no such module"):
        build_loader(tmp_path, web_dir)


def test_a_build_holds_no_sources_of_the_loader(tmp_path: Path) -> None:
    static_dir = web_dir_with(tmp_path, ECHO) / "build" / "client"
    (static_dir / "embed" / "src").mkdir(parents=True)
    assert web_dir_of(static_dir) == tmp_path / "web"
    LoaderPlugin().post_build(static_dir=static_dir)
    assert not (static_dir / "embed" / "src").exists()
    assert (static_dir / "embed" / "v1" / "trex.js").is_file()
