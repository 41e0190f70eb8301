"""Tickets: what a frame on somebody else's page opens its socket with, once and within a minute.

A ticket says for which tenant, on whose page and for which of its widgets a frame is. The page
around it asks for the ticket, so the browser vouches for the page's origin.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select

from trex_app.core.clock import Clock
from trex_app.core.crypto import hash_token, new_token
from trex_app.core.embedding import Embedding
from trex_app.core.errors import Forbidden
from trex_app.core.origins import is_origin
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.services.journeys import DEFAULT_WORKFLOW
from trex_app.services.tenant_directory import TenantDirectory
from trex_app.services.tenants import Tenant, is_tenant

LIFETIME: Final = timedelta(seconds=60)
TICKET_LENGTH: Final = 43  # 32 bytes, as urlsafe base64 without padding

_ticket = METADATA.tables["embed_ticket"]


class HostNotAllowed(Forbidden):
    """A page asked for a ticket whose origin is none of the tenant's.

    The same is said of a tenant that does not exist, so that nobody learns which ones do.
    """

    code = "host_not_allowed"
    default_message = (
        "Pages of {origin} may not show journeys of the tenant {tenant}. Whoever runs this "
        "installation allows it with: python -m trex_app tenants set {tenant} --origin {origin}"
    )


class NoHostOrigin(Forbidden):
    """A ticket was asked for by no page, or by one that has no origin of its own."""

    code = "no_host_origin"
    default_message = (
        "A ticket is for a web page with an origin, such as https://www.example.com. "
        "This request names none: open the page from a web server, not from a file."
    )


class BundleNotAllowed(Forbidden):
    """The bundle is loaded from an origin that neither we nor the tenant named."""

    code = "bundle_not_allowed"
    default_message = (
        "The bundle may not be loaded from {origin} for the tenant {tenant}. Whoever runs this "
        "installation allows it with: python -m trex_app tenants set {tenant} "
        "--bundle-origin {origin}"
    )


class WorkflowNotOffered(Forbidden):
    """The tenant's pages may show other journeys only."""

    code = "workflow_not_offered"
    default_message = (
        "Pages of the tenant {tenant} may not show the journey {workflow}. Whoever runs this "
        "installation allows it with: python -m trex_app tenants set {tenant} --allow {workflow}"
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What a page asks a ticket for. `bundle_origin` is where it loads the frame from."""

    tenant_id: str
    host_origin: str
    workflow: str | None = None
    session_key: str = ""
    bundle_origin: str | None = None


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket, shown this once, and what its page needs to know of the tenant."""

    ticket: str
    expires_at: datetime
    tenant: Tenant
    workflow: str


class Tickets:
    """Issues tickets and uses them up. `own_origins` are where this installation is itself."""

    def __init__(
        self,
        database: Database,
        directory: TenantDirectory,
        clock: Clock,
        own_origins: Collection[str],
    ) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock
        self._own_origins = frozenset(own_origins)

    async def issue(self, wish: Wish) -> IssuedTicket:
        """A ticket for a page of the tenant's.

        Raises NoHostOrigin, HostNotAllowed, BundleNotAllowed, WorkflowNotOffered.
        """
        tenant = await self._host(wish)
        bundle = wish.bundle_origin
        if bundle is not None and not self._holds_bundle(tenant, bundle):
            raise BundleNotAllowed(origin=bundle, tenant=tenant.tenant_id)
        workflow = wish.workflow or tenant.default_workflow or DEFAULT_WORKFLOW
        if not tenant.offers(workflow):
            raise WorkflowNotOffered(tenant=tenant.tenant_id, workflow=workflow)
        now = self._clock()
        ticket, expires_at = new_token(), now + LIFETIME
        row: dict[str, Any] = {
            "ticket_hash": hash_token(ticket),
            "tenant_id": tenant.tenant_id,
            "host_origin": wish.host_origin,
            "bundle_origin": bundle,
            "session_key": wish.session_key,
            "expires_at": expires_at,
        }

        def work(tx: Transaction) -> None:
            purge_expired(tx, now)
            if not is_tenant(tx, tenant.tenant_id):  # removed a moment ago
                raise HostNotAllowed(origin=wish.host_origin, tenant=wish.tenant_id)
            tx.connection.execute(insert(_ticket).values(row))

        await self._database.write(work)
        return IssuedTicket(ticket, expires_at, tenant, workflow)

    async def redeem(
        self, ticket: str, origin: str, hosts: Collection[str] = ()
    ) -> Embedding | None:
        """Use a ticket up for a socket from `origin`: whose frame it is, or None.

        `hosts` is the origin of the page around the frame, where the browser has told the frame.
        Whoever asks for a ticket can forge the origin that it names; nobody can forge this one.
        What the tenant may do counts as it stands now. A ticket that was shown at the wrong
        origin is used up as well.
        """
        if len(ticket) != TICKET_LENGTH:
            return None
        # Whoever tries at random costs a read, and keeps no writer busy.
        if not await self._database.read(lambda tx: _is_there(tx, ticket)):
            return None
        now = self._clock()
        row = await self._database.write(lambda tx: _consume(tx, ticket, now))
        if row is None:
            return None
        tenant = (await self._directory.current()).framed(row.tenant_id)
        is_its_page = {*hosts} <= {row.host_origin}
        if tenant is None or row.host_origin not in tenant.origins or not is_its_page:
            return None
        if row.bundle_origin not in {None, origin} or not self._holds_bundle(tenant, origin):
            return None
        return Embedding(tenant.tenant_id, row.host_origin, row.session_key)

    async def _host(self, wish: Wish) -> Tenant:
        """The tenant whose page asks."""
        if not is_origin(wish.host_origin):
            raise NoHostOrigin
        tenant = (await self._directory.current()).framed(wish.tenant_id)
        if tenant is None or wish.host_origin not in tenant.origins:
            raise HostNotAllowed(origin=wish.host_origin, tenant=wish.tenant_id)
        return tenant

    def _holds_bundle(self, tenant: Tenant, origin: str) -> bool:
        return origin in self._own_origins or origin in tenant.bundle_origins


def purge_expired(tx: Transaction, now: datetime) -> int:
    """Remove the tickets that can no longer be used; how many those were."""
    return tx.connection.execute(delete(_ticket).where(_ticket.c.expires_at <= now)).rowcount


def _is_there(tx: Transaction, ticket: str) -> bool:
    query = select(_ticket.c.tenant_id).where(_ticket.c.ticket_hash == hash_token(ticket))
    return tx.connection.execute(query).first() is not None


def _consume(tx: Transaction, ticket: str, now: datetime) -> Any:
    """The ticket's row, once: of two that come together, the delete lets one have it."""
    used = (
        delete(_ticket)
        .where(_ticket.c.ticket_hash == hash_token(ticket), _ticket.c.expires_at > now)
        .returning(
            _ticket.c.tenant_id,
            _ticket.c.host_origin,
            _ticket.c.bundle_origin,
            _ticket.c.session_key,
        )
    )
    return tx.connection.execute(used).one_or_none()
