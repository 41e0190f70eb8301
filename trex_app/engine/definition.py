"""What a workflow definition says, as frozen values.

The YAML spelling of each attribute is documented in `workflows/schema.json`; `loader` turns one
into the other. Texts stay in the language they were written in; `core.texts` translates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from trex_app.engine.conditions import Expression

Json: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict of the same."""


class _EmptyMapping(dict[str, Any]):
    """A mapping that stays without entries. Hashable, as a dataclass demands of a default.

    It is a dict because reading it is on every hot path, and dicts are read without any Python.
    """

    __slots__ = ()

    def __hash__(self) -> int:  # pyright: ignore[reportIncompatibleVariableOverride]
        return 0

    def __setitem__(self, key: str, value: Any) -> None:
        raise TypeError("The shared empty mapping stays empty")


EMPTY: Mapping[str, Any] = _EmptyMapping()


class Pii(StrEnum):
    """How personal a field is, and so how it is stored, shown and logged."""

    NONE = "none"
    CONTACT = "contact"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True)
class OptionsFrom:
    """Where a field's options come from: a list in the step's `data`.

    `data` is the key of the list, `value` the key of the value in each row; `title` and `details`
    are the row's keys shown for a choice.
    """

    data: str
    value: str
    title: tuple[str, ...]
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a screen asks. `schema` is plain JSON Schema (type, enum, minimum, …)."""

    name: str
    schema: Mapping[str, Json]
    title: str
    help: str = ""
    placeholder: str = ""
    widget: str = ""
    pii: Pii = Pii.NONE
    is_required: bool = False
    required_when: Expression | None = None
    is_past: bool = False
    """Whether a date must lie before the day it is given on."""
    exists: str | None = None
    prefill: Expression | None = None
    labels: Mapping[str, str] = EMPTY
    messages: Mapping[str, str] = EMPTY
    """What to say instead of the usual sentence, by JSON Schema keyword (`pattern: Enter …`)."""
    options_from: OptionsFrom | None = None

    @property
    def is_list(self) -> bool:
        """Whether an answer holds several values."""
        return self.schema.get("type") == "array"

    def items(self, value: Json) -> list[Json]:
        """A given value as a list of its items: one, unless the field holds several."""
        return list(value) if self.is_list else [value]


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim over the step's own fields (as bare names) and what is known before it."""

    claim: Expression
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Transition:
    """Where to go. `when` is None for the final, unconditional transition."""

    to: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class DataSource:
    """One entry of a screen's `data`: an expression's value, or a provider's answer.

    Without `as_key` the value is a map merged into `data`; with it, it stands under that key.
    `when` leaves the entry out unless it holds.
    """

    value: Expression | None = None
    provider: str | None = None
    input: Mapping[str, Expression] = EMPTY
    as_key: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An earlier screen this one offers to go back to."""

    to: str
    title: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A step a person sees and answers."""

    id: str
    component: str
    title: str
    intro: str = ""
    fields: Mapping[str, Field] = EMPTY
    rules: tuple[Rule, ...] = ()
    data: tuple[DataSource, ...] = ()
    result: Mapping[str, Expression] = EMPTY
    """Values derived from the answer, kept as this step's result (`results.<step>.<name>`)."""
    lookups: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    ui: Mapping[str, Json] = EMPTY
    next: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """An automatic, read-only step; its value becomes `results.<step>`."""

    id: str
    lookup: str
    input: Mapping[str, Expression] = EMPTY
    has_fallback: bool = False
    max_age_minutes: int = 30
    title: str = ""
    next: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """An automatic step that changes the world, once; its result is sealed."""

    id: str
    effect: str
    input: Mapping[str, Expression] = EMPTY
    title: str = ""
    next: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Another workflow as a subflow; its outputs become `results.<step>`, unless it is a tail."""

    id: str
    workflow: str
    input: Mapping[str, Expression] = EMPTY
    context: Mapping[str, str] = EMPTY
    is_tail: bool = False
    next: tuple[Transition, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """Where a workflow ends. Shown only when it ends the session, not a called workflow."""

    id: str
    outcome: str
    component: str = ""
    title: str = ""
    intro: str = ""
    data: tuple[DataSource, ...] = ()
    events: tuple[str, ...] = ()
    ui: Mapping[str, Json] = EMPTY


Step: TypeAlias = Screen | Lookup | Effect | Call | End


@dataclass(frozen=True, slots=True)
class Workflow:
    """One checked definition.

    `source` is the definition as canonical JSON value (what versions store); `hash` covers it and
    the hashes of the workflows it calls; `behaviour_hash` leaves out what only changes how it
    looks (titles, help, labels, intro, placeholder, messages, ui, component, widget).
    """

    id: str
    title: str
    start: str
    steps: Mapping[str, Step]
    source: Mapping[str, Json]
    hash: str
    behaviour_hash: str
    description: str = ""
    inputs: Mapping[str, Mapping[str, Json]] = EMPTY
    outputs: Mapping[str, Expression] = EMPTY
    context: tuple[str, ...] = ()
    """The context keys a client may set at the start."""
    ttl_hours: int = 72
    remind_after_hours: int = 24
    calls: Mapping[str, "Workflow"] = field(default=EMPTY)
    """Every workflow called directly, by id."""
