"""A site of another origin before the built app, its tenant, and a browser as people have it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, running_host
from trex_app.ui.build import PROJECT_DIR

# Playwright turns the partitioning of storage off, as no browser of a person has it: frames of
# other sites could then keep nothing at all. Chromium takes the last of these lists.
PARTITIONED = "--disable-features=Translate,MediaRouter,OptimizationHints"


@pytest.fixture(scope="session")
def browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> Iterator[Browser]:
    """A browser that keeps apart what a frame stores by the site around it."""
    flags = [*browser_type_launch_args["args"], PARTITIONED]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def tenant_host(app: RunningApp) -> Iterator[Host]:
    """The site of the tenant `acme`."""
    with running_host() as host:
        add_tenant(app, "acme", host.address)
        yield host


@pytest.fixture
def host(tenant_host: Host) -> Host:
    """The same, with nothing on it."""
    tenant_host.files.clear()
    return tenant_host


def add_tenant(app: RunningApp, tenant: str, origin: str, *options: str) -> None:
    """Add a tenant as an operator does."""
    subprocess.run(
        [sys.executable, "-m", "trex_app", "tenants", "add", tenant, "--origin", origin, *options],
        cwd=PROJECT_DIR,
        env={**os.environ, "TREX_DATA_DIR": str(app.folder)},
        check=True,
        capture_output=True,
    )
