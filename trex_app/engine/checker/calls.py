"""Calls between definitions: that they exist, end, pass what is declared and never meet twice."""

from collections.abc import Iterator, Mapping

from trex_app.engine.checker.graph import StepGraph
from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.source import Json, Problem, RawDefinition

STANDARD_CONTEXT = frozenset({"primaryIntent", "currentFlow", "tenant", "locale"})
"""The context keys every workflow may read where they are set."""

Raws = Mapping[str, RawDefinition]


def call_problems(raw: RawDefinition, raws: Raws, all_raws: Raws) -> Iterator[Problem]:
    """Calls of what is not there, of what calls back, or with what the callee does not know.

    `raws` are those of sound shape; a call of another one in `all_raws` is not a problem here.
    """
    for step_id, step in raw.source["steps"].items():
        if "call" not in step:
            continue
        callee = raws.get(step["call"])
        place = ("steps", step_id, "call")
        if step["call"] not in all_raws:
            hint = did_you_mean(step["call"], all_raws)
            yield raw.problem(place, f"There is no workflow {step['call']!r}", hint)
        if callee is None:
            continue
        way_back = _way(callee.id, raw.id, raws)
        if way_back:
            path = " → ".join((raw.id, *way_back))
            hint = "A workflow must not end up calling itself."
            yield raw.problem(place, f"The calls {path} go round in a circle", hint)
        yield from _passing_problems(raw, step_id, step, callee)


def _passing_problems(
    raw: RawDefinition, step_id: str, step: Mapping[str, Json], callee: RawDefinition
) -> Iterator[Problem]:
    inputs = callee.source.get("inputs", {})
    for name in step.get("input", {}):
        if name not in inputs:
            place = ("steps", step_id, "input", name)
            message = f"{callee.id} declares no input {name!r}"
            yield raw.problem(place, message, did_you_mean(name, inputs))
    known = STANDARD_CONTEXT | set(callee.source.get("context", ()))
    for key in step.get("context", {}):
        if key not in known:
            place = ("steps", step_id, "context", key)
            yield raw.problem(
                place, f"{callee.id} knows no context {key!r}", did_you_mean(key, known)
            )
    hands_over = next((i for i, s in callee.source["steps"].items() if s.get("tail")), None)
    if hands_over and not step.get("tail"):
        message = f"{callee.id} hands over for good at {hands_over!r}, so nothing comes back"
        hint = "Call it with tail: true, or call what it hands over to."
        yield raw.problem(("steps", step_id, "call"), message, hint)


def _way(start: str, goal: str, raws: Raws) -> tuple[str, ...]:
    """The calls that lead from one workflow to another, both included; nothing if none do."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop()
        if way[-1] == goal:
            return way
        if way[-1] not in seen and way[-1] in raws:
            seen.add(way[-1])
            waiting += [(*way, callee) for callee in called_by(raws[way[-1]])]
    return ()


def called_by(raw: RawDefinition) -> list[str]:
    """The ids a definition calls."""
    return [step["call"] for step in raw.source["steps"].values() if "call" in step]


def screens_within(raw: RawDefinition, raws: Raws) -> dict[str, str]:
    """The ids of every screen a workflow can show, each with the workflow it belongs to."""
    screens: dict[str, str] = {}
    waiting, seen = [raw], {raw.id}
    while waiting:
        current = waiting.pop()
        for step_id, step in current.source["steps"].items():
            if is_screen(step):
                screens.setdefault(step_id, current.id)
        for callee in called_by(current):
            if callee in raws and callee not in seen:
                seen.add(callee)
                waiting.append(raws[callee])
    return screens


def is_screen(step: Mapping[str, Json]) -> bool:
    """Whether a step asks a person; ends may have a component too."""
    return not any(kind in step for kind in ("lookup", "effect", "call", "end"))


def screen_id_problems(raw: RawDefinition, graph: StepGraph, raws: Raws) -> Iterator[Problem]:
    """Screens of one id that could be met twice on one way: links and tools could not tell them."""
    screens = {
        step_id: _screens_of(step_id, step, raws)
        for step_id, step in graph.steps.items()
        if step_id in graph.reachable
    }
    for step_id, own in screens.items():
        for earlier in sorted(graph.possibly_before[step_id]):
            for twice in sorted(own.keys() & screens[earlier].keys()):
                message = (
                    f"The screen {twice!r} (in {own[twice]}) comes a second time on this way, "
                    f"after {earlier!r}"
                )
                hint = "Give one of the two another id, or call the workflow once."
                yield raw.problem(("steps", step_id), message, hint)


def _screens_of(step_id: str, step: Mapping[str, Json], raws: Raws) -> dict[str, str]:
    if "call" in step:
        return screens_within(raws[step["call"]], raws) if step["call"] in raws else {}
    return {step_id: "this workflow"} if is_screen(step) else {}
