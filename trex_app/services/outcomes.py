"""Saves what was decided: the session's state, its history and its jobs, in one commit."""

from trex_app.core.errors import Forbidden
from trex_app.core.telemetry import TRANSITIONS
from trex_app.db.session_store import SessionStore, StoredSession
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.history import EventKind
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.session import Status
from trex_app.messaging import events
from trex_app.services.capabilities import Capabilities


class Outcomes:
    """Writes outcomes, and counts each one that is kept."""

    def __init__(self, database: Database, store: SessionStore, capabilities: Capabilities) -> None:
        self._database = database
        self._store = store
        self._effects = capabilities.effects

    async def insert(self, outcome: Outcome, owner: str | None, former: str | None = None) -> None:
        """Keep a session that was started; `former` is the one whose answers it takes up.

        Raises RevisionConflict when its id is taken, Forbidden where the former was erased: its
        answers would come back.
        """

        def work(tx: Transaction) -> None:
            if former is not None:
                self._store.hold(tx, former)
                if self._store.load(tx, former) is None:
                    raise Forbidden
            self._store.insert(tx, outcome.session, outcome.events, owner=owner)
            self._record_effects(tx, outcome)

        await self._database.write(work)
        _count(outcome)

    async def save(self, stored: StoredSession, outcome: Outcome) -> None:
        """Keep a change of what was loaded as `stored`.

        Raises RevisionConflict when the session moved on meanwhile, and DuplicateRequest.
        """

        def work(tx: Transaction) -> None:
            self._store.update(tx, stored, outcome.session, outcome.events)
            self._record_effects(tx, outcome)

        await self._database.write(work)
        _count(outcome)

    def _record_effects(self, tx: Transaction, outcome: Outcome) -> None:
        for request in outcome.effects:
            result = outcome.session.result_at(request.position)
            value = result.value if result is not None else None
            self._effects[request.name].record(tx, outcome.session, request, value)
        if outcome.session.status is Status.COMPLETED:
            _record_completion(tx, outcome)


def _record_completion(tx: Transaction, outcome: Outcome) -> None:
    """Tell that the journey has ended, where this outcome is what ended it."""
    fact, session = outcome.events[-1], outcome.session
    if fact.kind is EventKind.COMPLETED:
        answered = (place.step for place in session.path if session.answer_at(place))
        steps = tuple(dict.fromkeys(answered))
        done = events.JourneyCompleted(session.session_id, session.workflow_id, steps)
        events.record(tx, done, now=fact.at)


def _count(outcome: Outcome) -> None:
    """By the first fact: a completion comes along with the submit that makes it."""
    fact = outcome.events[0]
    workflow = outcome.session.workflow_id
    TRANSITIONS.labels(workflow, fact.position.step, fact.kind.value).inc()
