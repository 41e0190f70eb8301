"""A sandbox in this process: its addresses are known before it listens."""

import socket

import httpx

from trex_app.sandbox.kept_ports import PlannedSandbox


def test_it_listens_where_it_said() -> None:
    planned = PlannedSandbox(ports=(0, 0))
    address = planned.address
    planned.start()
    try:
        answer = httpx.get(f"{address}/healthz", timeout=30)
        assert answer.json() == {"status": "ok", "smtp": planned.smtp_address}
    finally:
        planned.stop()


def test_a_port_in_use_is_no_hindrance() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        planned = PlannedSandbox(ports=(port, 0))
        assert planned.address != f"http://127.0.0.1:{port}"
        planned.stop()


def test_it_may_be_stopped_before_it_started() -> None:
    PlannedSandbox(ports=(0, 0)).stop()
