"""The status page while what it asks is away."""

import pytest

from tests.browser_tab import Server, Tab
from trex_app.core.errors import Forbidden, Unavailable
from trex_app.services.lead_status import LeadStatusView
from trex_app.services.views import Caller
from trex_app.ui.state import lead_status
from trex_app.ui.state.lead_status import LeadStatusState


class Statuses:
    """Stands in for the statuses: the database is away once, then the lead is somebody else's."""

    def __init__(self) -> None:
        self.lead_statuses = self
        self.is_away = True

    async def for_caller(self, _caller: Caller, _reference: str, _locale: str) -> LeadStatusView:
        if self.is_away:
            raise Unavailable
        raise Forbidden

    async def by_link(self, _reference: str, _token: str, _locale: str) -> LeadStatusView:
        raise Forbidden


async def test_a_database_that_is_away_is_said_and_one_may_look_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statuses, server = Statuses(), Server()
    monkeypatch.setattr(lead_status, "get_container", lambda: statuses)
    async with server.processor:
        tab = Tab(server)
        tab.path = "/status/TRX-0000-0000"
        await tab.load(LeadStatusState, "look")
        state = await tab.state(LeadStatusState)
        assert (state.is_known, state.is_away) == (True, True)
        statuses.is_away = False
        await tab.load(LeadStatusState, "look")
        state = await tab.state(LeadStatusState)
        assert (state.is_known, state.is_away, state.standing) == (True, False, "")
