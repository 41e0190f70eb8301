"""Declared faults: what goes wrong at a partner, how often, and until when."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from trex_app.sandbox import PARTNERS

KINDS: Final = ("latency", "error", "malformed", "hang", "drop", "duplicate_webhook")
WHENS: Final = ("before", "after")
LATENCY_MS: Final = 1_000
LATENCY_LIMIT_MS: Final = 600_000
ERROR_STATUS: Final = 500
SMTP_ERROR_STATUS: Final = 451
_TIMED_KINDS: Final = ("error", "hang", "drop")


class FaultInvalid(Exception):
    """A fault that cannot be set; `mistakes` are (field, what to do)."""

    def __init__(self, mistakes: list[tuple[str, str]]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


@dataclass(slots=True)
class Fault:
    """One partner's fault. `count` None: until it is ended; `when` is about the partner's work."""

    kind: str
    probability: float = 1.0
    count: int | None = None
    latency_ms: int = 0
    status: int = ERROR_STATUS
    when: str = "before"
    hits: int = 0
    # The same sequence each time, so that a test with a share of failures repeats itself.
    _chance: random.Random = field(default_factory=lambda: random.Random(1), repr=False)  # noqa: S311

    def strikes(self) -> bool:
        """Draw whether it hits the next request."""
        is_hit = self._chance.random() < self.probability
        self.hits += is_hit
        return is_hit

    @property
    def is_spent(self) -> bool:
        """Whether it has hit as often as it should."""
        return self.count is not None and self.hits >= self.count

    def shown(self) -> dict[str, Any]:
        """The fault as the control API answers it."""
        return {
            "kind": self.kind,
            "probability": self.probability,
            "count": self.count,
            "latency_ms": self.latency_ms,
            "status": self.status if self.kind == "error" else None,
            "when": self.when if self.kind in _TIMED_KINDS else None,
            "hits": self.hits,
        }


class Faults:
    """The fault of each partner that has one."""

    def __init__(self) -> None:
        self._set: dict[str, Fault] = {}

    def put(self, partner: str, wanted: Any) -> Fault:
        """Set a partner's fault in place of the one before. Raises FaultInvalid."""
        if mistakes := [*_partner_mistakes(partner), *_mistakes(partner, wanted)]:
            raise FaultInvalid(mistakes)
        given = {name: value for name, value in wanted.items() if value is not None}
        defaults: dict[str, Any] = {"status": SMTP_ERROR_STATUS} if partner == "email" else {}
        if given["kind"] == "latency":
            defaults["latency_ms"] = LATENCY_MS
        fault = self._set[partner] = Fault(**{**defaults, **given})
        return fault

    def end(self, partner: str | None = None) -> None:
        """End one partner's fault, or all. Raises FaultInvalid for a partner there is not."""
        if partner is None:
            self._set.clear()
        elif mistakes := _partner_mistakes(partner):
            raise FaultInvalid(mistakes)
        else:
            self._set.pop(partner, None)

    def of(self, partner: str) -> Fault | None:
        """The partner's fault, None while all is well."""
        return self._set.get(partner)

    def shown(self) -> dict[str, Any]:
        """All faults by partner."""
        return {partner: fault.shown() for partner, fault in self._set.items()}

    def strike(self, partner: str, *, is_write: bool) -> Fault | None:
        """The fault that hits this request of the partner, if one does."""
        fault = self._set.get(partner)
        if fault is None or (fault.kind == "duplicate_webhook" and not is_write):
            return None
        if not fault.strikes():
            return None
        if fault.is_spent:
            del self._set[partner]
        return fault


def _partner_mistakes(partner: str) -> list[tuple[str, str]]:
    if partner in PARTNERS:
        return []
    return [("partner", f'There is no partner "{partner}". Use one of: {", ".join(PARTNERS)}.')]


def _is_number(value: Any, low: float, high: float, kind: type = int) -> bool:
    kinds = (int, float) if kind is float else (int,)
    return isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high


_OPTIONS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "kind": (lambda v: v in KINDS, f"Use one of: {', '.join(KINDS)}."),
    "probability": (
        lambda v: _is_number(v, 0, 1, float) and v > 0,
        "Give a number above 0 and at most 1, or leave it out for every request.",
    ),
    "count": (
        lambda v: _is_number(v, 1, 1_000_000_000),
        "Give a whole number from 1, or leave it out to last until the fault is deleted.",
    ),
    "latency_ms": (
        lambda v: _is_number(v, 0, LATENCY_LIMIT_MS),
        f"Give whole milliseconds from 0 to {LATENCY_LIMIT_MS}.",
    ),
    "status": (lambda v: _is_number(v, 400, 599), "Give a status from 400 to 599."),
    "when": (lambda v: v in WHENS, "Use before or after."),
}


def _mistakes(partner: str, wanted: Any) -> list[tuple[str, str]]:
    if not isinstance(wanted, dict):
        return [("", 'Send a JSON object, for example {"kind": "error", "count": 3}.')]
    known = ", ".join(_OPTIONS)
    mistakes = [
        (name, f'There is no option "{name}". Known are: {known}.')
        for name in wanted
        if name not in _OPTIONS
    ]
    for name, (is_right, fix) in _OPTIONS.items():
        value = wanted.get(name)
        if (value is not None and not is_right(value)) or (name == "kind" and value is None):
            said = "It is missing." if value is None else f"{value!r} is not possible."
            mistakes.append((name, f"{said} {fix}"))
    if wanted.get("kind") == "duplicate_webhook" and partner in PARTNERS and partner != "credit":
        mistakes.append(("kind", "Only credit sends webhooks; set duplicate_webhook there."))
    return mistakes
