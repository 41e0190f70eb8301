"""A journey in a frame, whose address nobody sees: it stays as it is, and the end is kept."""

from typing import Any

import pytest
import pytest_asyncio

from tests.browser_tab import Server, Tab
from tests.unit.ui.state.conftest import buy_the_first_hit
from trex_app.container import Container
from trex_app.core.embedding import HEADER, Embedding
from trex_app.core.visitor import framed_cookie_name
from trex_app.services.tenants import Tenant

pytestmark = pytest.mark.asyncio(loop_scope="module")

ADDRESS = "/embed/frame/buying"
ACME = Embedding("acme", "https://www.acme.example", "")


class FramedTab(Tab):
    """What stands in the frame of a tab, with the ticket of its host's page."""

    def _router_data(self) -> dict[str, Any]:
        data = super()._router_data()
        cookie = f"{framed_cookie_name(is_secure=False)}={self.visitor}"
        return {**data, "headers": {**data["headers"], "cookie": cookie, HEADER: ACME.as_header()}}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tenant(container: Container) -> None:
    await container.tenants.add(Tenant("acme", "Acme", (ACME.host_origin,)))


@pytest_asyncio.fixture(loop_scope="module")
async def tab(server: Server, tenant: None) -> FramedTab:
    tab = FramedTab(server)
    await tab.visit(ADDRESS)
    return tab


async def test_a_frame_that_was_just_opened_keeps_its_address(tab):
    assert (await tab.state()).view.step_id == "vehicle_knowledge"
    assert tab.path == ADDRESS


async def test_it_moves_with_the_steps_so_that_they_can_be_opened_again(tab):
    await tab.submit({"knows_vehicle": "true"})
    assert tab.path == f"{ADDRESS}/vehicle_search"


async def test_the_same_tab_shows_the_end_again(tab):
    await buy_the_first_hit(tab)
    ended = (await tab.state()).view
    await tab.visit(ADDRESS)
    assert (await tab.state()).view.is_completed
    assert (await tab.state()).view.references == ended.references
    await tab.press("start_over")
    assert (await tab.state()).view.step_id == "vehicle_knowledge"


async def test_the_end_leads_to_where_it_stands_also_without_the_cookie_of_the_frame(
    tab, container
):
    await buy_the_first_hit(tab)
    (sent,) = (await tab.state()).view.references
    address, _, token = sent.status_link.partition("#")
    assert address == f"{container.settings.origins[0]}/status/{sent.reference}"
    view = await container.lead_statuses.by_link(sent.reference, token, "en")
    assert view.reference == sent.reference


async def test_another_tab_begins_a_journey_of_its_own(tab, server):
    await buy_the_first_hit(tab)
    other = FramedTab(server, tab.visitor)
    await other.visit(ADDRESS)
    assert (await other.state()).view.step_id == "vehicle_knowledge"
