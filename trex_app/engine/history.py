"""What happened to a session, as facts from which its state can be rebuilt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trex_app.engine.definition import EMPTY, Json
from trex_app.engine.session import Position


class EventKind(StrEnum):
    """The kinds of facts a history holds.

    `MOVED` belongs to the published form of a history. Nothing writes it: moves of the cursor are
    `BACK` and `WENT`, and publishing leaves open sessions on their version.
    """

    STARTED = "started"
    SUBMITTED = "submitted"
    MOVED = "moved"
    BACK = "back"
    WENT = "went"
    SAVED = "saved"
    RESUMED = "resumed"
    EFFECT_DONE = "effect_done"
    EXPIRED = "expired"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `position` is the step it is about, `to` the step the session stood at afterwards.

    `data` never holds personal values; `personal` does, and is stored encrypted with the
    session's own key. `request_hash` is a keyed digest of the request behind an idempotency key.
    """

    kind: EventKind
    at: datetime
    revision: int
    position: Position
    to: Position
    data: Mapping[str, Json] = field(default=EMPTY)
    personal: Mapping[str, Json] = field(default=EMPTY)
    idempotency_key: str | None = None
    request_hash: str | None = None
