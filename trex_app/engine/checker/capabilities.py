"""What definitions may name: the lookups, effects, providers and ports that exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.source import Json, Place, Problem, RawDefinition


@dataclass(frozen=True, slots=True)
class CapabilityNames:
    """The names a definition may use. Lookups are automatic ones and those a screen offers."""

    lookups: frozenset[str] = frozenset()
    effects: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    ports: frozenset[str] = frozenset()


def capability_problems(raw: RawDefinition, capabilities: CapabilityNames) -> Iterator[Problem]:
    """Names of lookups, effects, providers and ports that nobody has registered."""
    known = {
        "lookup": capabilities.lookups,
        "effect": capabilities.effects,
        "provider": capabilities.providers,
        "port": capabilities.ports,
    }
    for step_id, step in raw.source["steps"].items():
        for kind, name, place in _names(step_id, step):
            if name not in known[kind]:
                hint = did_you_mean(name, known[kind])
                yield raw.problem(place, f"There is no {kind} {name!r}", hint)


def _names(step_id: str, step: Mapping[str, Json]) -> Iterator[tuple[str, str, Place]]:
    top: Place = ("steps", step_id)
    for kind in ("lookup", "effect"):
        if kind in step:
            yield kind, step[kind], (*top, kind)
    for at, name in enumerate(step.get("lookups", ())):
        yield "lookup", name, (*top, "lookups", at)
    for at, source in enumerate(step.get("data", ())):
        if "provider" in source:
            yield "provider", source["provider"], (*top, "data", at, "provider")
    for name, field in step.get("fields", {}).items():
        if "exists" in field:
            yield "port", field["exists"], (*top, "fields", name, "exists")
