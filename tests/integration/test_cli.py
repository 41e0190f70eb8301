"""The commands as processes: the server starts, answers and stops; nobody sees a traceback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.unit.cli.test_workflows import GOOD

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
STOP_SECONDS = 30


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    ours = {f"TREX_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "PYTHONPATH": str(ROOT), "TREX_DATA_DIR": str(data_dir), **ours}


def trex(data_dir: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trex_app", *arguments],
        cwd=data_dir,
        env=environment(data_dir, **settings),
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`serve` as a process, once it answers."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "trex_app", "serve", "--port", str(port)],
        cwd=data_dir,
        env=environment(data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(process, address)
        yield process, address
    finally:
        process.kill()
        process.communicate()


def _wait_for(process: subprocess.Popen[str], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        try:
            if httpx.get(f"{address}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("the server did not answer in time")


def start_selling(address: str) -> dict[str, str]:
    answer = httpx.post(f"{address}/api/workflow/start", json={"workflowType": "selling"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_server_answers_keeps_what_it_was_told_and_stops_when_asked(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, address):
        step = start_selling(address)
        process.kill()  # no chance to put anything in order
        process.wait()
    with serving(tmp_path) as (process, address):
        headers = {"authorization": f"Bearer {step['sessionToken']}"}
        again = httpx.get(f"{address}/api/workflow/{step['sessionId']}", headers=headers)
        assert again.json()["stepId"] == "has_buyer"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=STOP_SECONDS)
    assert "Traceback" not in output
    assert process.returncode in {0, -signal.SIGTERM}


def test_a_publication_reaches_a_running_server(tmp_path: Path) -> None:
    journeys = tmp_path / "journeys"
    journeys.mkdir()
    file = journeys / "hello.yaml"
    file.write_text(GOOD)
    (tmp_path / ".env").write_text(f"TREX_WORKFLOWS_DIR={journeys}\n")
    with serving(tmp_path) as (_, address):
        assert title_of_a_new_session(address) == "Who are you?"
        file.write_text(GOOD.replace("Who are you?", "Your name?"))
        assert title_of_a_new_session(address) == "Who are you?"
        assert trex(tmp_path, "workflows", "publish", "--yes").returncode == 0
        deadline = time.monotonic() + START_SECONDS
        while title_of_a_new_session(address) != "Your name?":
            assert time.monotonic() < deadline
            time.sleep(0.2)


def title_of_a_new_session(address: str) -> str:
    answer = httpx.post(f"{address}/api/workflow/start", json={"workflowType": "hello"})
    return answer.json()["uiConfig"]["title"]


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (("serve",), {"port": "none"}),
        (("serve",), {"database_url": "postgresql://nobody@127.0.0.1:1/none"}),
        (("migrate",), {"secret_key": "short"}),
        (("leads", "list"), {"database_url": "oracle://somewhere"}),
        (("workflows", "check"), {"workflows_dir": "missing"}),
        (("inventory", "import", "/dev/null"), {}),
        (("sessions", "show", "nobody"), {}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_goes_wrong_is_a_sentence_and_never_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str]
) -> None:
    ended = trex(tmp_path, *arguments, **settings)
    assert ended.returncode in {1, 2}
    assert ended.stderr.strip()
    assert "Traceback" not in ended.stderr + ended.stdout
