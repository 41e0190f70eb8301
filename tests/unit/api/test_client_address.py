"""The client of a request is who our own proxies say, and nobody else."""

from ipaddress import ip_network
from typing import Any

import pytest

from trex_app.api.client_address import TrustedProxies

PROXIES = TrustedProxies([ip_network("10.0.0.0/8"), ip_network("fd00::/8")])


def request_from(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return {"type": "http", "client": (peer, 40000) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", ("192.0.2.66, 198.51.100.1, 10.0.0.3",), "198.51.100.1"),
        ("10.0.0.2", ("192.0.2.66", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.2", (), "10.0.0.2"),
        ("10.0.0.2", ("gibberish",), "unknown"),
        ("fd00::7", ("198.51.100.1",), "198.51.100.1"),
        ("::ffff:10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        (None, (), "unknown"),
        ("testclient", (), "unknown"),
    ],
)
def test_the_nearest_hop_that_is_not_ours_is_the_client(
    peer: str | None, forwarded: tuple[str, ...], client: str
) -> None:
    assert PROXIES.client_of(request_from(peer, *forwarded)) == client


def test_one_customer_has_one_ipv6_network() -> None:
    nobody = TrustedProxies([])
    first = nobody.client_of(request_from("2001:db8:1:2::1"))
    assert first == nobody.client_of(request_from("2001:db8:1:2:ffff::9"))
    assert first != nobody.client_of(request_from("2001:db8:1:3::1"))


def test_without_proxies_nobody_is_believed() -> None:
    nobody = TrustedProxies([])
    assert nobody.client_of(request_from("127.0.0.1", "198.51.100.1")) == "127.0.0.1"
