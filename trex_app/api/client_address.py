"""From which address a request comes, where proxies may stand in between."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from starlette.datastructures import Headers
from starlette.types import Scope

IPV6_SITE_PREFIX = 64
UNKNOWN = "unknown"


class TrustedProxies:
    """The networks whose X-Forwarded-For is believed; anyone else could write anything there."""

    def __init__(self, networks: Iterable[IPv4Network | IPv6Network]) -> None:
        self._networks = tuple(networks)

    def client_of(self, scope: Scope) -> str:
        """The client's address; an IPv6 one as its /64, which is what one customer is given."""
        address = _parse(scope["client"][0]) if scope.get("client") else None
        # From the nearest hop backwards, as long as it was one of our proxies that spoke.
        for hop in reversed(_forwarded(Headers(scope=scope))):
            if address is None or not self._is_trusted(address):
                break
            address = _parse(hop)
        return UNKNOWN if address is None else _customer(address)

    def _is_trusted(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks)


def _forwarded(headers: Headers) -> list[str]:
    return [hop for line in headers.getlist("x-forwarded-for") for hop in line.split(",")]


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _customer(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_SITE_PREFIX), strict=False))
    return str(address)
