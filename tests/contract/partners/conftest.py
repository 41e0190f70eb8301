"""Every port twice: as our own tables and rules answer it, and as a partner in the sandbox does."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.contract.partners.installations import AT_LEISURE, Installation
from tests.sandbox_process import SandboxProcess, running_sandbox
from trex_app.db import migrate
from trex_app.db.transaction import Database
from trex_app.services import demo_data

LOADED_AT = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxProcess]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """Partners who are well and remember nothing."""
    sandbox_process.clear()
    yield sandbox_process
    sandbox_process.clear()


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The demonstration inventory, which no test here changes."""
    url = f"sqlite:///{tmp_path_factory.mktemp('partners')}/trex.db"
    migrate.upgrade(url)
    database = Database(url)
    database.write_sync(lambda tx: demo_data.load(tx.connection, LOADED_AT))
    yield database
    database.close()


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[Database]:
    """An inventory without a single vehicle of our own."""
    url = f"sqlite:///{tmp_path}/trex.db"
    migrate.upgrade(url)
    database = Database(url)
    yield database
    database.close()


@pytest_asyncio.fixture
async def partners(stocked: Database, sandbox: SandboxProcess) -> AsyncIterator[Installation]:
    """An installation whose partners are all in the sandbox."""
    async with Installation(stocked, sandbox, AT_LEISURE) as installation:
        yield installation


@pytest_asyncio.fixture(params=["own", "partner"])
async def either(request: pytest.FixtureRequest, stocked: Database) -> AsyncIterator[Any]:
    """An installation without any partner, then one whose partners are in the sandbox."""
    sandbox = request.getfixturevalue("sandbox") if request.param == "partner" else None
    async with Installation(stocked, sandbox, AT_LEISURE) as installation:
        yield installation
