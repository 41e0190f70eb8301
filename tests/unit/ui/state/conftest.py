"""A whole installation behind the pages' handlers, and a tab that has just opened a journey."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from tests.browser_tab import Server, Tab
from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.core.clock import utc_now
from trex_app.ui.state import journey

CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale",
    "email": "robin@example.com",
    "postal_code": "73301",
    "contact_channels": ["email"],
    "consent_contact": "true",
}


async def buy_the_first_hit(tab: Tab) -> None:
    """Walk from the first step to the end of buying."""
    await tab.submit({"knows_vehicle": "true"})
    await tab.submit({"make": "Toyota"})
    vehicle = (await tab.state()).view.fields[0].options[0].value
    await tab.submit({"vehicle_id": vehicle})
    await tab.submit({"confirmed": "true"})
    await tab.submit(CONTACT)


@dataclass
class Calendar:
    """A clock that a test can move forward."""

    passed: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.passed


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(tmp_path_factory, calendar) -> AsyncIterator[Container]:
    settings = TestSettings(data_dir=tmp_path_factory.mktemp("installation"))
    container = Container(settings, calendar)
    await container.open(with_jobs=False)
    yield container
    await container.close()


@pytest_asyncio.fixture(loop_scope="module")
async def server(container, calendar, monkeypatch) -> AsyncIterator[Server]:
    monkeypatch.setattr(journey, "get_container", lambda: container)
    calendar.passed = timedelta()
    server = Server()
    async with server.processor:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def tab(server) -> Tab:
    """A visitor who has just opened the way to a vehicle."""
    tab = Tab(server)
    await tab.visit("/j/buying")
    return tab
