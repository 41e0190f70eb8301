"""Takes a person's answers, each exactly once, whoever sends it how often."""

from collections.abc import Mapping
from dataclasses import dataclass

from trex_app.core.clock import Clock
from trex_app.core.errors import (
    IdempotencyMismatch,
    SealedStep,
    SessionCompleted,
    StaleStep,
    TrexError,
    Unavailable,
    ValidationFailed,
)
from trex_app.db.session_store import (
    DuplicateRequest,
    RecordedRequest,
    RevisionConflict,
    SessionStore,
    StoredSession,
)
from trex_app.db.transaction import Database
from trex_app.engine import lifecycle, machine
from trex_app.engine.definition import Json
from trex_app.engine.session import Session
from trex_app.services.outcomes import Outcomes
from trex_app.services.outside import Outside
from trex_app.services.presentation import unmasked
from trex_app.services.programs import Programs
from trex_app.services.sessions import MAX_ATTEMPTS, TOO_BUSY, Sessions
from trex_app.services.views import Caller

RECOGNISED_BY_KEY = (ValidationFailed, StaleStep, SealedStep, SessionCompleted, Unavailable)
"""Refusals of a submit before its idempotency key is looked at; a repeat is answered as before."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One submit as it came in."""

    step: str
    data: Mapping[str, Json]
    revision: int | None = None
    idempotency_key: str | None = None


class Submissions:
    """Decides on submits, saves them, and knows a repeated one again."""

    def __init__(
        self,
        database: Database,
        store: SessionStore,
        sessions: Sessions,
        programs: Programs,
        outside: Outside,
        outcomes: Outcomes,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._sessions = sessions
        self._programs = programs
        self._outside = outside
        self._outcomes = outcomes
        self._clock = clock

    async def submit(self, caller: Caller, session_id: str, submission: Submission) -> Session:
        """The session after the submit; after a repeated one, as the first one left it.

        Raises ValidationFailed, StaleStep (with the draft), SealedStep, SessionCompleted,
        SessionExpired, IdempotencyMismatch, Unavailable.
        """
        for _ in range(MAX_ATTEMPTS):
            stored = await self._sessions.open_for_change(caller, session_id, self._clock())
            try:
                return await self._submit_once(stored, submission)
            except RevisionConflict:
                continue
            except DuplicateRequest:
                recorded = await self._recorded(session_id, submission)
                return await self._as_left_by(recorded, caller, session_id)
            except RECOGNISED_BY_KEY as error:
                recorded = await self._recorded(session_id, submission)
                if recorded is None:
                    _keep_draft(error, submission)
                    raise
                return await self._as_left_by(recorded, caller, session_id)
        raise Unavailable(TOO_BUSY)

    async def _submit_once(self, stored: StoredSession, submission: Submission) -> Session:
        """Decide and save; raises what forbids it, RevisionConflict or DuplicateRequest."""
        session, now = stored.session, self._clock()
        program = await self._programs.pinned(session.workflow_hash)
        position = machine.position_on_path(program, session, submission.step)
        screen = program.screen(position) if position is not None else None
        data = submission.data
        if position is not None and screen is not None:
            held = session.answer_at(position) or session.dormant_at(position)
            data = unmasked(screen.step, data, held)
        admission = machine.admit(program, session, submission.step, data, now, submission.revision)
        if admission.is_repeat:
            if submission.idempotency_key is not None:
                raise DuplicateRequest
            return session
        snapshots = await self._outside.snapshots(admission)
        turn = machine.submit(program, session, admission, now, snapshots)
        await self._outside.settle(turn)
        data, personal = machine.submitted_facts(admission, snapshots)
        request_hash = self._request_hashes(submission)[0] if submission.idempotency_key else None
        outcome = turn.finish(data, personal, submission.idempotency_key, request_hash)
        await self._outcomes.save(stored, outcome)
        return outcome.session

    async def _recorded(self, session_id: str, submission: Submission) -> RecordedRequest | None:
        """The request recorded under the same key. Raises IdempotencyMismatch for another body."""
        key = submission.idempotency_key
        if key is None:
            return None
        recorded = await self._database.read(
            lambda tx: self._store.find_request(tx, session_id, key)
        )
        if recorded and recorded.request_hash not in self._request_hashes(submission):
            raise IdempotencyMismatch
        return recorded

    async def _as_left_by(
        self, recorded: RecordedRequest | None, caller: Caller, session_id: str
    ) -> Session:
        fresh = (await self._sessions.open(caller, session_id)).session
        if recorded is None:
            return fresh
        return lifecycle.as_of(fresh, recorded.to, recorded.revision)

    def _request_hashes(self, submission: Submission) -> tuple[str, ...]:
        """What tells two requests under one idempotency key apart; the current secret's first."""
        return self._sessions.fingerprints([submission.step, dict(submission.data)])


def _keep_draft(error: TrexError, submission: Submission) -> None:
    if isinstance(error, StaleStep):
        # As it was typed: a mask must not come back as the value it stands for.
        error.draft = dict(submission.data)
