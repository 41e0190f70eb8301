"""Who may show journeys, asked with every request: the tenants as they stood a moment ago."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from trex_app.db.transaction import Database
from trex_app.services.tenants import Tenant, read_tenants

FRESH_SECONDS = 1.0
"""A change holds after this time and that of one query: in under two seconds, in every process."""


@dataclass(frozen=True, slots=True)
class TenantList:
    """Every tenant at one moment."""

    by_id: dict[str, Tenant]
    host_origins: frozenset[str]
    bundle_origins: frozenset[str]

    def framed(self, tenant_id: str) -> Tenant | None:
        """The tenant of this id whose pages may frame ours."""
        tenant = self.by_id.get(tenant_id)
        return tenant if tenant is not None and tenant.may_be_framed else None


class TenantDirectory:
    """Reads the tenants anew when what it knows is older than a second. Raises Unavailable."""

    def __init__(
        self, database: Database, monotonic_seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._now = monotonic_seconds
        self._known: TenantList | None = None
        self._read_at = 0.0

    async def current(self) -> TenantList:
        """The tenants, at most a second old."""
        asked_at = self._now()
        if self._known is not None and asked_at - self._read_at < FRESH_SECONDS:
            return self._known
        known = _listed(await self._database.read(read_tenants))
        if self._known is None or asked_at >= self._read_at:
            # Of two that read at once, the one that asked last knows more.
            self._known, self._read_at = known, asked_at
        return known


def _listed(tenants: list[Tenant]) -> TenantList:
    framing = [tenant for tenant in tenants if tenant.may_be_framed]
    return TenantList(
        by_id={tenant.tenant_id: tenant for tenant in tenants},
        host_origins=frozenset(origin for tenant in framing for origin in tenant.origins),
        bundle_origins=frozenset(origin for tenant in framing for origin in tenant.bundle_origins),
    )
