"""What definitions may name: lookups, effects, data providers and ports where things exist.

The container registers them; the checker refuses a definition that names anything else.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import jsonschema_rs

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.db.transaction import Transaction
from trex_app.engine.checker import CapabilityNames
from trex_app.engine.definition import EMPTY, Json
from trex_app.engine.session import Session
from trex_app.engine.validation import MESSAGES, keyword_fault, shown_name
from trex_app.engine.walk import Request

Find = Callable[[Mapping[str, Json]], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class LookupCapability:
    """A read-only question. `find` may wait for a partner and raises Unavailable when it is away.

    `saved` is the declared fallback: the same question over our own data. `input_schema` is the
    JSON Schema of the input's members, checked when a screen asks.
    """

    find: Find
    saved: Find | None = None
    input_schema: Mapping[str, Json] = field(default=EMPTY)
    _validator: jsonschema_rs.Draft202012Validator = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        validator = jsonschema_rs.Draft202012Validator(object_schema(self.input_schema))
        object.__setattr__(self, "_validator", validator)

    def check_input(self, given: Mapping[str, Json]) -> None:
        """Raises ValidationFailed naming each member of a screen's question that does not fit."""
        faults = [
            fault
            for error in self._validator.iter_errors(dict(given))
            for fault in _input_faults(error)
        ]
        if faults:
            raise ValidationFailed(faults)


@dataclass(frozen=True, slots=True)
class EffectCapability:
    """A change of the world. `begin` yields its first result at once, from input and key alone.

    `record` does the local writes and enqueues the durable job in the submit's own transaction.
    """

    begin: Callable[[Mapping[str, Json], str], Json]
    record: Callable[[Transaction, Session, Request, Json], None]


Snapshots = Callable[[Sequence[str]], Awaitable[Mapping[str, Json]]]
"""Given ids, yields what each one names; an id that names nothing is left out."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Everything definitions may name, by name."""

    lookups: Mapping[str, LookupCapability] = field(default=EMPTY)
    effects: Mapping[str, EffectCapability] = field(default=EMPTY)
    providers: Mapping[str, Find] = field(default=EMPTY)
    ports: Mapping[str, Snapshots] = field(default=EMPTY)

    def names(self) -> CapabilityNames:
        """The names alone, for the checker."""
        return CapabilityNames(
            lookups=frozenset(self.lookups),
            effects=frozenset(self.effects),
            providers=frozenset(self.providers) | SESSION_PROVIDERS,
            ports=frozenset(self.ports),
        )


SESSION_PROVIDERS = frozenset({"journey.summary", "journey.ending"})
"""Providers that read the session itself; `services.presentation` answers them."""


def object_schema(members: Mapping[str, Json]) -> dict[str, Json]:
    """The JSON Schema of an object that has no other members than these."""
    return {"type": "object", "properties": dict(members), "additionalProperties": False}


def _input_faults(error: jsonschema_rs.ValidationError) -> Iterator[FieldError]:
    """What is wrong, by the member's name in the request; no value is repeated."""
    member = ".".join(["input", *map(str, error.instance_path)])
    if error.kind.name == "additionalProperties":
        for name in sorted(error.kind.value):
            shown = f"{member}.{shown_name(name)}"
            yield FieldError(shown, "unknown_field", MESSAGES["unknown_member"], {"name": shown})
    else:
        yield keyword_fault(member, error.kind.name, error.kind.value)
