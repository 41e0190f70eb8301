"""What must be true before a server starts is checked, and said."""

import socket

import pytest

from tests.unit.cli.conftest import Terminal
from trex_app.core.settings import Settings
from trex_app.ui import build


@pytest.mark.parametrize("command", ["run", "serve", "dev"])
def test_a_port_in_use_is_told_before_anything_starts(terminal: Terminal, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        printed = terminal.run(command, "--port", str(port))
    assert printed.exit_code == 1
    assert f"port {port}" in printed.err
    assert "--port" in printed.err


def test_an_address_that_is_not_ours_is_told(terminal: Terminal) -> None:
    printed = terminal.run("serve", "--host", "192.0.2.1", "--port", "3601")
    assert (printed.exit_code, "192.0.2.1" in printed.err) == (1, True)


def test_a_public_address_needs_a_secret_of_its_own(terminal: Terminal) -> None:
    printed = terminal.run("serve", "--host", "0.0.0.0", "--port", "3602")
    assert (printed.exit_code, "TREX_SECRET_KEY" in printed.err) == (1, True)


def test_a_port_out_of_range_is_refused(terminal: Terminal) -> None:
    assert terminal.run("run", "--port", "70000").exit_code == 2


@pytest.mark.parametrize(
    ("command", "given", "expected"),
    [
        ("run", {}, "inside"),
        ("dev", {}, "inside"),
        ("serve", {}, None),
        ("run", {"sandbox_url": ""}, ""),
        ("run", {"crm_url": "https://crm.example"}, None),
        ("run", {"host": "0.0.0.0", "secret_key": "x" * 40}, None),
        ("run", {"role": "web"}, None),
        ("run", {"public_origin": "https://journeys.example"}, None),
    ],
    ids=str,
)
def test_a_sandbox_starts_inside_for_somebody_who_tries_it_out(
    terminal: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    given: dict[str, str],
    expected: str | None,
) -> None:
    started: list[Settings] = []
    for way in ("serve", "serve_backend", "develop"):
        monkeypatch.setattr(build, way, started.append)
    terminal.set(**given)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert terminal.run(command, "--port", str(port)).exit_code == 0
    assert [settings.sandbox_url for settings in started] == [expected]
