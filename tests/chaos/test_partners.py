"""Each partner in every kind of trouble while people walk: all of them get to the end, and then
everything catches up by itself."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.people import EVERYBODY, Crowd
from tests.chaos.reckoning import Reckoning
from tests.chaos.site import a_site
from tests.sandbox_process import SandboxProcess
from trex_app.db.transaction import Database

pytestmark = pytest.mark.xdist_group("chaos")

TROUBLES: tuple[dict[str, Any], ...] = (
    {"kind": "error"},
    {"kind": "latency", "latency_ms": 900},
    {"kind": "malformed"},
    {"kind": "hang"},
    {"kind": "drop"},
    {"kind": "drop", "when": "after"},
)
PARTNERS = ("vehicles", "credit", "dealers", "email", "sms", "crm")
PATIENCE_SECONDS = 300
PAUSE_SECONDS = 4.0
"""How long those who came may take to meet every fault, before somebody new comes."""


@pytest.mark.parametrize(
    ("database_url", "turns"),
    [("sqlite_url", range(len(TROUBLES))), ("own_postgres_url", range(1))],
    ids=["sqlite", "postgresql"],
)
async def test_with_every_partner_in_trouble_people_get_to_the_end_and_all_is_sent_later(
    sandbox: SandboxProcess,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    database_url: str,
    turns: range,
) -> None:
    """One turn has every partner and every trouble in it, all turns have every pair of them."""
    url = request.getfixturevalue(database_url)
    with a_site(url, tmp_path, sandbox) as site:
        site.start_web()
        crowd = site.crowd()
        await crowd.come(*EVERYBODY)
        for turn in turns:
            for number, partner in enumerate(PARTNERS):
                sandbox.fault(partner, **TROUBLES[(turn + number) % len(TROUBLES)])
            await come_until_all_are_hit(crowd, sandbox)
        sandbox.heal()
        sandbox.fault("credit", kind="duplicate_webhook")
        await come_until_all_are_hit(crowd, sandbox)
        crowd.check()
        assert set(crowd.statuses) == {200}
        database = Database(url)
        ended = Reckoning(database, sandbox).check(crowd.references)
        database.close()
    assert ended == {"delivered": len(crowd.references)}


async def come_until_all_are_hit(crowd: Crowd, sandbox: SandboxProcess) -> None:
    """Let people walk until every fault that is set has met a request.

    Somebody new comes as long as breakers keep those who came from asking.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    arrival = 0.0
    while not all(sandbox.hits().values()):
        assert time.monotonic() < deadline, f"nobody met it: {sandbox.hits()}"
        if time.monotonic() > arrival + PAUSE_SECONDS:
            await crowd.come(*EVERYBODY)
            arrival = time.monotonic()
        await asyncio.sleep(0.1)
