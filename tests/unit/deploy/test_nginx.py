"""The proxy's template, read by nginx itself: what it keeps from the public and from its logs."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.conftest import missing
from trex_app.api.body_limit import BODY_BYTES_MAX

TEMPLATE = Path(__file__).parents[3] / "deploy" / "nginx" / "trex.conf.template"
TOKEN = "kJ3-secret_of_a_link"
START_SECONDS = 30


def filled(folder: Path = Path("/srv"), port: int = 8080) -> str:
    values = {
        "TREX_WEB_SERVERS": "server 127.0.0.1:1; server 127.0.0.1:2;",
        "TREX_LISTEN": f"127.0.0.1:{port}",
        "TREX_STATIC_DIR": str(folder / "trex"),
        "TREX_ACCESS_LOG": str(folder / "access.log"),
    }
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        assert f"${{{name}}}" in text
        text = text.replace(f"${{{name}}}", value)
    return text


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx2.Client]:
    """nginx with the template, in front of web processes that are all gone."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing("nginx", "apt-get install nginx-light")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    paths = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid;\ndaemon off;\nmaster_process off;\nevents {{}}\n"
        f"http {{\n{paths}{filled(tmp_path, port)}}}\n"
    )
    command = [program, "-e", str(tmp_path / "error.log"), "-c", str(config)]
    process = subprocess.Popen(command, cwd=tmp_path)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_until_it_answers(client, process, tmp_path / "error.log")
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers(
    client: httpx2.Client, process: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/metrics")
            return
        except httpx2.TransportError:
            time.sleep(0.05)
    pytest.fail(log.read_text(), pytrace=False)


def test_what_is_for_operators_is_kept_from_the_public(client: httpx2.Client) -> None:
    for address in ("/metrics", "/readyz"):
        assert client.get(address).status_code == 404


def test_what_is_too_long_for_a_process_is_left_to_it_to_refuse(client: httpx2.Client) -> None:
    passed_on, absurd = (
        client.post("/api/workflow/transition", content=b"x" * size)
        for size in (4 * BODY_BYTES_MAX, 32 * BODY_BYTES_MAX)
    )
    assert (passed_on.status_code, absurd.status_code) == (502, 413)


@pytest.mark.parametrize("before", ["/resume/", "/de/resume/", "/h/-/resume/", "/%72esume/"])
def test_no_log_holds_a_link_that_opens_a_journey(
    client: httpx2.Client, tmp_path: Path, before: str
) -> None:
    page = client.get(f"{before}{TOKEN}?ask={TOKEN}")
    client.post(f"{before}{TOKEN}")
    client.get("/healthz", params={"token": TOKEN})
    assert page.status_code == 502
    said = (tmp_path / "access.log").read_text()
    masked = before.replace("%72", "r")
    assert f'"GET {masked}***" 502' in said
    assert f'"POST {masked}***" 502' in said
    assert '"GET /healthz" 502' in said
    assert "127.0.0.1:1" in said
    assert TOKEN not in said


def test_what_nginx_says_of_a_dead_process_quotes_no_such_link(
    client: httpx2.Client, tmp_path: Path
) -> None:
    client.get(f"/resume/{TOKEN}")
    client.get("/j/buying")
    said = (tmp_path / "error.log").read_text()
    assert "/j/buying" in said
    assert TOKEN not in said


def test_a_write_that_was_sent_is_never_sent_again() -> None:
    assert "non_idempotent" not in filled()
