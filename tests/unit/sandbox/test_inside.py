"""A sandbox inside another process."""

import socket

import httpx
import pytest

from trex_app.sandbox.inside import InsideSandbox
from trex_app.sandbox.world import World


def test_it_listens_once_it_started_and_no_longer_once_it_stopped() -> None:
    sandbox = InsideSandbox()
    sandbox.start()
    assert httpx.get(f"{sandbox.address}/healthz").json()["smtp"] == sandbox.smtp_address
    sandbox.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{sandbox.address}/healthz")


def test_two_know_nothing_of_each_other() -> None:
    one, other = InsideSandbox(), InsideSandbox(world=World())
    one.start()
    other.start()
    httpx.put(f"{one.address}/_sandbox/faults/crm", json={"kind": "drop"})
    assert httpx.get(f"{other.address}/_sandbox/faults").json() == {}
    one.stop()
    other.stop()


@pytest.mark.parametrize("which", ["port", "smtp_port"])
def test_a_port_that_is_taken_is_an_error(which: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        sandbox = InsideSandbox(**{which: taken.getsockname()[1]})
        with pytest.raises(OSError, match=r".*"):
            sandbox.start()


def test_one_that_never_started_can_be_stopped() -> None:
    InsideSandbox().stop()
