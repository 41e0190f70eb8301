"""When the page goes on looking for a credit decision."""

import pytest
from redis.exceptions import RedisError

from tests.browser_tab import Server, Tab
from trex_app.core.errors import Unavailable
from trex_app.display.views import StepView
from trex_app.services.views import Caller
from trex_app.ui.state import credit, journey
from trex_app.ui.state.credit import PAUSES_SECONDS, CreditState, is_pending


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"credit": {"decision": "pending"}}, True),
        ({"credit": {"decision": "approved"}}, False),
        ({"credit": {"decision": "referred"}}, False),
        ({"credit": None}, False),
        ({}, False),
    ],
)
def test_only_a_request_without_decision_is_pending(data: dict[str, object], expected: bool):
    assert is_pending(data) is expected


def test_it_looks_soon_at_first_and_ever_more_rarely():
    assert list(PAUSES_SECONDS) == sorted(PAUSES_SECONDS)
    assert PAUSES_SECONDS[0] == 1


class Bureau:
    """Stands in for the journeys: each look fails as it is told, then finds the decision."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.journeys = self

    async def show(self, _caller: Caller, _session_id: str) -> StepView:
        if self.faults:
            raise self.faults.pop(0)
        return StepView(step_id="offer", data={"credit": {"decision": "approved"}})


@pytest.mark.parametrize("fault", [Unavailable(), RedisError()])
async def test_it_goes_on_looking_where_a_look_fails(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """What keeps the decision, or the page, may be away for a moment."""
    bureau, server = Bureau(fault, fault), Server()
    monkeypatch.setattr(journey, "get_container", lambda: bureau)
    monkeypatch.setattr(credit, "PAUSES_SECONDS", (0,) * 5)
    tab = Tab(server)
    async with server.processor:
        pending = StepView(step_id="offer", data={"credit": {"decision": "pending"}})
        (await tab.state()).view = pending
        await tab.load(CreditState, "await_decision")
        assert (await tab.state()).view.data == {"credit": {"decision": "approved"}}
    assert bureau.faults == []
