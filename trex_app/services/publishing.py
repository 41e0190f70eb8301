"""Publishing: what a new version of a workflow changes, and what it would mean for open sessions.

New sessions use what is published. Open ones keep their version; only a change that is
presentation alone reaches them (`services.programs`). Which of them a new version could carry on
is tried here, on copies, with stored results only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound, SealedStep, TrexError
from trex_app.db import version_store
from trex_app.db.session_store import SessionStore
from trex_app.db.transaction import Database, Transaction
from trex_app.db.version_store import OpenSessions
from trex_app.engine import lifecycle, machine
from trex_app.engine.definition import EMPTY, Json, Workflow
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.session import Session, StepResult
from trex_app.engine.walk import Request, RequestKind, Walk
from trex_app.services.differences import Change, differences

SESSIONS_PER_READ = 200


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open session that could not be carried on by the new version, and why."""

    session_id: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What publishing one workflow would do. `published` is None for a workflow's first time.

    `stuck` are the open sessions that the new version could not carry on; they are not moved.
    """

    workflow: Workflow
    published: Workflow | None
    changes: Sequence[Change]
    open_sessions: Sequence[OpenSessions]
    stuck: Sequence[Stuck]

    @property
    def is_presentation_only(self) -> bool:
        """Whether the change reaches open sessions, because it only touches looks."""
        old = self.published
        return old is not None and old.behaviour_hash == self.workflow.behaviour_hash

    def as_json(self) -> dict[str, Json]:
        """The shape that `workflows publish --json` prints."""
        return {
            "workflow": self.workflow.id,
            "hash": self.workflow.hash,
            "published_hash": self.published.hash if self.published is not None else None,
            "is_presentation_only": self.is_presentation_only,
            "changes": [change.as_json() for change in self.changes],
            "open_sessions": [row._asdict() for row in self.open_sessions],
            "stuck": [
                {"session_id": one.session_id, "step": one.step, "reason": one.reason}
                for one in self.stuck
            ],
        }


class Publishing:
    """Plans and publishes versions of `workflows`, the checked ones of the files."""

    def __init__(
        self,
        database: Database,
        store: SessionStore,
        workflows: Mapping[str, Workflow],
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._workflows = workflows
        self._clock = clock

    async def plan(self, workflow_id: str | None = None) -> list[Plan]:
        """What would be published: one workflow with all that call it, or every one.

        A call pins what it calls, so a change reaches people only with its callers. Workflows that
        are published as they are do not appear. Raises NotFound.
        """
        ids = sorted(self._workflows) if workflow_id is None else self._with_callers(workflow_id)
        wanted = [self._workflows[each] for each in ids]
        plans = await self._database.read(
            lambda tx: [plan for w in wanted if (plan := _plan(tx, w)) is not None]
        )
        return [replace(plan, stuck=await self._stuck(plan)) for plan in plans]

    async def publish(self, plans: Sequence[Plan]) -> None:
        """Make the planned versions the ones that new sessions start with, all or none."""
        now = self._clock()

        def work(tx: Transaction) -> None:
            for plan in plans:
                version_store.publish(tx, plan.workflow, now)

        await self._database.write(work)

    def _with_callers(self, workflow_id: str) -> list[str]:
        if workflow_id not in self._workflows:
            raise NotFound(
                "There is no workflow called {name}. There are: {known}.",
                name=workflow_id[:64],
                known=", ".join(sorted(self._workflows)),
            )
        callers = [w.id for w in self._workflows.values() if _calls(w, workflow_id)]
        return [workflow_id, *sorted(callers)]

    async def _stuck(self, plan: Plan) -> tuple[Stuck, ...]:
        """The open sessions that the plan's version could not carry on, looked at in batches.

        One transaction over all of them would hold its snapshot of the database for minutes.
        """
        if plan.is_presentation_only:
            return ()
        program = Program(plan.workflow)
        ids = await self._database.read(
            lambda tx: list(version_store.open_session_ids(tx, program.id))
        )
        found: list[Stuck] = []
        for start in range(0, len(ids), SESSIONS_PER_READ):
            batch = ids[start : start + SESSIONS_PER_READ]
            found += await self._database.read(partial(self._stuck_among, program, batch))
        return tuple(found)

    def _stuck_among(
        self, program: Program, session_ids: Sequence[str], tx: Transaction
    ) -> list[Stuck]:
        now = self._clock()
        stuck: list[Stuck] = []
        for session_id in session_ids:
            stored = self._store.load(tx, session_id)
            if stored is None or lifecycle.is_overdue(stored.session, now):
                continue
            session = stored.session
            reason = hindrance(program, session, now)
            if reason is not None:
                stuck.append(Stuck(session_id, session.current_step, reason))
        return stuck


def _plan(tx: Transaction, workflow: Workflow) -> Plan | None:
    """The plan without who would be stuck, or None where nothing changed."""
    published = _published(tx, workflow.id)
    if published is not None and published.hash == workflow.hash:
        return None
    return Plan(
        workflow=workflow,
        published=published,
        changes=tuple(differences(published, workflow)),
        open_sessions=tuple(version_store.open_sessions_by_step(tx, workflow.id)),
        stuck=(),
    )


def _calls(workflow: Workflow, workflow_id: str) -> bool:
    return any(
        called.id == workflow_id or _calls(called, workflow_id)
        for called in workflow.calls.values()
    )


def _published(tx: Transaction, workflow_id: str) -> Workflow | None:
    published = version_store.published(tx, workflow_id)
    version = version_store.load_version(tx, published) if published is not None else None
    return from_source(version.sources)[workflow_id] if version is not None else None


def hindrance(program: Program, session: Session, now: datetime) -> str | None:
    """Why `program` could not carry the session on at the step where it stands, or None.

    Walks a copy anew with the answers given. Lookups are answered from what the session has
    stored, never from outside, and nothing is sent.
    """
    if session.workflow_hash == program.hash:
        return None
    if session.cursor not in program.nodes:
        return "the step no longer exists"
    walk = machine.rewalk(program, session, now)
    try:
        obstacle = _walked(walk, session)
        walk.check_sealed()
    except SealedStep:
        return "something that has been sent would be undone"
    except TrexError as error:
        return f"its answers do not fit the new version ({error.code})"
    if session.cursor in walk.path:
        return None
    return obstacle or f"{walk.path[-1].step} would have to be answered again"


def _walked(walk: Walk, session: Session) -> str | None:
    """Go as far as what is stored leads; what is missing beyond, or None."""
    while (request := walk.proceed()) is not None:
        if request.kind is RequestKind.EFFECT:
            return f"{request.position.step} would have to be sent first"
        stored = _stored_result(session, request)
        if stored is None:
            return f"{request.position.step} has not been looked up"
        walk.supply(request, stored.value, stored.source)
    return None


def _stored_result(session: Session, request: Request) -> StepResult | None:
    frame, step = request.position
    dormant = session.dormant_results.get(frame, EMPTY).get(step)
    return session.result_at(request.position) or dormant
