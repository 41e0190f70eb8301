"""What a caller is shown of a session: the step to draw, and how to go on from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trex_app.engine.definition import EMPTY, Json

MASK = "•••"
"""Stands for a credit-class value that is held; sent back, it means "unchanged"."""


@dataclass(frozen=True, slots=True)
class PathEntry:
    """An answered screen on the path, or the current one."""

    step_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far along: screens done, and screens of the longest way still possible in all."""

    done: int
    expected: int


@dataclass(frozen=True, slots=True)
class StepView:
    """One step, ready to be drawn; texts are in the session's language.

    `validation_rules` is the JSON Schema of the fields; `answers` what this step holds, with
    credit-class values masked, or the prefill; `messages` are sentences for the person (for
    example that saved data is shown); `lookups` names what may be asked while the step is open.
    `session_token` is set only by start and resume;
    `expires_at` is when the session does, in UTC, unless it goes on before.
    `is_sealed` says that no answer of this step can change any more; `given` are then its answers
    as text, `[{label, value, step}]`.
    `ui_config` holds title, intro, links [{to, title}], fields (ordered; each with name, title,
    help, widget, type, options, is_required, …) and whatever the definition's `ui` adds.
    """

    session_id: str
    workflow_type: str
    status: str
    step_id: str
    component_name: str
    data: Mapping[str, Json]
    validation_rules: Mapping[str, Json]
    can_go_back: bool
    next_step_id: str | None
    path: tuple[PathEntry, ...]
    ui_config: Mapping[str, Json]
    revision: int
    progress: Progress
    answers: Mapping[str, Json] = field(default=EMPTY)
    messages: tuple[str, ...] = ()
    lookups: tuple[str, ...] = ()
    session_token: str | None = None
    expires_at: datetime | None = None
    is_sealed: bool = False
    given: tuple[Mapping[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the visitor cookie's id, the session tokens that came along, and the language.

    Without a `locale` the one in the session's context counts, else English. A journey that is
    begun on a tenant's page carries its `tenant`. In a frame, `session_key` says which of the
    page's widgets it is: each has journeys of its own, none of which another can open.
    """

    visitor: str | None = None
    tokens: frozenset[str] = frozenset()
    locale: str | None = None
    tenant: str | None = None
    session_key: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One fact of a session's history, without personal values."""

    kind: str
    at: str
    revision: int
    step_id: str
    to_step_id: str
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class ResumeLink:
    """A single-use way back into a session. `token` is shown once and stored hashed.

    Saving moves the session on: `revision` is the one it has now.
    """

    token: str
    expires_at: str
    revision: int
