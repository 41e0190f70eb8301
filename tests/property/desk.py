"""The service's own way of taking submits, over one session that is kept in memory.

What decides here is the product: `Submissions` and `Sessions`. Only the database and the partners
are played, so that others can come in between at the very moment a submit waits for them.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from tests.property.outside import port_snapshots, supply
from trex_app.core.crypto import Keyring
from trex_app.db.session_store import (
    DuplicateRequest,
    RecordedRequest,
    RevisionConflict,
    StoredSession,
)
from trex_app.engine.definition import Pii
from trex_app.engine.history import Event, EventKind
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.machine import Admission, Turn
from trex_app.engine.program import Program
from trex_app.engine.session import Answer, Position, Session
from trex_app.services.sessions import Sessions
from trex_app.services.submissions import Submission, Submissions
from trex_app.services.views import Caller

PERSON = Caller(tokens=frozenset({"theirs"}))


class _Token(Keyring):
    """Opens every session: who may is not looked at here."""

    def verify(self, kind: Any, token: str) -> str:
        return "s"


class Desk:
    """One session, its history, and all that was acknowledged to whoever submitted.

    `meanwhile` happens once while a submit waits for partners.
    """

    def __init__(self, program: Program, clock: Callable[[], datetime]) -> None:
        self._program = program
        self._clock = clock
        self._results: dict[str, tuple[Position, Any, datetime]] = {}
        self._under_way: list[Submission] = []
        self.events: list[Event] = []
        self.effects: list[str | None] = []
        self.acknowledged: dict[Position, Mapping[str, Any]] = {}
        self.meanwhile: Callable[[], None] | None = None
        itself = cast("Any", self)
        self._sessions = Sessions(itself, itself, _Token(b"a secret of at least 32 bytes here."))
        self._submissions = Submissions(
            itself, itself, self._sessions, itself, itself, itself, clock
        )

    def begin(self, outcome: Outcome) -> None:
        """Keep a session that was started, in the place of any other."""
        self._session = outcome.session
        self._results = {}
        self.events = list(outcome.events)
        self.effects = [effect.key for effect in outcome.effects]

    @property
    def session(self) -> Session:
        """The session as it is loaded: with the results that came in later."""
        results = {frame: dict(steps) for frame, steps in self._session.results.items()}
        for key, (position, value, at) in self._results.items():
            begun = results.get(position.frame, {}).get(position.step)
            if begun is not None and begun.key == key:
                results[position.frame][position.step] = begun._replace(value=value, at=at)
        return replace(self._session, results=results)

    def open(self) -> Session:
        """The session, still running. Raises SessionExpired."""
        return _run(self._sessions.open_for_change(PERSON, "s", self._clock())).session

    def submit(
        self,
        step: str,
        values: Mapping[str, Any],
        revision: int | None = None,
        key: str | None = None,
    ) -> Session:
        """Take a submit as the service does; raises what it raises."""
        submission = Submission(step, values, revision, key)
        self._under_way.append(submission)
        try:
            return _run(self._submissions.submit(PERSON, "s", submission))
        finally:
            self._under_way.pop()

    def keep(self, before: Session, outcome: Outcome) -> None:
        """Keep what else was decided about the session."""
        self._update(before, outcome.session, outcome.events)

    def effect_arrives(self, position: Position, value: Any) -> None:
        """The result of an effect comes in; the revision stays as it is."""
        session, now = self.session, self._clock()
        result = session.result_at(position)
        assert result is not None
        if result.key is None or result.key in self._results:
            return
        self._results[result.key] = (position, value, now)
        at = {"revision": session.revision, "position": position, "to": session.cursor}
        self.events.append(Event(EventKind.EFFECT_DONE, now, **at, personal={"value": value}))

    def _update(self, before: Session, session: Session, events: Iterable[Event]) -> None:
        if self._session.revision != before.revision:
            raise RevisionConflict
        keys = {event.idempotency_key for event in events} - {None}
        if keys & {event.idempotency_key for event in self.events}:
            raise DuplicateRequest
        self._session = session
        self.events += events

    # What `Submissions` and `Sessions` ask of a database, its store, partners and outcomes.

    async def read(self, work: Callable[[Any], Any]) -> Any:
        return work(None)

    write = read

    def load(self, _tx: Any, _session_id: str) -> StoredSession:
        return StoredSession(self.session, None, cast("Any", None), cast("Any", None))

    def update(
        self, _tx: Any, stored: StoredSession, session: Session, events: Iterable[Event]
    ) -> None:
        self._update(stored.session, session, events)

    def find_request(self, _tx: Any, _session_id: str, key: str) -> RecordedRequest | None:
        found = (event for event in self.events if event.idempotency_key == key)
        return next(
            (RecordedRequest(e.kind, e.request_hash, e.position, e.to, e.revision) for e in found),
            None,
        )

    async def pinned(self, _workflow_hash: str) -> Program:
        return self._program

    async def snapshots(self, admission: Admission) -> Mapping[str, Any]:
        return admission.held.snapshots if admission.held else port_snapshots(admission)

    async def settle(self, turn: Turn) -> None:
        others, self.meanwhile = self.meanwhile, None
        if others is not None:
            others()
        while turn.pending is not None:
            turn.supply(*supply(turn.pending))

    async def save(self, stored: StoredSession, outcome: Outcome) -> None:
        self._update(stored.session, outcome.session, outcome.events)
        self.effects += [effect.key for effect in outcome.effects]
        position = outcome.events[0].position
        kept = self.answer(position)
        assert kept is not None
        self._assert_is_what_was_sent(kept, position, self._under_way[-1])
        self.acknowledged[position] = kept.values

    def answer(self, position: Position) -> Answer | None:
        """The answer of a screen, on the path or beside it."""
        return self._session.answer_at(position) or self._session.dormant_at(position)

    def _assert_is_what_was_sent(self, kept: Answer, position: Position, sent: Submission) -> None:
        node = self._program.screen(position)
        assert node is not None
        assert position.step == sent.step
        for name, value in node.validator.normalise(sent.data).items():
            is_needless = node.step.fields[name].pii is Pii.CREDIT and kept.values[name] is None
            assert is_needless or kept.values[name] == value


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """The outcome of work that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("It waits for something")
