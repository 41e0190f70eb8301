"""What stops a crowd is told with the step, the reason and the first who met it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trex_app.container import Container, own_partners
from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound, Unavailable
from trex_app.core.settings import Settings
from trex_app.db.transaction import Database
from trex_app.services.local_partners import OwnDealerNetwork
from trex_app.services.shipped_capabilities import Partners
from trex_app.services.simulation import Site, simulate


class BrokenNetwork(OwnDealerNetwork):
    """A network of dealers that never answers."""

    def __init__(self, database: Database, failure: Exception) -> None:
        super().__init__(database)
        self._failure = failure

    async def near(self, *_: Any, **__: Any) -> Any:
        raise self._failure


@asynccontextmanager
async def site(tmp_path: Path, dealers_fail_with: Exception | None = None) -> AsyncIterator[Site]:
    """An installation, perhaps with a network of dealers that fails."""

    def partners(database: Database, clock: Clock) -> Partners:
        whole = own_partners(database, clock)
        if dealers_fail_with is None:
            return whole
        return replace(whole, dealers=BrokenNetwork(database, dealers_fail_with))

    container = Container(Settings(data_dir=tmp_path), partners=partners)
    await container.open(with_jobs=False)
    yield Site(container.database, container.store, container.programs, container.journeys)
    await container.close()


async def test_an_error_on_the_way_is_told_by_the_step_before_it(tmp_path: Path) -> None:
    async with site(tmp_path, KeyError("dealers")) as broken:
        report = await simulate(broken, "selling", people=12, seed=3)
    (trouble,) = report.errors
    assert (trouble.step, trouble.message) == ("sale_vehicle", "KeyError: 'dealers'")
    assert trouble.people + sum(report.endings.values()) == report.people == 12
    assert not report.is_sound
    assert "selling.dealer_confirmation" in {str(place) for place in report.never}


async def test_a_step_without_what_there_is_to_choose_from_is_a_dead_end(tmp_path: Path) -> None:
    async with site(tmp_path, Unavailable("The network is away.")) as broken:
        report = await simulate(broken, "selling", people=12, seed=3)
    assert not report.errors
    assert [trouble.step for trouble in report.dead_ends] == ["dealer_network"]
    assert not report.is_sound


async def test_without_trouble_everybody_arrives(tmp_path: Path) -> None:
    async with site(tmp_path) as sound:
        report = await simulate(sound, "vehicle_discovery", people=12, seed=3)
        with pytest.raises(NotFound):
            await simulate(sound, "nothing", people=1, seed=1)
    assert report.is_sound
    assert dict(report.endings) == {"vehicle_found": 12}
    assert report.answers >= 4 * 12
