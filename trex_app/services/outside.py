"""What a decision needs from outside: lookups with their fallbacks, effects' first results, ids."""

from collections.abc import Mapping
from typing import cast

from trex_app.core.errors import FieldError, Unavailable, ValidationFailed
from trex_app.core.telemetry import LOOKUPS
from trex_app.core.tracing import span
from trex_app.engine.definition import Json
from trex_app.engine.machine import Admission, Turn
from trex_app.engine.session import Source
from trex_app.engine.walk import RequestKind
from trex_app.services.capabilities import Capabilities

NO_LONGER_AVAILABLE = "This is no longer available. Please choose another one."


class Outside:
    """Asks the registered capabilities, before any transaction is open."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities

    async def settle(self, turn: Turn) -> None:
        """Supply what the turn needs until it needs nothing more. Raises Unavailable."""
        while (request := turn.pending) is not None:
            if request.kind is RequestKind.EFFECT:
                effect = self._capabilities.effects[request.name]
                turn.supply(effect.begin(request.input, request.key or ""))
            else:
                value, source = await self.look_up(
                    request.name, request.input, has_fallback=request.has_fallback
                )
                turn.supply(value, source)

    async def look_up(
        self, name: str, given: Mapping[str, Json], *, has_fallback: bool
    ) -> tuple[Json, Source]:
        """A lookup's answer, or its saved data where that is acceptable. Raises Unavailable."""
        capability = self._capabilities.lookups[name]
        try:
            with span("workflow.lookup", lookup=name):
                value = await capability.find(given)
        except Unavailable:
            if not has_fallback or capability.saved is None:
                LOOKUPS.labels(name, "unavailable").inc()
                raise
            LOOKUPS.labels(name, "saved").inc()
            return await capability.saved(given), Source.SAVED
        source = source_of(value)
        LOOKUPS.labels(name, source.value).inc()
        return value, source

    async def snapshots(self, admission: Admission) -> dict[str, Json]:
        """What each field that must name something existing names. Raises ValidationFailed."""
        if admission.held is not None:
            return dict(admission.held.snapshots)
        snapshots: dict[str, Json] = {}
        errors: list[FieldError] = []
        for field in admission.node.step.fields.values():
            value = admission.values.get(field.name)
            if field.exists is None or value is None:
                continue
            wanted = field.items(value)
            found = await self._capabilities.ports[field.exists](wanted)
            if any(item not in found for item in wanted):
                errors.append(FieldError(field.name, "exists", NO_LONGER_AVAILABLE))
            else:
                rows = [found[item] for item in wanted]
                snapshots[field.name] = rows if field.is_list else rows[0]
        if errors:
            raise ValidationFailed(errors)
        return snapshots


def source_of(value: Json) -> Source:
    """Where an answer comes from, as it says itself: who stands in for a partner does not fail."""
    if not isinstance(value, Mapping):
        return Source.LIVE
    told = cast("Mapping[str, Json]", value)
    is_saved = told.get("source") == Source.SAVED or told.get("is_saved") is True
    return Source.SAVED if is_saved else Source.LIVE
