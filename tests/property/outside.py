"""A world outside that answers every request, the same for the same question."""

from typing import Any

from trex_app.engine.checker import CapabilityNames
from trex_app.engine.machine import Admission
from trex_app.engine.program import Program
from trex_app.engine.session import Position, Session, Source
from trex_app.engine.walk import Request, RequestKind, environment_of

CAPABILITIES = CapabilityNames(
    lookups=frozenset(
        {
            *("vehicles.search", "vehicles.page", "vehicles.count", "vehicles.suggest"),
            *("carin.recommend", "vin.decode", "dealers.near"),
        }
    ),
    effects=frozenset({"leads.submit", "credit.request"}),
    providers=frozenset({"carin.reasons", "dealers.near", "journey.summary", "journey.ending"}),
    ports=frozenset({"vehicles", "dealers"}),
)


def supply(request: Request) -> tuple[Any, Source]:
    """The answer to a request; now and then, by its hash, it comes from saved data."""
    if request.kind is RequestKind.EFFECT:
        return {"reference": f"TRX-{(request.key or '')[:8]}"}, Source.LIVE
    vehicles = [vehicle(f"{request.input_hash[:4]}-{number}") for number in range(3)]
    source = Source.SAVED if request.input_hash[0] in "012" else Source.LIVE
    hits = int(request.input_hash[1], 16)
    found = {"vehicles": vehicles, "total": len(vehicles), "hits": hits, "source": source.value}
    return found, source


def vehicle(vehicle_id: str) -> dict[str, Any]:
    return {"vehicle_id": vehicle_id, "make": "Make", "model": "Model", "dealer_id": "d-1"}


def port_snapshots(admission: Admission) -> dict[str, Any]:
    """What the fields that must name something name: everything exists."""
    snapshots: dict[str, Any] = {}
    for field in admission.node.step.fields.values():
        value = admission.values.get(field.name)
        if field.exists is not None and value is not None:
            rows = [vehicle(item) for item in field.items(value)]
            snapshots[field.name] = rows if field.is_list else rows[0]
    return snapshots


def shown_data(program: Program, session: Session, position: Position) -> dict[str, Any]:
    """What a screen shows: its own values, and three dealers from every provider."""
    node = program.screen(position)
    env = environment_of(program, session, position.frame)
    data: dict[str, Any] = {"dealers": [{"dealer_id": f"d-{n}", "name": f"N{n}"} for n in "123"]}
    for source in node.step.data if node is not None else ():
        if source.value is None or (source.when is not None and not source.when.holds(env)):
            continue
        value = source.value.evaluate(env)
        if source.as_key is not None:
            data[source.as_key] = value
        elif isinstance(value, dict):
            data.update(value)
    return data
