"""Decides what a start, a submit, a step back or a jump does to a session.

Nothing here reads a clock, a database or a partner. A decision that needs something from outside
is a `Turn` with a `pending` request: the caller supplies the value and the turn goes on. Once
nothing is pending, `Turn.finish` yields the new session and the facts that made it so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from trex_app.core.errors import (
    Conflict,
    FieldError,
    SessionCompleted,
    StaleStep,
    ValidationFailed,
)
from trex_app.engine.cells import Cells
from trex_app.engine.definition import EMPTY, End, Json, Pii
from trex_app.engine.history import Event, EventKind
from trex_app.engine.lifecycle import Outcome, check_not_expired
from trex_app.engine.program import Program, ScreenNode
from trex_app.engine.session import (
    Answer,
    Answers,
    Position,
    Session,
    Source,
    Status,
    answer_to_json,
    result_to_json,
)
from trex_app.engine.validation import shown_name
from trex_app.engine.walk import Request, RequestKind, Walk, environment_of

CONTEXT_TEXT_MAX = 80
"""The longest text that a client may set in a context: what the tenant column holds."""


class NoPreviousStep(Conflict):
    """Back was asked for on the first step."""

    code = "no_previous_step"
    default_message = "This is the first step; there is nothing to go back to."


class StepNotReached(Conflict):
    """A step was asked for that the person's answers do not lead to."""

    code = "step_not_reached"
    default_message = "Your answers have not led to this step. Please go on from the current one."


@dataclass(frozen=True, slots=True)
class Admission:
    """How a submit was received: where it stands, and with which normalised values.

    `held` is the equal answer the session already has, if it has one. `is_repeat` means that
    the request is late and its answer is held, so nothing is left to decide.
    """

    node: ScreenNode
    values: Mapping[str, Json]
    held: Answer | None = None
    is_repeat: bool = False


class Turn:
    """A decision in progress. Supply what is `pending` until nothing is, then `finish`."""

    def __init__(self, walk: Walk, kind: EventKind, position: Position) -> None:
        self._walk = walk
        self._kind = kind
        self._position = position
        self._supplied: list[Json] = []
        self._effects: list[Request] = []
        self.pending: Request | None = walk.proceed()

    def supply(self, value: Json, source: Source = Source.LIVE) -> None:
        """Answer the pending request and go on."""
        request = self.pending
        if request is None:
            raise ValueError("Nothing is pending")
        result = self._walk.supply(request, value, source)
        if request.kind is RequestKind.EFFECT:
            self._effects.append(request)
        self._supplied.append([*request.position, result_to_json(result)])
        self.pending = self._walk.proceed()

    def finish(
        self,
        data: Mapping[str, Json] = EMPTY,
        personal: Mapping[str, Json] = EMPTY,
        idempotency_key: str | None = None,
        request_hash: str | None = None,
    ) -> Outcome:
        """The new session and its facts. Raises SealedStep when something sent would be undone."""
        self._walk.check_sealed()
        session = self._settled()
        fact = Event(
            kind=self._kind,
            at=self._walk.now,
            revision=session.revision,
            position=self._position,
            to=session.cursor,
            data=data,
            # Results may say where a person lives (a distance) and are hashed over their answers.
            personal={**personal, "results": self._supplied} if self._supplied else personal,
            idempotency_key=idempotency_key,
            request_hash=request_hash,
        )
        return Outcome(session, (fact, *_completion(self._walk, session)), tuple(self._effects))

    def _settled(self) -> Session:
        walk, before = self._walk, self._walk.session
        ends = walk.program.ends_session(walk.path[-1])
        lifetime = timedelta(hours=walk.program.workflow.ttl_hours)
        return replace(
            before,
            status=Status.COMPLETED if ends else Status.ACTIVE,
            cursor=_screen_after(walk, self._position),
            path=tuple(walk.path),
            answers=walk.answers.freeze(),
            dormant=walk.dormant.freeze(),
            results=walk.results.freeze(),
            dormant_results=walk.dormant_results.freeze(),
            inputs=walk.inputs,
            revision=before.revision + 1,
            updated_at=walk.now,
            expires_at=walk.now + lifetime,
        )


def _completion(walk: Walk, session: Session) -> tuple[Event, ...]:
    was_complete = walk.session.status is Status.COMPLETED
    if session.status is not Status.COMPLETED or was_complete:
        return ()
    end = session.path[-1]
    step = walk.program.nodes[end].step
    data = {"outcome": step.outcome} if isinstance(step, End) else {}
    return (Event(EventKind.COMPLETED, walk.now, session.revision, end, end, data),)


def _screen_after(walk: Walk, position: Position) -> Position:
    """The next screen on the path behind `position`; where there is none, the path's last step."""
    begin = walk.path.index(position) + 1 if position in walk.path else 0
    for later in walk.path[begin:]:
        if walk.program.screen(later) is not None:
            return later
    return walk.path[-1]


def start(
    program: Program,
    session_id: str,
    now: datetime,
    context: Mapping[str, Json] = EMPTY,
    dormant: Answers = EMPTY,
    salt: str = "",
) -> Turn:
    """Begin a session; `dormant` are answers of an earlier one to take up where still valid.

    `salt` is random and goes when the session is erased: see `Session`.
    """
    blank = Session(
        session_id=session_id,
        workflow_id=program.id,
        workflow_hash=program.hash,
        status=Status.ACTIVE,
        cursor=program.start,
        path=(),
        revision=0,
        created_at=now,
        updated_at=now,
        expires_at=now,
        dormant=dormant,
        context=context,
        salt=salt,
    )
    return _Start(Walk(program, blank, now), EventKind.STARTED, program.start)


def started_facts(
    program: Program, context: Mapping[str, Json], dormant: Answers = EMPTY, salt: str = ""
) -> tuple[dict[str, Json], dict[str, Json]]:
    """What history keeps of a start: the plain part, and the personal part to encrypt."""
    data = {"workflow": program.id, "hash": program.hash, "context": dict(context)}
    given = {
        frame: {step: answer_to_json(answer) for step, answer in steps.items()}
        for frame, steps in dormant.items()
    }
    return data, {"salt": salt, **({"dormant": given} if given else {})}


class _Start(Turn):
    """A start looks at the path's frontier: there is no submitted step to go on from."""

    def _settled(self) -> Session:
        session = super()._settled()
        return replace(session, cursor=session.path[-1])


def client_context(program: Program, given: Mapping[str, Json]) -> dict[str, Json]:
    """The context a client may set: short texts under declared keys. Raises ValidationFailed."""
    declared = set(program.workflow.context) | {"locale"}
    errors = [
        FieldError(
            f"context.{shown_name(key)}",
            "unknown_context",
            "This workflow does not take the context key {key}. It takes: {known}.",
            {"key": shown_name(key), "known": ", ".join(sorted(declared))},
        )
        for key in given
        if key not in declared
    ]
    errors += [
        FieldError(
            f"context.{key}",
            "invalid_context",
            "A context value is a text of at most {max} characters.",
            {"max": CONTEXT_TEXT_MAX},
        )
        for key, value in given.items()
        if key in declared and not _is_context_text(value)
    ]
    if errors:
        raise ValidationFailed(errors)
    # Conditions ask with has() whether a key is set, and then take it for a text.
    return {key: value for key, value in given.items() if value is not None}


def _is_context_text(value: Json) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= CONTEXT_TEXT_MAX)


def admit(
    program: Program,
    session: Session,
    step: str,
    values: Mapping[str, Json],
    now: datetime,
    revision: int | None = None,
) -> Admission:
    """Decide whether a submit may be looked at, and normalise its values.

    Raises SessionExpired, StaleStep (draft kept), SessionCompleted, or ValidationFailed.
    """
    check_not_expired(session, now)
    position = position_on_path(program, session, step)
    is_current = session.cursor.step == step and revision in (None, session.revision)
    node = program.screen(position) if position is not None else None
    if position is None or node is None:
        raise _not_held(session, values)
    env = environment_of(program, session, position.frame)
    normalised = node.validator.without_needless(node.validator.normalise(values), env)
    held = session.answer_at(position)
    if held is not None and held.holds(normalised):
        return Admission(node, normalised, held, is_repeat=not is_current)
    if not is_current or session.status is Status.COMPLETED:
        raise _not_held(session, values)
    errors = node.validator.errors(normalised, env, now.date())
    if errors:
        raise ValidationFailed(errors)
    return Admission(node, normalised)


def _not_held(session: Session, draft: Mapping[str, Json]) -> Conflict:
    if session.status is Status.COMPLETED:
        return SessionCompleted()
    return StaleStep(draft=draft)


def position_on_path(
    program: Program, session: Session, step: str, member: str = "currentStep"
) -> Position | None:
    """Where `step` stands on the path, or None.

    Raises ValidationFailed for an unknown step, naming the `member` of the request it came in.
    """
    candidates = program.positions_of(step)
    if not candidates:
        error = FieldError(
            member,
            "unknown_step",
            "There is no step of this name in the workflow {workflow}.",
            {"workflow": program.id},
        )
        raise ValidationFailed([error])
    if session.cursor in candidates:
        return session.cursor
    return next((position for position in session.path if position in candidates), None)


def submit(
    program: Program,
    session: Session,
    admission: Admission,
    now: datetime,
    snapshots: Mapping[str, Json] = EMPTY,
) -> Turn:
    """Take an admitted answer and walk on from it.

    An equal answer walks on as well: a lookup behind it may have grown old, or have come from a
    fallback. Only a completed session stays as it is and just moves its cursor.
    """
    walk = Walk(program, session, now)
    node = admission.node
    if session.status is not Status.COMPLETED:
        answer = admission.held or Answer(admission.values, walk.basis_of(node), snapshots)
        walk.answer(node, answer)
    return Turn(walk, EventKind.SUBMITTED, node.position)


def submitted_facts(
    admission: Admission, snapshots: Mapping[str, Json]
) -> tuple[dict[str, Json], dict[str, Json]]:
    """What history keeps of a submit: the plain part, and the personal part to encrypt."""
    fields = admission.node.step.fields
    plain: dict[str, Json] = {}
    personal: dict[str, Json] = {}
    for name, value in admission.values.items():
        is_personal = fields[name].pii is not Pii.NONE
        (personal if is_personal else plain)[name] = value
    data: dict[str, Json] = {"values": plain}
    if snapshots:
        data["snapshots"] = dict(snapshots)
    return data, {"values": personal} if personal else {}


def back(
    program: Program, session: Session, step: str, now: datetime, revision: int | None = None
) -> Outcome | None:
    """Move the cursor to the screen before it; None where a stale request moves nothing.

    Raises SessionExpired, NoPreviousStep.
    """
    check_not_expired(session, now)
    position_on_path(program, session, step)
    if step != session.cursor.step or revision not in (None, session.revision):
        return None
    earlier = session.navigation_history
    if not earlier:
        raise NoPreviousStep
    return moved(session, earlier[-1], EventKind.BACK, now)


def goto(
    program: Program, session: Session, step: str, now: datetime, revision: int | None = None
) -> Outcome | None:
    """Move the cursor to a screen on the path; None where nothing moves.

    Raises SessionExpired, StepNotReached, ValidationFailed (unknown step).
    """
    check_not_expired(session, now)
    position = position_on_path(program, session, step, member="step")
    if revision not in (None, session.revision) or position == session.cursor:
        return None
    if position is None or not _can_be_shown(program, session, position):
        raise StepNotReached
    return moved(session, position, EventKind.WENT, now)


def _can_be_shown(program: Program, session: Session, position: Position) -> bool:
    return program.screen(position) is not None or position == session.path[-1]


def moved(session: Session, to: Position, kind: EventKind, now: datetime) -> Outcome:
    """Set the cursor; nothing is deleted."""
    session_after = replace(session, cursor=to, revision=session.revision + 1, updated_at=now)
    return Outcome(session_after, (Event(kind, now, session_after.revision, session.cursor, to),))


def rewalk(program: Program, session: Session, now: datetime) -> Walk:
    """A walk from the very start over all that was ever given, to compare or to try a new version.

    Effects already done stay done. Proceed and supply as for any other walk.
    """
    blank = replace(
        session,
        path=(),
        answers=EMPTY,
        dormant=merged(session.dormant, session.answers),
        dormant_results=merged(session.dormant_results, session.results),
        inputs=EMPTY,
    )
    walk = Walk(program, blank, now)
    walk.results = Cells(EMPTY)
    return walk


def merged(
    under: Mapping[str, Mapping[str, Any]], over: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Two tables in one; `over` wins."""
    frames = {frame: dict(steps) for frame, steps in under.items()}
    for frame, steps in over.items():
        frames.setdefault(frame, {}).update(steps)
    return frames
