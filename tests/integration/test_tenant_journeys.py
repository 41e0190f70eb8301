"""Journeys in a tenant's pages: each widget has its own, and what is sent says where from."""

from dataclasses import replace

import pytest
import pytest_asyncio

from tests.integration.world import ADA, CONTACT, World
from trex_app.core.errors import Forbidden, NotFound
from trex_app.services.tenants import Tenant, Tenants
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")

VISITOR = "visitor-in-a-frame"
LEFT = Caller(visitor=VISITOR, tenant="acme", session_key="left")
RIGHT = Caller(visitor=VISITOR, tenant="acme", session_key="right")
ELSEWHERE = Caller(visitor=VISITOR, tenant="other", session_key="left")
ALONE = Caller(visitor=VISITOR)


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def tenants(world: World) -> Tenants:
    """Two sites that may show everything."""
    for tenant in ("acme", "other"):
        origin = f"https://{tenant}.example"
        await world.container.tenants.add(Tenant(tenant, tenant.title(), (origin,)))
    return world.container.tenants


async def test_widgets_of_one_visitor_are_independent(world: World) -> None:
    begun = await world.start("buying", LEFT)
    for other in (RIGHT, ELSEWHERE, ALONE, ADA):
        with pytest.raises(Forbidden):
            await world.journeys.show(other, begun.session_id)
        assert await world.journeys.latest_session(other, "buying") != begun.session_id


async def test_a_reloaded_widget_finds_its_step(world: World) -> None:
    begun = await world.start("buying", RIGHT)
    await world.journeys.submit(RIGHT, begun.session_id, begun.step_id, {"knows_vehicle": True})
    again = Caller(visitor=VISITOR, tenant="acme", session_key="right")
    found = await world.journeys.latest_session(again, "buying")
    assert found == begun.session_id
    assert (await world.journeys.show(again, begun.session_id)).step_id != begun.step_id


async def send_request(world: World, caller: Caller, **context: str) -> StepView:
    """Walk a journey to its end as this caller."""
    journeys = world.journeys
    view: StepView = await journeys.start(caller, "buying", context=context)
    for answer in ({"knows_vehicle": True}, {"make": "Toyota", "price_max": 60000}):
        view = await journeys.submit(caller, view.session_id, view.step_id, answer)
    vehicle = view.data["vehicles"][0]["vehicle_id"]
    for answer in ({"vehicle_id": vehicle}, {"confirmed": True}):
        view = await journeys.submit(caller, view.session_id, view.step_id, answer)
    while view.status != "completed":
        given = CONTACT if "email" in str(view.validation_rules) else {}
        view = await journeys.submit(caller, view.session_id, view.step_id, given)
    return view


async def test_a_lead_carries_the_tenant_that_the_ticket_named(world: World) -> None:
    await send_request(world, LEFT, tenant="somebody-else")
    found = await world.container.leads.list_leads(100, tenant="acme")
    assert len(found) == 1
    assert found[0].tenant == "acme"
    assert await world.container.leads.list_leads(100, tenant="somebody-else") == []


async def test_only_what_a_tenant_may_show_begins_in_its_pages(world: World) -> None:
    seller = Tenant("seller", "Seller", ("https://seller.example",), workflows=("selling",))
    await world.container.tenants.add(seller)
    caller = Caller(visitor=VISITOR, tenant="seller", session_key="one")
    begun = await world.start("selling", caller)
    assert begun.workflow_type == "selling"
    with pytest.raises(NotFound):
        await world.start("buying", caller)
    assert await world.journeys.latest_session(caller, "buying") is None


async def test_none_begins_on_an_open_socket_once_the_tenant_may_show_nothing(
    world: World, tenants: Tenants
) -> None:
    await tenants.add(Tenant("former", "Former", ("https://former.example",)))
    caller = Caller(visitor=VISITOR, tenant="former", session_key="one")
    begun = await world.start("buying", caller)
    await tenants.change("former", lambda tenant: replace(tenant, may_be_framed=False))
    with pytest.raises(NotFound):
        await world.start("buying", caller)
    await tenants.change("former", lambda tenant: replace(tenant, may_be_framed=True))
    assert (await world.start("buying", caller)).session_id != begun.session_id
    await tenants.remove("former")
    with pytest.raises(NotFound):
        await world.start("buying", caller)


class TestSharedAnswers:
    SHARING = Tenant("sharing", "Sharing", ("https://sharing.example",), may_share_answers=True)
    CALLER = Caller(visitor=VISITOR, tenant="sharing", session_key="one")

    async def test_a_page_is_told_while_its_tenant_is_allowed(
        self, world: World, tenants: Tenants
    ) -> None:
        await tenants.add(self.SHARING)
        done = await send_request(world, self.CALLER)
        answers = await world.journeys.shared_answers(self.CALLER, done.session_id)
        assert answers is not None
        assert answers["vehicle_search"] == {"make": "Toyota", "price_max": 60000}
        assert answers["buying_confirmation"].items() >= {
            ("email", CONTACT["email"]),
            ("first_name", CONTACT["first_name"]),
        }
        for change in ({"may_share_answers": False}, {"may_be_framed": False}):
            await tenants.change("sharing", lambda _, new=change: replace(self.SHARING, **new))
            assert await world.journeys.shared_answers(self.CALLER, done.session_id) is None
        await tenants.remove("sharing")
        assert await world.journeys.shared_answers(self.CALLER, done.session_id) is None

    async def test_nothing_is_told_before_the_end(self, world: World, tenants: Tenants) -> None:
        await tenants.add(self.SHARING)
        begun = await world.start("buying", self.CALLER)
        assert await world.journeys.shared_answers(self.CALLER, begun.session_id) is None
        await tenants.remove("sharing")

    async def test_other_pages_are_told_nothing(self, world: World, tenants: Tenants) -> None:
        await tenants.add(self.SHARING)
        done = await send_request(world, LEFT)
        assert await world.journeys.shared_answers(LEFT, done.session_id) is None
        alone = await send_request(world, ALONE)
        assert await world.journeys.shared_answers(ALONE, alone.session_id) is None
        with pytest.raises(Forbidden):
            await world.journeys.shared_answers(self.CALLER, done.session_id)
        await tenants.remove("sharing")
