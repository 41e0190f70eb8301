"""The engine alone as an edge that made-up people walk through: no database, no partners."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from trex_app.engine import machine
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.machine import Turn
from trex_app.engine.program import Program
from trex_app.engine.session import Session, Source
from trex_app.engine.walk import RequestKind
from trex_app.services.capabilities import Capabilities
from trex_app.services.presentation import Presenter
from trex_app.services.views import StepView

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class EngineEdge:
    """One session in memory; lookups find `hits` hits, effects succeed."""

    def __init__(self, program: Program, hits: int = 3) -> None:
        self._program = program
        self._hits = hits
        self._presenter = Presenter(Capabilities())
        self.session = self._settled(machine.start(program, "session", NOW)).session

    async def view(self) -> StepView:
        """The step where the session stands."""
        return await self._presenter.view(self._program, self.session, "en")

    async def submit(self, view: StepView, answers: Mapping[str, Any]) -> StepView:
        """Answer the step."""
        admission = machine.admit(self._program, self.session, view.step_id, answers, NOW)
        return await self._shown(
            self._settled(machine.submit(self._program, self.session, admission, NOW))
        )

    async def back(self, view: StepView) -> StepView:
        """Look at the step before it."""
        return await self._shown(machine.back(self._program, self.session, view.step_id, NOW))

    async def goto(self, view: StepView, step: str) -> StepView:
        """Look at a step on the path."""
        return await self._shown(machine.goto(self._program, self.session, step, NOW))

    def _settled(self, turn: Turn) -> Outcome:
        while (request := turn.pending) is not None:
            is_lookup = request.kind is RequestKind.LOOKUP
            turn.supply({"hits": self._hits} if is_lookup else {"done": True}, Source.LIVE)
        return turn.finish()

    async def _shown(self, outcome: Outcome | None) -> StepView:
        self.session: Session = outcome.session if outcome is not None else self.session
        return await self.view()
