"""Tenants: the sites that may show journeys in their own pages, and what each may do."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from trex_app.core.clock import Clock
from trex_app.core.errors import Conflict, FieldError, NotFound, ValidationFailed
from trex_app.core.origins import origin_from
from trex_app.db.tables import METADATA
from trex_app.db.tables.dealers import DEALERS
from trex_app.db.transaction import Database, Transaction
from trex_app.services.themes import theme_from

TENANT_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
NAME_LENGTH_MAX: Final = 120

_tenant = METADATA.tables["tenant"]

WorkflowIds = Callable[[], Awaitable[Collection[str]]]
"""The ids of the journeys that can be started; empty where nothing was published yet."""


class TenantExists(Conflict):
    """A tenant of this id is there already."""

    code = "tenant_exists"
    default_message = "There is a tenant {tenant} already. Change it with `tenants set {tenant}`."


class NoSuchTenant(NotFound):
    """No tenant has this id."""

    code = "no_such_tenant"
    default_message = (
        "There is no tenant {tenant}. `tenants list` shows those there are, `tenants add` adds one."
    )


@dataclass(frozen=True, slots=True)
class Tenant:
    """One site.

    `origins` are those of its pages, `bundle_origins` those that hold the exported bundle for it.
    No `workflows` means all of them. Leads for which nobody was chosen go to `dealer_ids` where
    there are any. `theme` holds tokens by their names without the prefix.
    """

    tenant_id: str
    name: str
    origins: tuple[str, ...]
    bundle_origins: tuple[str, ...] = ()
    default_workflow: str | None = None
    workflows: tuple[str, ...] = ()
    theme: Mapping[str, str] = field(default_factory=dict[str, str])
    dealer_ids: tuple[str, ...] = ()
    may_share_answers: bool = False
    """Whether its page is told, at the end of a journey, what the person answered."""
    may_be_framed: bool = True

    def offers(self, workflow: str) -> bool:
        """Whether this site may show a journey."""
        return not self.workflows or workflow in self.workflows

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


class Tenants:
    """Keeps the tenants. What changes holds for every process within two seconds."""

    def __init__(self, database: Database, clock: Clock, workflow_ids: WorkflowIds) -> None:
        self._database = database
        self._clock = clock
        self._workflow_ids = workflow_ids

    async def list_tenants(self) -> list[Tenant]:
        """Every tenant, by id."""
        return await self._database.read(read_tenants)

    async def show(self, tenant_id: str) -> Tenant:
        """One tenant. Raises NoSuchTenant."""
        return await self._database.read(lambda tx: _required(tx, tenant_id))

    async def add(self, tenant: Tenant) -> Tenant:
        """Add a tenant; it is answered as stored. Raises ValidationFailed, TenantExists."""
        known = await self._workflow_ids()
        now = self._clock()

        def work(tx: Transaction) -> Tenant:
            checked = _checked(tx, tenant, known)
            if is_tenant(tx, checked.tenant_id):
                raise TenantExists(tenant=checked.tenant_id)
            values = {**_columns(checked), "created_at": now, "updated_at": now}
            tx.connection.execute(insert(_tenant).values(values))
            return checked

        return await self._database.write(work)

    async def change(self, tenant_id: str, edit: Callable[[Tenant], Tenant]) -> Tenant:
        """Store what `edit` makes of a tenant; it is answered as stored.

        Raises NoSuchTenant, ValidationFailed.
        """
        known = await self._workflow_ids()
        now = self._clock()

        def work(tx: Transaction) -> Tenant:
            checked = _checked(tx, edit(_required(tx, tenant_id, is_locked=True)), known)
            query = update(_tenant).where(_tenant.c.tenant_id == tenant_id)
            tx.connection.execute(query.values({**_columns(checked), "updated_at": now}))
            return checked

        return await self._database.write(work)

    async def remove(self, tenant_id: str) -> None:
        """Take a tenant away, with its tickets; its leads stay. Raises NoSuchTenant."""

        def work(tx: Transaction) -> None:
            query = delete(_tenant).where(_tenant.c.tenant_id == tenant_id)
            if not tx.connection.execute(query).rowcount:
                raise NoSuchTenant(tenant=tenant_id)

        await self._database.write(work)


def read_tenants(tx: Transaction) -> list[Tenant]:
    """Every tenant, by id."""
    rows = tx.connection.execute(select(_tenant).order_by(_tenant.c.tenant_id))
    return [_from_row(row) for row in rows]


def is_tenant(tx: Transaction, tenant_id: str) -> bool:
    """Whether there is a tenant of this id."""
    return _find(tx, tenant_id) is not None


def is_offered(tx: Transaction, tenant_id: str, workflow: str) -> bool:
    """Whether a journey may begin on a tenant's pages now; a tenant that is gone has none."""
    tenant = _find(tx, tenant_id)
    return tenant is not None and tenant.may_be_framed and tenant.offers(workflow)


def may_share_answers(tx: Transaction, tenant_id: str) -> bool:
    """Whether a tenant's pages may be told now what people answer in their frames."""
    tenant = _find(tx, tenant_id)
    return tenant is not None and tenant.may_be_framed and tenant.may_share_answers


def dealers_of(tx: Transaction, tenant_id: str | None) -> list[str]:
    """Who gets a tenant's leads, in the tenant's order; empty where nobody there is was named."""
    tenant = _find(tx, tenant_id) if tenant_id else None
    if tenant is None:
        return []
    known = _known_dealers(tx, tenant.dealer_ids)
    return [dealer_id for dealer_id in tenant.dealer_ids if dealer_id in known]


def _find(tx: Transaction, tenant_id: str, *, is_locked: bool = False) -> Tenant | None:
    query = select(_tenant).where(_tenant.c.tenant_id == tenant_id)
    row = tx.connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    return None if row is None else _from_row(row)


def _required(tx: Transaction, tenant_id: str, *, is_locked: bool = False) -> Tenant:
    tenant = _find(tx, tenant_id, is_locked=is_locked)
    if tenant is None:
        raise NoSuchTenant(tenant=tenant_id[:80])
    return tenant


def _from_row(row: Any) -> Tenant:
    return Tenant(
        tenant_id=row.tenant_id,
        name=row.name,
        origins=tuple(row.origins),
        bundle_origins=tuple(row.bundle_origins),
        default_workflow=row.default_workflow,
        workflows=tuple(row.workflows),
        theme=dict(row.theme),
        dealer_ids=tuple(row.dealer_ids),
        may_share_answers=row.may_share_answers,
        may_be_framed=row.may_be_framed,
    )


def _columns(tenant: Tenant) -> dict[str, Any]:
    lists = ("origins", "bundle_origins", "workflows", "dealer_ids")
    return {**asdict(tenant), **{name: list(getattr(tenant, name)) for name in lists}}


def _checked(tx: Transaction, tenant: Tenant, known_workflows: Collection[str]) -> Tenant:
    """The tenant in its stored form. Raises ValidationFailed."""
    name = tenant.name.strip() or tenant.tenant_id
    if not TENANT_ID.fullmatch(tenant.tenant_id):
        text = "An id has at most 40 small letters, digits and hyphens, such as acme-motors."
        raise _fault("id", "tenant_id", text)
    if len(name) > NAME_LENGTH_MAX or not name.isprintable():
        text = "A name has at most {max} characters, all of them visible."
        raise _fault("name", "name", text, {"max": NAME_LENGTH_MAX})
    if not tenant.origins:
        raise _fault("origin", "required", "A tenant needs at least one --origin.")
    _check_workflows(tenant, known_workflows)
    _check_dealers(tx, tenant.dealer_ids)
    return replace(
        tenant,
        name=name,
        origins=_origins(tenant.origins, "origin"),
        bundle_origins=_origins(tenant.bundle_origins, "bundle-origin"),
        theme=theme_from(tenant.theme),
    )


def _check_workflows(tenant: Tenant, known: Collection[str]) -> None:
    named = [*tenant.workflows, *filter(None, [tenant.default_workflow])]
    unknown = [name for name in named if known and name not in known]
    if unknown:
        given = {"workflow": unknown[0][:80], "known": ", ".join(sorted(known))}
        text = "There is no journey {workflow}. These are published: {known}."
        raise _fault("workflow", "unknown_workflow", text, given)
    if tenant.default_workflow and not tenant.offers(tenant.default_workflow):
        text = "The default journey is none of those that the tenant is allowed."
        raise _fault("workflow", "workflow_not_allowed", text)


def _origins(given: Sequence[str], option: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origin_from(origin, option) for origin in given))


def _known_dealers(tx: Transaction, dealer_ids: Sequence[str]) -> set[str]:
    query = select(DEALERS.c.dealer_id).where(DEALERS.c.dealer_id.in_(dealer_ids))
    return set(tx.connection.execute(query).scalars())


def _check_dealers(tx: Transaction, dealer_ids: Sequence[str]) -> None:
    known = _known_dealers(tx, dealer_ids)
    for dealer_id in dealer_ids:
        if dealer_id not in known:
            text = "There is no dealer {dealer} in the inventory."
            raise _fault("dealer", "unknown_dealer", text, {"dealer": dealer_id[:64]})


def _fault(
    option: str, code: str, text: str, params: Mapping[str, object] | None = None
) -> ValidationFailed:
    return ValidationFailed([FieldError(option, code, text, params or {})])
