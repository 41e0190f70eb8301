"""“Your first journey in five minutes”: one file is enough, for the service and for the API."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.docs.examples import ROOT
from tests.docs.first_journey import ANSWERS, END, first_journey
from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.services.views import Caller

START_SECONDS = 60


@contextmanager
def served(**settings: object) -> Iterator[str]:
    """`python -m trex_app serve` with these settings and no others; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    own = {name: value for name, value in os.environ.items() if not name.startswith("TREX_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "trex_app", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**own, **{f"TREX_{name.upper()}": str(value) for name, value in settings.items()}},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("The server did not start.")


async def test_the_service_walks_the_journey_of_the_readme(tmp_path: Path) -> None:
    folder = first_journey(tmp_path)
    settings = TestSettings(data_dir=tmp_path, workflows_dir=folder, load_demo_data=False)
    container = Container(settings)
    await container.open(with_jobs=False)
    view = await container.journeys.start(Caller(), folder_id(folder))
    owner = Caller(tokens=frozenset({view.session_token or ""}))
    seen = [view.step_id]
    while view.status == "active":
        given = ANSWERS[view.step_id]
        view = await container.journeys.submit(owner, view.session_id, view.step_id, given)
        seen.append(view.step_id)
    (lead,) = await container.leads.list_leads(limit=10)
    await container.close()

    assert seen == [*ANSWERS, END]
    assert view.data["references"] == [{"reference": lead.reference, "journey": "test_drive"}]


def test_a_served_installation_walks_the_journey_of_the_readme(tmp_path: Path) -> None:
    folder = first_journey(tmp_path)
    with (
        served(data_dir=tmp_path, workflows_dir=folder, load_demo_data=False) as address,
        httpx.Client(base_url=address) as api,
    ):
        started = api.post("/api/workflow/start", json={"workflowType": folder_id(folder)})
        step = started.raise_for_status().json()
        api.headers["Authorization"] = f"Bearer {step['sessionToken']}"
        seen = [step["stepId"]]
        while step["status"] == "active":
            body = {
                "sessionId": step["sessionId"],
                "currentStep": step["stepId"],
                "revision": step["revision"],
                "data": ANSWERS[step["stepId"]],
            }
            step = api.post("/api/workflow/transition", json=body).raise_for_status().json()
            seen.append(step["stepId"])
    assert seen == [*ANSWERS, END]


def folder_id(folder: Path) -> str:
    """The id of the folder's only journey."""
    (file,) = folder.iterdir()
    return file.stem
