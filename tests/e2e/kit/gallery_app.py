"""The gallery as an app of its own: built in a folder, served on a free port, opened and judged."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from starlette.staticfiles import StaticFiles

from tests.live_server import listening
from trex_app.api.security_headers import (
    SecurityHeaders,
    content_security_policy,
    inline_script_hashes,
)
from trex_app.ui import build
from trex_app.ui.shell.frontend_files import FrontendFiles

CONFIG = """
import reflex as rx
from reflex.plugins import SitemapPlugin, TailwindV4Plugin

from trex_app.embed.languages import LanguagePlugin
from trex_app.embed.preact import PreactPlugin
from trex_app.embed.prerender import PrerenderPlugin
from trex_app.embed.same_origin import SameOriginPlugin

config = rx.Config(
    app_name="gallery",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[
        TailwindV4Plugin(), PreactPlugin(), PrerenderPlugin(), LanguagePlugin(), SameOriginPlugin()
    ],
    disable_plugins=[SitemapPlugin],
)
"""
APP = """
import reflex as rx

from trex_app.ui.studio.gallery import gallery_page

app = rx.App(toaster=None, app_wraps={}, html_lang="en", stylesheets=["/theme.css", "/kit.css"])
app.add_page(gallery_page, route="/studio/gallery", title="Gallery", image="")
app.add_page(gallery_page, route="/", title="Gallery", image="")
"""


def build_gallery(folder: Path) -> Path:
    """Build the gallery's pages in an empty folder; the folder to serve."""
    (folder / "rxconfig.py").write_text(CONFIG, encoding="utf-8")
    (folder / "gallery").mkdir()
    (folder / "gallery" / "__init__.py").touch()
    (folder / "gallery" / "gallery.py").write_text(APP, encoding="utf-8")
    (folder / "assets").symlink_to(build.PROJECT_DIR / "assets")
    (folder / "requirements.txt").symlink_to(build.PROJECT_DIR / "requirements.txt")
    shutil.copytree(build.PROJECT_DIR / "reflex.lock", folder / "reflex.lock")
    web_dir = folder / ".web"
    environment = build._build_environment() | {
        "REFLEX_WEB_WORKDIR": str(web_dir),
        "PYTHONPATH": str(build.PROJECT_DIR),
    }
    result = subprocess.run(
        [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    static_dir = web_dir / "build" / "client"
    if result.returncode != 0 or not (static_dir / "index.html").is_file():
        pytest.fail(
            f"The gallery could not be built:\n{result.stdout}{result.stderr}", pytrace=False
        )
    return static_dir


@contextmanager
def served(static_dir: Path) -> Iterator[str]:
    """The pages under the app's own content policy; yields their address."""
    policy = content_security_policy(inline_script_hashes(static_dir))
    files = StaticFiles(directory=static_dir, html=True)
    app = SecurityHeaders(FrontendFiles(files, static_dir=static_dir), page_policy=policy)
    with listening(app, lifespan="off") as port:
        yield f"http://localhost:{port}"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    # The last to come alive are the elements whose modules are fetched after the first paint.
    expect(page.locator(":not(:defined)")).to_have_count(0)
    expect(page.locator("trex-error-summary")).to_be_focused()
    expect(page.locator("trex-slider output").first).to_have_text("15,000 km")
    return page


def set_on_root(page: Page, name: str, value: str) -> None:
    """Set an attribute, and wait until the page has been drawn with it."""
    page.evaluate(
        """([name, value]) => new Promise(drawn => {
          document.documentElement.setAttribute(name, value);
          requestAnimationFrame(() => requestAnimationFrame(drawn));
        })""",
        [name, value],
    )


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]
