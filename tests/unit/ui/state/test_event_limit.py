"""Over the websocket one may ask as often as over the API: then one is told how long to wait."""

import asyncio
from collections.abc import AsyncIterator
from ipaddress import IPv4Network

import pytest
import pytest_asyncio
from reflex.event import Event
from reflex.state import OnLoadInternalState, State

from tests.browser_tab import Server, Tab, app_of_this_process
from tests.installation import TestSettings
from trex_app.api.client_address import TrustedProxies
from trex_app.api.rate_limit import RateLimits
from trex_app.container import Container
from trex_app.core.errors import RateLimited
from trex_app.ui.state import journey
from trex_app.ui.state.event_limit import EventLimit
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.notice import NoticeState

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(tmp_path_factory) -> AsyncIterator[Container]:
    container = Container(TestSettings(data_dir=tmp_path_factory.mktemp("installation")))
    await container.open(with_jobs=False)
    yield container
    await container.close()


@pytest.fixture
def limited_server(container, monkeypatch):
    """A server that counts by the given settings."""
    monkeypatch.setattr(journey, "get_container", lambda: container)

    def server(requests: int = 600, starts: int = 60, **settings) -> Server:
        limits = TestSettings(requests_per_minute=requests, starts_per_minute=starts)
        return Server(EventLimit(RateLimits(limits), TrustedProxies([]), **settings))

    return server


async def test_over_the_limit_a_person_is_told_how_long_to_wait(limited_server):
    server = limited_server(requests=3)
    async with server.processor:
        tab = Tab(server)
        await tab.visit("/j/buying")
        for _ in range(8):
            await tab.press("dismiss")
        said = (await tab.state(NoticeState)).message
    assert "Please wait" in said
    assert "seconds" in said


async def test_what_comes_over_the_limit_does_nothing(limited_server):
    server = limited_server(requests=2)
    async with server.processor:
        tab = Tab(server)
        await tab.visit("/j/buying")
        for _ in range(8):
            await tab.press("dismiss")
        await tab.press("save_for_later")
        assert (await tab.state()).resume_address == ""


async def test_a_start_over_the_limit_of_starts_leaves_the_journey_where_it_is(limited_server):
    server = limited_server(starts=1)
    async with server.processor:
        tab = Tab(server)
        await tab.visit("/j/buying")
        for _ in range(4):
            await tab.press("start_over")
        state: JourneyState = await tab.state()
    assert state.view.step_id == "vehicle_knowledge"
    assert "Please wait" in state.notice


class Room:
    """Limits that have no room until somebody has waited."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def admit_request(self, client: str) -> None:
        if not self.waited:
            raise RateLimited(retry_after_seconds=7)

    async def admit_start(self, client: str) -> None:
        """There is always room for a start."""

    async def admit_mail(self, whose: str) -> None:
        """And for a message."""

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)


async def test_a_page_that_is_refused_while_it_opens_opens_when_there_is_room():
    room = Room()
    server = Server(EventLimit(room, TrustedProxies([]), pause=room.pause))
    async with server.processor:
        tab = Tab(server)
        await tab.load(State, "hydrate_and_load")
        async with asyncio.timeout(60):
            while not (await tab.state(State)).is_hydrated:  # noqa: ASYNC110 - the state has no event
                await asyncio.sleep(0.01)
        assert (await tab.state(NoticeState)).message == ""
    assert room.waited == [7]


async def test_a_page_that_is_refused_on_the_way_to_it_opens_as_well():
    room = Room()
    server = Server(EventLimit(room, TrustedProxies([]), pause=room.pause))
    async with server.processor:
        tab = Tab(server)
        await tab.load(OnLoadInternalState, "on_load_internal")
        async with asyncio.timeout(60):
            while not (await tab.state(State)).is_hydrated:  # noqa: ASYNC110 - the state has no event
                await asyncio.sleep(0.01)
    assert room.waited == [7]


async def test_who_goes_on_before_a_page_could_open_gets_the_next_with_all_it_shows():
    """What a browser sends when it goes on asks for less: the state itself was never sent."""
    room, may_go_on, shown = Room(), asyncio.Event(), []

    async def pause(seconds: float) -> None:
        await may_go_on.wait()
        await room.pause(seconds)

    class Screen(Server):
        async def emit_update(self, update, token) -> None:
            shown.append(update.delta or {})
            await super().emit_update(update, token)

    server = Screen(EventLimit(room, TrustedProxies([]), pause=pause))
    async with server.processor:
        tab = Tab(server)
        tab.path = "/j/buying"
        await tab.load(State, "hydrate_and_load")
        tab.path = "/j/selling"
        await tab.load(OnLoadInternalState, "on_load_internal")
        shown.clear()
        may_go_on.set()
        async with asyncio.timeout(60):
            while not (await tab.state(State)).is_hydrated:  # noqa: ASYNC110 - the state has no event
                await asyncio.sleep(0.01)
        assert (await tab.state()).router.url.path == "/j/selling"
    assert any("attempt" in str(delta.get(JourneyState.get_full_name())) for delta in shown)


async def test_below_the_limits_nothing_is_said(limited_server):
    server = limited_server()
    async with server.processor:
        tab = Tab(server)
        await tab.visit("/j/buying")
        await tab.press("start_over")
        assert (await tab.state()).notice == ""
        assert (await tab.state(NoticeState)).message == ""


@pytest.mark.parametrize(
    ("router_data", "client"),
    [
        ({"ip": "192.0.2.7", "headers": {}}, "192.0.2.7"),
        ({"ip": "10.0.0.1", "headers": {"x-forwarded-for": "192.0.2.7"}}, "192.0.2.7"),
        ({"ip": "192.0.2.8", "headers": {"x-forwarded-for": "192.0.2.7"}}, "192.0.2.8"),
        ({}, "unknown"),
    ],
)
async def test_a_socket_counts_for_the_address_it_came_from(router_data, client):
    counted: list[str] = []

    class Counter:
        async def admit_request(self, client: str) -> None:
            counted.append(client)

        admit_start = admit_request

        async def admit_mail(self, whose: str) -> None:
            """No message is sent here."""

    state = NoticeState()
    state.router_data = router_data
    limit = EventLimit(Counter(), TrustedProxies([IPv4Network("10.0.0.0/8")]))
    await limit.preprocess(app_of_this_process(), state, Event(name="state.press"))
    assert counted == [client]
