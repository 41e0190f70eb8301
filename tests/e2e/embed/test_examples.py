"""The examples for hosts do what they say, on the server of T-Rex itself."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import missing
from tests.e2e.conftest import RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.stage import Widget, wait_until_alone
from trex_app.embed.loader import ASSETS, BUNDLER
from trex_app.ui.build import WEB_DIR, find_npm

EXAMPLES = ASSETS / "examples"
SCRIPTS = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", os.defpath)
SINGLE_SPA = "node_modules/single-spa/lib/es2015/esm/single-spa.min.js"


@pytest.fixture(scope="session")
def examples(app: RunningApp) -> str:
    """The address of the folder of examples, whose tenant is there."""
    add_tenant(app, "demo", app.address)
    return f"{app.address}/embed/examples"


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser refuses or fails at."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda said: found.append(said.text) if "Content Security" in said.text else None,
    )
    return found


@pytest.mark.parametrize("name", ["plain", "two", "dark", "strict-policy", "listener"])
def test_an_example_shows_its_journey(
    page: Page, examples: str, complaints: list[str], name: str
) -> None:
    page.goto(f"{examples}/{name}.html")
    Widget(page).until_ready()
    assert complaints == []


def test_the_page_that_listens_says_what_it_heard(page: Page, examples: str) -> None:
    page.goto(f"{examples}/listener.html")
    Widget(page).until_ready()
    expect(page.locator("#said")).to_contain_text("step-changed")


def test_a_react_host_shows_and_hides_it(page: Page, examples: str, tmp_path: Path) -> None:
    source = Path(shutil.copy(EXAMPLES / "react-host.jsx", WEB_DIR / "react-host.jsx"))
    bundle = tmp_path / "react-host.js"
    command = ["node", BUNDLER, source.name, "--file", str(bundle), "--format", "esm"]
    command += ["--transform.define", 'process.env.NODE_ENV:"production"']
    subprocess.run(command, cwd=WEB_DIR, env={**os.environ, "PATH": SCRIPTS}, check=True)
    source.unlink()
    page.route("**/react-host.js", lambda route: route.fulfill(path=bundle))
    page.goto(f"{examples}/react.html")
    Widget(page).until_ready()
    page.get_by_role("button", name="Hide").click()
    wait_until_alone(page)
    page.get_by_role("button", name="Show").click()
    Widget(page).until_ready()


def test_a_root_configuration_mounts_and_unmounts_it(
    page: Page, examples: str, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLES / "package.json", tmp_path)
    npm = [find_npm(SCRIPTS), "install", "--no-audit", "--no-fund", "--ignore-scripts"]
    env = {**os.environ, "PATH": SCRIPTS}
    if subprocess.run(npm, cwd=tmp_path, env=env, check=False, capture_output=True).returncode:
        missing("single-spa", "npm must reach its registry")
    page.route(f"**/{SINGLE_SPA}", lambda route: route.fulfill(path=tmp_path / SINGLE_SPA))
    page.goto(f"{examples}/single-spa.html#/buy")
    Widget(page).until_ready()
    page.get_by_role("link", name="Nothing").click()
    expect(page.locator("trex-workflow")).to_have_count(0)
    page.get_by_role("link", name="Buy").click()
    Widget(page).until_ready()
