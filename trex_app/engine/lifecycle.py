"""What time and resuming do to a session as a whole."""

from dataclasses import dataclass, replace
from datetime import datetime

from trex_app.core.errors import Conflict, SessionExpired
from trex_app.engine.definition import Json
from trex_app.engine.history import Event, EventKind
from trex_app.engine.session import Position, Session, Status
from trex_app.engine.walk import Request

REMINDER_EMAIL = "reminderEmail"


class StillUnderWay(Conflict):
    """A session is to be started anew that can still be gone on with."""

    code = "still_under_way"
    default_message = (
        "This journey is still under way. Please go on with it, or start a new one without it."
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished turn decided: the new session, its facts, and the effects to start."""

    session: Session
    events: tuple[Event, ...]
    effects: tuple[Request, ...] = ()


def check_not_expired(session: Session, now: datetime) -> None:
    """Raises SessionExpired for a session that was left alone for too long."""
    if session.status is Status.EXPIRED or is_overdue(session, now):
        raise SessionExpired


def check_is_over(session: Session, now: datetime) -> None:
    """Raises StillUnderWay for a session that has neither ended nor expired."""
    if session.status is Status.ACTIVE and not is_overdue(session, now):
        raise StillUnderWay


def is_overdue(session: Session, now: datetime) -> bool:
    """Whether an active session's time has run out, marked so or not."""
    return session.status is Status.ACTIVE and now > session.expires_at


def expire(session: Session, now: datetime) -> Outcome:
    """Mark an overdue session as expired."""
    expired = replace(session, status=Status.EXPIRED, revision=session.revision + 1)
    here = session.cursor
    return Outcome(expired, (Event(EventKind.EXPIRED, now, expired.revision, here, here),))


def as_of(session: Session, cursor: Position, revision: int) -> Session:
    """The session as a recorded request left it: its cursor and revision at that time."""
    is_on_path = cursor in session.path
    return replace(session, cursor=cursor, revision=revision) if is_on_path else session


def resumed(session: Session, now: datetime) -> Outcome:
    """Note that a session was taken up again through a resume link."""
    taken_up = replace(session, revision=session.revision + 1, updated_at=now)
    here = session.cursor
    return Outcome(taken_up, (Event(EventKind.RESUMED, now, taken_up.revision, here, here),))


def saved(session: Session, now: datetime, reminder_email: str | None) -> Outcome:
    """Note that a way back was asked for, and where the person agreed to be reminded."""
    context = dict(session.context)
    if reminder_email is not None:
        context[REMINDER_EMAIL] = reminder_email
    kept = replace(session, context=context, revision=session.revision + 1, updated_at=now)
    here = session.cursor
    personal = {"reminder_email": reminder_email}
    event = Event(EventKind.SAVED, now, kept.revision, here, here, personal=personal)
    return Outcome(kept, (event,))


def context_to_inherit(session: Session) -> dict[str, Json]:
    """What a session that is started from this one takes over of its context.

    Not where to send reminders: that was agreed to for this one, and a start's context stands in
    plain history.
    """
    return {key: value for key, value in session.context.items() if key != REMINDER_EMAIL}
