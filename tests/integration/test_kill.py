"""`kill -9` in the middle of fifty parallel submits: nothing is lost, nothing happens twice."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.integration.walker import CONTACT, Walker

PARALLEL = 50
START_SECONDS = 180


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Installation:
    """A server process on a port of its own, over a database that outlives it."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.url = url
        self.port = free_port()
        self._environment = {
            **os.environ,
            "TREX_DATABASE_URL": url,
            "TREX_DATA_DIR": str(data_dir),
            "TREX_REQUESTS_PER_MINUTE": "1000000",
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The server, ready to answer; killed at the end if it still runs."""
        command = [sys.executable, "-m", "trex_app", "serve", "--port", str(self.port)]
        process = subprocess.Popen(command, env=self._environment, stdout=subprocess.DEVNULL)
        try:
            self._wait_until_ready(process)
            yield process
        finally:
            process.kill()
            process.wait()

    def count(self, query: str) -> int:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found: int = connection.execute(text(query)).scalar_one()
        engine.dispose()
        return found

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert process.poll() is None, "the server ended while starting"
            try:
                if httpx.get(f"{self.address}/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        pytest.fail("the server did not become ready")


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    if request.param == "sqlite":
        return Installation(f"sqlite:///{tmp_path}/trex.db", tmp_path)
    return Installation(request.getfixturevalue("own_postgres_url"), tmp_path)


async def submit_in_parallel(
    address: str, step: dict[str, Any], victim: subprocess.Popen[bytes] | None, answers_before: int
) -> list[dict[str, Any]]:
    """Fifty equal submits at once; the server is killed after so many answers."""
    body = {"sessionId": step["sessionId"], "currentStep": step["stepId"], "data": CONTACT}
    headers = {"authorization": f"Bearer {step['token']}", "idempotency-key": "send-it"}
    answers: list[dict[str, Any]] = []

    async def submit(client: httpx.AsyncClient) -> None:
        try:
            answer = await client.post("/api/workflow/transition", json=body, headers=headers)
        except httpx.TransportError:
            return
        assert answer.status_code == httpx.codes.OK, answer.text
        answers.append(answer.json())
        if victim is not None and len(answers) == answers_before:
            victim.send_signal(signal.SIGKILL)

    limits = httpx.Limits(max_connections=PARALLEL)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        if victim is not None and answers_before == 0:
            asyncio.get_running_loop().call_later(0.02, victim.send_signal, signal.SIGKILL)
        await asyncio.gather(*(submit(client) for _ in range(PARALLEL)))
    return answers


async def walk_to_confirmation(address: str) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=address) as client:
        walker = await Walker.start(client, workflowType="buying")
        token = walker.client.headers["authorization"].removeprefix("Bearer ")
        await walker.walk({"knows_vehicle": True}, {"price_max": 60000})
        vehicle = walker.step["data"]["vehicles"][0]["vehicle_id"]
        await walker.walk({"vehicle_id": vehicle}, {"confirmed": True})
        return {**walker.step, "token": token}


@pytest.mark.parametrize("answers_before_the_kill", [0, 1, 20])
def test_a_killed_server_sends_a_lead_exactly_once(
    installation: Installation, answers_before_the_kill: int
) -> None:
    with installation.running() as server:
        step = asyncio.run(walk_to_confirmation(installation.address))
        before = installation.count("SELECT count(*) FROM lead")
        acknowledged = asyncio.run(
            submit_in_parallel(installation.address, step, server, answers_before_the_kill)
        )
    with installation.running():
        repeated = asyncio.run(submit_in_parallel(installation.address, step, None, 0))

    assert len(repeated) == PARALLEL
    assert len({str(answer) for answer in [*acknowledged, *repeated]}) == 1
    assert repeated[0]["stepId"] == "buying_complete"
    assert installation.count("SELECT count(*) FROM lead") == before + 1
    submits = (
        "SELECT count(*) FROM session_event WHERE kind = 'submitted' "
        f"AND step = 'buying_confirmation' AND session_id = '{step['sessionId']}'"
    )
    assert installation.count(submits) == 1
