"""Tenants are kept as they were checked, and what changes holds soon."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tenant_world import ACME, BUNDLE, HOST, OTHER, TenantWorld
from trex_app.core.errors import ValidationFailed
from trex_app.services.tenant_directory import FRESH_SECONDS, TenantDirectory
from trex_app.services.tenants import NoSuchTenant, Tenant, TenantExists, Tenants


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TenantWorld]:
    with TenantWorld.on_sqlite(tmp_path) as world:
        yield world


def faults_of(world: TenantWorld, tenant: Tenant) -> list[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refusal:
        world.run(world.tenants.add(tenant))
    return [(fault.field, fault.code) for fault in refusal.value.errors]


def test_they_are_listed_by_id_as_they_were_added(world: TenantWorld) -> None:
    assert world.run(world.tenants.list_tenants()) == [ACME, OTHER]


def test_an_id_is_given_once(world: TenantWorld) -> None:
    with pytest.raises(TenantExists, match="acme"):
        world.run(world.tenants.add(ACME))


@pytest.mark.parametrize("tenant_id", ["", "A", "a b", "-a", "a-", "a;b", "ä", "a\n", "a" * 41])
def test_an_id_is_a_word_for_addresses(world: TenantWorld, tenant_id: str) -> None:
    assert faults_of(world, Tenant(tenant_id, "", (HOST,))) == [("id", "tenant_id")]


@pytest.mark.parametrize("name", ["a" * 121, "a\nb", "a\x00b", "\u202eevil"])
def test_a_name_is_short_and_visible(world: TenantWorld, name: str) -> None:
    assert faults_of(world, Tenant("new", name, (HOST,))) == [("name", "name")]


def test_origins_are_stored_as_browsers_send_them(world: TenantWorld) -> None:
    typed = ("https://WWW.new.example:443", "https://www.new.example")
    added = world.run(world.tenants.add(Tenant("new", "", typed)))
    assert added.origins == ("https://www.new.example",)
    assert added.name == "new"


def test_a_tenant_without_an_origin_is_none(world: TenantWorld) -> None:
    assert faults_of(world, Tenant("new", "", ())) == [("origin", "required")]


def test_an_origin_cannot_carry_a_header_or_a_directive(world: TenantWorld) -> None:
    for origin in ("https://a.example; script-src *", "https://a.example\r\nset-cookie: a=b"):
        assert faults_of(world, Tenant("new", "", (origin,))) == [("origin", "origin")]
        bundle = Tenant("new", "", (HOST,), (origin,))
        assert faults_of(world, bundle) == [("bundle-origin", "origin")]


def test_only_dealers_of_the_inventory_can_get_leads(world: TenantWorld) -> None:
    tenant = Tenant("new", "", (HOST,), dealer_ids=("nobody",))
    assert faults_of(world, tenant) == [("dealer", "unknown_dealer")]


async def _published() -> list[str]:
    return ["buying", "selling"]


@pytest.mark.parametrize(
    ("tenant", "code"),
    [
        (replace(ACME, default_workflow="renting"), "unknown_workflow"),
        (replace(ACME, workflows=("renting",)), "unknown_workflow"),
        (replace(ACME, default_workflow="buying", workflows=("selling",)), "workflow_not_allowed"),
    ],
)
def test_only_published_journeys_can_be_shown(
    world: TenantWorld, tenant: Tenant, code: str
) -> None:
    tenants = Tenants(world.database, lambda: world.now, _published)
    with pytest.raises(ValidationFailed) as refusal:
        world.run(tenants.change("acme", lambda _: tenant))
    assert refusal.value.errors[0].code == code


def test_a_change_is_checked_and_keeps_the_rest(world: TenantWorld) -> None:
    changed = world.run(world.tenants.change("acme", lambda t: replace(t, name="New")))
    assert changed == replace(ACME, name="New") == world.run(world.tenants.show("acme"))
    with pytest.raises(ValidationFailed):
        world.run(world.tenants.change("acme", lambda t: replace(t, theme={"accent": "}"})))
    assert world.run(world.tenants.show("acme")) == changed


def test_a_removed_one_is_gone(world: TenantWorld) -> None:
    ticket = world.ticket()
    world.run(world.tenants.remove("acme"))
    for asked in (world.tenants.show("acme"), world.tenants.remove("acme")):
        with pytest.raises(NoSuchTenant, match="acme"):
            world.run(asked)
    assert world.run(world.tickets.redeem(ticket, BUNDLE)) is None


class TestDirectory:
    def test_a_change_holds_within_two_seconds_in_every_process(self, world: TenantWorld) -> None:
        elsewhere = TenantDirectory(world.database, lambda: world.seconds)
        for directory in (world.directory, elsewhere):
            assert HOST in world.run(directory.current()).host_origins
        world.run(world.tenants.change("acme", lambda t: replace(t, origins=(BUNDLE,))))
        world.wait(FRESH_SECONDS)
        for directory in (world.directory, elsewhere):
            assert HOST not in world.run(directory.current()).host_origins

    def test_it_does_not_ask_for_every_request(self, world: TenantWorld) -> None:
        before = world.run(world.directory.current())
        world.take_database_away()
        world.wait(FRESH_SECONDS / 2)
        assert world.run(world.directory.current()) is before

    def test_a_tenant_that_may_not_be_framed_has_no_origins(self, world: TenantWorld) -> None:
        world.run(world.tenants.change("acme", lambda t: replace(t, may_be_framed=False)))
        known = world.run(world.directory.current())
        assert known.framed("acme") is None
        assert HOST not in known.host_origins
        assert BUNDLE not in known.bundle_origins
