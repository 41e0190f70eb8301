"""Journeys: load, decide, save. The REST API and the pages both come through here.

Each call opens the caller's session, lets `engine.machine` decide, fetches what the decision needs
from outside before any transaction is open, and saves state, history and jobs in one commit.
"""

import secrets
import uuid
from collections.abc import Mapping

import structlog

from trex_app.core.clock import Clock
from trex_app.core.errors import Forbidden, NotFound, StaleStep
from trex_app.core.tracing import traced
from trex_app.db.session_store import RevisionConflict, SessionStore, StoredSession
from trex_app.db.transaction import Database
from trex_app.engine import lifecycle, machine
from trex_app.engine.definition import EMPTY, Json
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.outline import outline
from trex_app.engine.program import Program
from trex_app.engine.session import Answers, Session, Status
from trex_app.services.capabilities import Capabilities
from trex_app.services.carried_over import carried_over
from trex_app.services.offering import offered
from trex_app.services.outcomes import Outcomes
from trex_app.services.outside import Outside
from trex_app.services.presentation import Presenter, field_config, locale_of
from trex_app.services.programs import Programs
from trex_app.services.refusals import notes_refusals
from trex_app.services.resume_links import ResumeLinks
from trex_app.services.sessions import Sessions, owner_of
from trex_app.services.submissions import Submission, Submissions
from trex_app.services.summary import answers_to_share
from trex_app.services.tenants import is_offered, may_share_answers
from trex_app.services.views import Caller, HistoryEntry, ResumeLink, StepView

log = structlog.get_logger(__name__)
DEFAULT_WORKFLOW = "entry"
SALT_BYTES = 16


class Journeys:
    """What people, pages and programs can do with a journey."""

    def __init__(
        self,
        database: Database,
        store: SessionStore,
        sessions: Sessions,
        programs: Programs,
        capabilities: Capabilities,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._sessions = sessions
        self._programs = programs
        self._capabilities = capabilities
        self._outside = Outside(capabilities)
        self._outcomes = Outcomes(database, store, capabilities)
        self._submissions = Submissions(
            database, store, sessions, programs, self._outside, self._outcomes, clock
        )
        self._presenter = Presenter(capabilities)
        self._resume_links = ResumeLinks(database, store, sessions, clock)
        self._clock = clock

    @traced("workflow.start")
    @notes_refusals
    async def start(
        self,
        caller: Caller,
        workflow_type: str | None = None,
        session_id: str | None = None,
        context: Mapping[str, Json] = EMPTY,
    ) -> StepView:
        """Begin a journey, or take up the caller's own one of that id.

        Raises NotFound for an unknown workflow and for one that the caller's tenant may not show,
        Forbidden for somebody else's session, ValidationFailed for context keys the workflow does
        not declare, SessionExpired.
        """
        if session_id is not None:
            existing = await self._existing(caller, session_id)
            if existing is not None:
                return await self._show(caller, existing.session, with_token=True)
        program = await self._programs.current(workflow_type or DEFAULT_WORKFLOW)
        full = self._context(caller, machine.client_context(program, context))
        new_id = session_id or str(uuid.uuid4())
        try:
            return await self._begin(caller, program, new_id, full)
        except RevisionConflict:
            # Somebody began a session of this id meanwhile, or its person was erased.
            existing = await self._existing(caller, new_id)
            if existing is None:
                raise Forbidden from None
            return await self._show(caller, existing.session, with_token=True)

    @notes_refusals
    async def latest_session(self, caller: Caller, workflow_type: str) -> str | None:
        """The id of the journey of this kind that the visitor started last, if any."""
        owner = owner_of(caller)
        if owner is None:
            return None
        return await self._database.read(lambda tx: self._store.latest_of(tx, owner, workflow_type))

    @traced("workflow.submit")
    @notes_refusals
    async def submit(
        self,
        caller: Caller,
        session_id: str,
        step: str,
        data: Mapping[str, Json],
        revision: int | None = None,
        idempotency_key: str | None = None,
    ) -> StepView:
        """Answer a step, exactly once, and yield the next one.

        Raises ValidationFailed, StaleStep (with the current step and the draft), SealedStep,
        SessionCompleted, SessionExpired, IdempotencyMismatch, Unavailable.
        """
        submission = Submission(step, data, revision, idempotency_key)
        try:
            session = await self._submissions.submit(caller, session_id, submission)
        except StaleStep as error:
            error.current = await self.show(caller, session_id)
            raise
        return await self._show(caller, session)

    @traced("workflow.back")
    @notes_refusals
    async def back(
        self, caller: Caller, session_id: str, step: str, revision: int | None = None
    ) -> StepView:
        """Look at the screen before `step`; a stale request moves nothing."""
        stored = await self._sessions.open_for_change(caller, session_id, self._clock())
        program = await self._programs.pinned(stored.session.workflow_hash)
        outcome = machine.back(program, stored.session, step, self._clock(), revision)
        return await self._move(caller, stored, outcome)

    @traced("workflow.goto")
    @notes_refusals
    async def goto(
        self, caller: Caller, session_id: str, step: str, revision: int | None = None
    ) -> StepView:
        """Look at a screen on the path; a stale request moves nothing. Raises StepNotReached."""
        stored = await self._sessions.open_for_change(caller, session_id, self._clock())
        program = await self._programs.pinned(stored.session.workflow_hash)
        outcome = machine.goto(program, stored.session, step, self._clock(), revision)
        return await self._move(caller, stored, outcome)

    @traced("workflow.show")
    @notes_refusals
    async def show(self, caller: Caller, session_id: str) -> StepView:
        """The current step."""
        stored = await self._sessions.open_for_change(caller, session_id, self._clock())
        return await self._show(caller, stored.session)

    @notes_refusals
    async def fields(self, caller: Caller, session_id: str, step: str) -> list[Mapping[str, Json]]:
        """What a screen asks, wherever the session stands: a form may come in late.

        As in `StepView.ui_config`, but without the options that come from data. Raises NotFound.
        """
        stored = await self._sessions.open(caller, session_id)
        program = await self._programs.pinned(stored.session.workflow_hash)
        screens = [program.screen(position) for position in program.positions_of(step)]
        node = next((screen for screen in screens if screen is not None), None)
        if node is None:
            raise NotFound
        locale = locale_of(caller, stored.session)
        return [field_config(field, EMPTY, locale) for field in node.step.fields.values()]

    @notes_refusals
    async def lookup(
        self, caller: Caller, session_id: str, step: str, name: str, given: Mapping[str, Json]
    ) -> Json:
        """Ask a lookup that the step declares, while it is open; nothing is stored.

        Raises NotFound for a lookup the step does not declare, ValidationFailed, Unavailable.
        """
        stored = await self._sessions.open_for_change(caller, session_id, self._clock())
        program = await self._programs.pinned(stored.session.workflow_hash)
        position = machine.position_on_path(program, stored.session, step)
        screen = program.screen(position) if position is not None else None
        if screen is None or name not in screen.step.lookups:
            raise NotFound("The step {step} offers no lookup of this name.", step=step[:64])
        self._capabilities.lookups[name].check_input(given)
        value, _ = await self._outside.look_up(name, given, has_fallback=True)
        return value

    @notes_refusals
    async def shared_answers(
        self, caller: Caller, session_id: str
    ) -> Mapping[str, Mapping[str, Json]] | None:
        """What was answered in a completed journey, for the page around the caller's frame.

        By step and field name, but no step that asks for credit data. None where the tenant's
        record does not allow it now.
        """
        tenant = caller.tenant
        if not tenant or not await self._database.read(lambda tx: may_share_answers(tx, tenant)):
            return None
        session = (await self._sessions.open(caller, session_id)).session
        if session.status is not Status.COMPLETED:
            return None
        return answers_to_share(await self._programs.pinned(session.workflow_hash), session)

    @notes_refusals
    async def history(self, caller: Caller, session_id: str) -> list[HistoryEntry]:
        """What happened in a session, without personal values."""
        await self._sessions.open(caller, session_id)
        events = await self._database.read(lambda tx: self._store.events(tx, session_id))
        return [
            HistoryEntry(
                kind=event.kind.value,
                at=event.at.isoformat(),
                revision=event.revision,
                step_id=event.position.step,
                to_step_id=event.to.step,
                data={k: v for k, v in event.data.items() if k in {"values", "outcome"}},
            )
            for event in events
        ]

    @notes_refusals
    async def restart(self, caller: Caller, session_id: str) -> StepView:
        """Start anew with those answers of an expired or ended session that are still valid.

        Raises StillUnderWay for any other.
        """
        old = (await self._sessions.open(caller, session_id)).session
        lifecycle.check_is_over(old, self._clock())
        program = await self._programs.current(old.workflow_id)
        answers = machine.merged(old.dormant, old.answers)
        given = await carried_over(program, answers, self._capabilities.ports)
        context = lifecycle.context_to_inherit(old)
        new_id = str(uuid.uuid4())
        return await self._begin(caller, program, new_id, context, given, session_id)

    @notes_refusals
    async def create_resume_link(
        self,
        caller: Caller,
        session_id: str,
        email: str | None = None,
        *,
        has_consented: bool = False,
    ) -> ResumeLink:
        """A single-use way back into this session; earlier links of it stop working.

        The address is kept, with the session's personal data, only where the person agreed to be
        reminded.
        """
        reminder_email = email if has_consented else None
        return await self._resume_links.create(caller, session_id, reminder_email)

    async def can_resume(self, token: str) -> bool:
        """Whether a resume link would still work; asking does not use it up."""
        return await self._resume_links.is_usable(token)

    @notes_refusals
    async def resume(self, caller: Caller, token: str) -> StepView:
        """Use a resume link up and take the session over. Raises NotFound, SessionExpired."""
        session = await self._resume_links.use(caller, token)
        return await self._show(caller, session, with_token=True)

    @notes_refusals
    async def definitions(self) -> list[dict[str, Json]]:
        """Every workflow that can be started, as a graph for tools."""
        return [await self.definition(workflow_id) for workflow_id in await self._programs.ids()]

    @notes_refusals
    async def offered(self) -> list[Mapping[str, Json]]:
        """The workflows that people may begin by themselves, each as a graph for tools."""
        return offered(await self.definitions())

    @notes_refusals
    async def definition(self, workflow_id: str) -> dict[str, Json]:
        """One workflow as a graph for tools. Raises NotFound."""
        return outline((await self._programs.current(workflow_id)).workflow)

    def _context(self, caller: Caller, given: Mapping[str, Json]) -> dict[str, Json]:
        own = {"locale": caller.locale} if caller.locale else {}
        # Whose page it is, the ticket has said: what a client says of it does not count then.
        checked = {"tenant": caller.tenant} if caller.tenant else {}
        return {**own, **given, **checked}

    async def _existing(self, caller: Caller, session_id: str) -> StoredSession | None:
        found = await self._database.read(lambda tx: self._store.load(tx, session_id))
        if found is None:
            return None
        if caller.visitor is None and not caller.tokens:
            raise Forbidden
        return await self._sessions.open_for_change(caller, session_id, self._clock())

    async def _begin(
        self,
        caller: Caller,
        program: Program,
        session_id: str,
        context: Mapping[str, Json],
        dormant: Answers = EMPTY,
        former: str | None = None,
    ) -> StepView:
        salt = secrets.token_hex(SALT_BYTES)
        await self._check_offer(caller, program.id)
        turn = machine.start(program, session_id, self._clock(), context, dormant, salt)
        await self._outside.settle(turn)
        outcome = turn.finish(*machine.started_facts(program, context, dormant, salt))
        await self._programs.store(program)
        await self._outcomes.insert(outcome, owner_of(caller), former)
        log.info("session_started", session_id=outcome.session.session_id, workflow=program.id)
        return await self._show(caller, outcome.session, with_token=True)

    async def _check_offer(self, caller: Caller, workflow_id: str) -> None:
        """A ticket names a journey, but what a page then begins is its own choice.

        Its socket may also outlive what the tenant was allowed when the ticket was used.
        """
        tenant = caller.tenant
        if tenant and not await self._database.read(lambda tx: is_offered(tx, tenant, workflow_id)):
            raise NotFound

    async def _move(
        self, caller: Caller, stored: StoredSession, outcome: Outcome | None
    ) -> StepView:
        if outcome is None:
            return await self._show(caller, stored.session)
        try:
            await self._outcomes.save(stored, outcome)
        except RevisionConflict:
            # Somebody else moved first: show where the session stands now, and move nothing.
            return await self.show(caller, stored.session.session_id)
        return await self._show(caller, outcome.session)

    async def _show(
        self, caller: Caller, session: Session, *, with_token: bool = False
    ) -> StepView:
        program = await self._programs.as_shown(await self._programs.pinned(session.workflow_hash))
        token = self._sessions.token_for(session.session_id) if with_token else None
        return await self._presenter.view(program, session, locale_of(caller, session), token)
