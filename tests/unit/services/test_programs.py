"""Which version is in use: read again once it is old enough, by the clock that was given."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from tests.installation import TestSettings
from tests.integration.world import SettableClock
from trex_app.container import Container
from trex_app.core.errors import NotFound
from trex_app.services.programs import FILES_MAX_AGE, PUBLICATIONS_MAX_AGE
from trex_app.services.publishing import Publishing

TOUR = """
id: tour
title: A tour
start: done
steps:
  done: {end: over, component: Over, title: Over}
"""


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest_asyncio.fixture(params=["development", "production"])
async def container(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock
) -> AsyncIterator[Container]:
    (tmp_path / "tour.yaml").write_text(TOUR)
    settings = TestSettings(
        data_dir=tmp_path / "var",
        workflows_dir=tmp_path,
        environment=request.param,
        load_demo_data=False,
    )
    container = Container(settings, clock)
    await container.open(with_jobs=False)
    yield container
    await container.close()


async def title_of(container: Container) -> str:
    return (await container.programs.current("tour")).workflow.title


async def test_a_change_is_seen_once_what_is_known_is_old(
    container: Container, clock: SettableClock, tmp_path: Path
) -> None:
    assert await title_of(container) == "A tour"
    (tmp_path / "tour.yaml").write_text(TOUR.replace("A tour", "A longer tour"))
    publishing = Publishing(container.database, container.store, container.files.current(), clock)
    await publishing.publish(await publishing.plan("tour"))

    assert await title_of(container) == "A tour"
    age = FILES_MAX_AGE if container.settings.is_development else PUBLICATIONS_MAX_AGE
    clock.now += age + timedelta(milliseconds=1)
    assert await title_of(container) == "A longer tour"


async def test_a_version_is_compiled_once(container: Container) -> None:
    program = await container.programs.current("tour")

    assert await container.programs.pinned(program.hash) is program


async def test_an_unknown_workflow_is_refused_by_name(container: Container) -> None:
    with pytest.raises(NotFound, match="detour"):
        await container.programs.current("detour")


async def test_what_can_be_started_is_told_in_order(container: Container) -> None:
    assert await container.programs.ids() == [
        *("buyer_financing", "buying", "entry", "selling", "tour", "vehicle_discovery")
    ]
