"""A ticket opens one socket, once, within a minute, for whom it was made."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.tenant_world import ACME, BUNDLE, EVIL, HOST, OTHER, OWN, TenantWorld
from trex_app.core.crypto import hash_token, new_token
from trex_app.core.embedding import Embedding
from trex_app.core.errors import Forbidden
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database
from trex_app.services.tickets import (
    LIFETIME,
    BundleNotAllowed,
    HostNotAllowed,
    NoHostOrigin,
    Wish,
    WorkflowNotOffered,
)

TICKET = METADATA.tables["embed_ticket"]
RACERS = 4
WAIT_SECONDS = 30
ROUNDS = 10


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TenantWorld]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/t.db" if is_sqlite else request.getfixturevalue("own_postgres_url")
    with TenantWorld.on(url) as world:
        yield world


def redeemed(
    world: TenantWorld, ticket: str, origin: str = OWN, hosts: tuple[str, ...] = ()
) -> Embedding | None:
    return world.run(world.tickets.redeem(ticket, origin, hosts))


def refused(world: TenantWorld, wish: Wish) -> Forbidden:
    with pytest.raises(Forbidden) as refusal:
        world.run(world.tickets.issue(wish))
    return refusal.value


class TestIssuing:
    def test_a_page_of_the_tenant_gets_one(self, world: TenantWorld) -> None:
        issued = world.run(world.tickets.issue(Wish("acme", HOST)))
        assert issued.expires_at == world.now + LIFETIME
        assert (issued.tenant, issued.workflow) == (ACME, "entry")
        assert len(issued.ticket) == 43

    def test_only_its_hash_is_stored(self, world: TenantWorld) -> None:
        ticket = world.ticket()
        row = world.database.read_sync(lambda tx: tx.connection.execute(select(TICKET)).one())
        assert row.ticket_hash == hash_token(ticket)
        assert ticket not in repr(tuple(row))

    def test_any_other_page_is_told_what_would_allow_it(self, world: TenantWorld) -> None:
        error = refused(world, Wish("acme", EVIL))
        assert isinstance(error, HostNotAllowed)
        assert f"tenants set acme --origin {EVIL}" in error.message

    def test_a_page_of_another_tenant_is_any_other_page(self, world: TenantWorld) -> None:
        assert isinstance(refused(world, Wish("acme", OTHER.origins[0])), HostNotAllowed)

    def test_whether_a_tenant_exists_is_not_said(self, world: TenantWorld) -> None:
        known = refused(world, Wish("acme", EVIL))
        unknown = refused(world, Wish("nobody", EVIL))
        assert known.message.replace("acme", "nobody") == unknown.message

    def test_a_tenant_that_may_not_be_framed_is_none(self, world: TenantWorld) -> None:
        world.run(world.tenants.change("acme", lambda t: replace(t, may_be_framed=False)))
        assert isinstance(refused(world, Wish("acme", HOST)), HostNotAllowed)

    @pytest.mark.parametrize(
        "origin",
        [
            "",
            "null",
            "file://",
            f"{HOST}/",
            f"{HOST};rm",
            f"{HOST}\r\nx: y",
            "https://*.acme.example",
        ],
    )
    def test_what_is_no_origin_is_not_repeated(self, world: TenantWorld, origin: str) -> None:
        error = refused(world, Wish("acme", origin))
        assert isinstance(error, NoHostOrigin)
        assert error.message == NoHostOrigin.default_message

    def test_the_default_journey_is_the_tenants(self, world: TenantWorld) -> None:
        world.run(world.tenants.change("acme", lambda t: replace(t, default_workflow="selling")))
        assert world.run(world.tickets.issue(Wish("acme", HOST))).workflow == "selling"
        assert world.run(world.tickets.issue(Wish("acme", HOST, "buying"))).workflow == "buying"

    def test_a_journey_that_is_not_allowed_is_refused(self, world: TenantWorld) -> None:
        world.run(world.tenants.change("acme", lambda t: replace(t, workflows=("selling",))))
        assert isinstance(refused(world, Wish("acme", HOST, "buying")), WorkflowNotOffered)

    def test_a_bundle_from_elsewhere_is_refused(self, world: TenantWorld) -> None:
        wish = Wish("acme", HOST, bundle_origin=EVIL)
        assert isinstance(refused(world, wish), BundleNotAllowed)

    def test_old_ones_are_cleared_away(self, world: TenantWorld) -> None:
        world.ticket()
        world.now += LIFETIME
        world.ticket()
        count = select(func.count()).select_from(TICKET)
        assert world.database.read_sync(lambda tx: tx.connection.execute(count).scalar_one()) == 1


class TestRedeeming:
    def test_it_says_whose_frame_it_is(self, world: TenantWorld) -> None:
        ticket = world.ticket(session_key="left")
        assert redeemed(world, ticket) == Embedding("acme", HOST, "left")

    def test_it_works_once(self, world: TenantWorld) -> None:
        ticket = world.ticket()
        assert redeemed(world, ticket) is not None
        assert redeemed(world, ticket) is None

    def test_it_works_for_a_minute(self, world: TenantWorld) -> None:
        late, in_time = world.ticket(), world.ticket()
        world.now += LIFETIME - timedelta(microseconds=1)
        assert redeemed(world, in_time) is not None
        world.now += timedelta(microseconds=1)
        assert redeemed(world, late) is None

    def test_a_forged_one_is_none(self, world: TenantWorld) -> None:
        for forged in (new_token(), "", "x", "x" * 43, "é" * 43, "x" * 10_000, "\x00" * 43):
            assert redeemed(world, forged) is None

    @pytest.mark.parametrize("origin", [EVIL, HOST, "", "null", f"{OWN}.evil.example"])
    def test_it_works_from_where_the_bundle_is_only(self, world: TenantWorld, origin: str) -> None:
        ticket = world.ticket()
        assert redeemed(world, ticket, origin) is None
        assert redeemed(world, ticket, OWN) is None  # it is used up

    def test_it_works_on_the_page_that_asked_for_it_alone(self, world: TenantWorld) -> None:
        # Who asks from a server of their own names the tenant's origin; their page has another.
        for hosts in ((EVIL,), ("",), ("null",), (HOST, EVIL), (f"{HOST}/",)):
            assert redeemed(world, world.ticket(), OWN, hosts) is None
        assert redeemed(world, world.ticket(), OWN, (HOST,)) is not None

    def test_it_works_from_the_tenants_bundle(self, world: TenantWorld) -> None:
        assert redeemed(world, world.ticket(), BUNDLE) is not None

    def test_another_tenants_bundle_is_elsewhere(self, world: TenantWorld) -> None:
        ticket = world.ticket("other", OTHER.origins[0])
        assert redeemed(world, ticket, BUNDLE) is None

    def test_one_for_a_bundle_works_from_that_alone(self, world: TenantWorld) -> None:
        assert redeemed(world, world.ticket(bundle_origin=BUNDLE), OWN) is None
        assert redeemed(world, world.ticket(bundle_origin=OWN), BUNDLE) is None
        assert redeemed(world, world.ticket(bundle_origin=BUNDLE), BUNDLE) is not None

    def test_what_the_tenant_may_do_counts_as_it_stands(self, world: TenantWorld) -> None:
        ticket = world.ticket()
        world.run(world.tenants.change("acme", lambda t: replace(t, origins=(BUNDLE,))))
        world.wait()
        assert redeemed(world, ticket) is None


def test_of_two_handshakes_with_one_ticket_one_gets_in(world: TenantWorld) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(RACERS) as pool:
        # Each racer is a process of its own: it shares nothing with the others but the database.
        databases = [stack.enter_context(closing(Database(world.url))) for _ in range(RACERS)]
        start = threading.Barrier(RACERS)

        def race(database: Database, ticket: str) -> Embedding | None:
            tickets = world.tickets_over(database)
            start.wait(WAIT_SECONDS)
            return world.run(tickets.redeem(ticket, OWN))

        for _ in range(ROUNDS):
            won = list(pool.map(race, databases, [world.ticket()] * RACERS))
            assert sum(winner is not None for winner in won) == 1
