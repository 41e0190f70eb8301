"""A worker killed at every step of a lead's way, there and back: another follows it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.chaos import dying_worker
from tests.chaos.dying_worker import BACK, FORWARD, Point
from tests.chaos.people import BY_TEXT, Crowd, buyer, seller_to_dealers
from tests.chaos.reckoning import Reckoning
from tests.installation import TestSettings
from tests.sandbox_process import SandboxProcess
from trex_app.api.application import create_api
from trex_app.container import Container

pytestmark = pytest.mark.xdist_group("chaos")

KILLED = -9
PATIENCE_SECONDS = 300


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    name = "sqlite_url" if request.param == "sqlite" else "own_postgres_url"
    return request.getfixturevalue(name)


async def test_a_worker_may_be_killed_at_every_step_there_and_back(
    url: str, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    addresses = (sandbox.url, sandbox.smtp_url)
    web = Container(dying_worker.settings_of(url, str(tmp_path), addresses, "web"))
    await web.open()
    transport = httpx.ASGITransport(create_api(web))
    crowd = Crowd(lambda: httpx.AsyncClient(transport=transport, base_url="http://localhost:3000"))
    worker = dying_worker.settings_of(url, str(tmp_path), addresses, "worker")
    reckoning = Reckoning(web.database, sandbox)

    to_be_called_back = await sent_to_the_end(crowd, worker, reckoning, len(BACK))
    await refused_by_dealers(crowd, worker, sandbox)
    for point in FORWARD:
        await crowd.come(seller_to_dealers if point.what != "text" else buyer(BY_TEXT))
        die_at(point, worker)
    for point, reference in zip(BACK, to_be_called_back, strict=True):
        await web.lead_orders.cancel(reference)
        die_at(point, worker)
    survivor = dying_worker.start(worker, None)
    ended = reckoning.check(crowd.references)
    survivor.kill()
    survivor.join()
    crowd.check()
    assert ended == {"delivered": len(FORWARD), "cancelled": len(BACK), "compensated": 1}
    await web.close()


async def sent_to_the_end(
    crowd: Crowd, worker: TestSettings, reckoning: Reckoning, count: int
) -> list[str]:
    """References of leads that every partner has; nobody works on anything then."""
    await crowd.come(*(seller_to_dealers for _ in range(count)))
    process = dying_worker.start(worker, None)
    reckoning.settle()
    process.kill()
    process.join()
    return list(crowd.references)


async def refused_by_dealers(crowd: Crowd, worker: TestSettings, sandbox: SandboxProcess) -> None:
    """A lead that no dealer takes; its worker is killed while it undoes what was done."""
    await crowd.come(seller_to_dealers)
    sandbox.fault("dealers", kind="error", status=422)
    die_at(Point("undo", "after", "record_in_crm"), worker)
    sandbox.heal()


def die_at(point: Point, worker: TestSettings) -> None:
    """Let a worker work until it comes to the point, which is its end."""
    process = dying_worker.start(worker, point)
    process.join(PATIENCE_SECONDS)
    is_over = process.exitcode is not None
    process.kill()
    process.join()
    assert is_over, f"it never came to the point: {point}"
    assert process.exitcode == KILLED, point
