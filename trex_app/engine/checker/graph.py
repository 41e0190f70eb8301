"""The steps of one definition as a graph: what leads where, what is on every way to a step."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.source import Json, Problem, RawDefinition


class StepGraph:
    """The steps that can be reached and the ways between them; unknown steps are left out.

    Of a definition whose shape has been checked.
    """

    def __init__(self, raw: RawDefinition) -> None:
        self.steps: Mapping[str, Mapping[str, Json]] = raw.source["steps"]
        self.start: str = raw.source["start"]
        self.targets: dict[str, tuple[str, ...]] = {
            step_id: _targets(step, self.steps) for step_id, step in self.steps.items()
        }

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Every step some answers lead to."""
        return self._closure({self.start} & self.steps.keys(), self.targets)

    @cached_property
    def finishing(self) -> frozenset[str]:
        """Every step from which an end, or a call that hands over for good, can be reached."""
        sources: dict[str, list[str]] = {step_id: [] for step_id in self.steps}
        for step_id, targets in self.targets.items():
            for target in targets:
                sources[target].append(step_id)
        ends = {i for i, step in self.steps.items() if "end" in step or step.get("tail")}
        return self._closure(ends, sources)

    @cached_property
    def cycle(self) -> tuple[str, ...]:
        """The steps of a way that comes back to itself, or nothing."""
        try:
            TopologicalSorter(self.targets).prepare()
        except CycleError as error:
            return tuple(reversed(error.args[1]))
        return ()

    @cached_property
    def always_before(self) -> Mapping[str, frozenset[str]]:
        """For each reachable step, the steps that every way to it passes. Needs no cycle."""
        return self._passed(lambda ways: ways[0].intersection(*ways))

    @cached_property
    def possibly_before(self) -> Mapping[str, frozenset[str]]:
        """For each reachable step, the steps that some way to it passes. Needs no cycle."""
        return self._passed(lambda ways: frozenset[str]().union(*ways))

    def _passed(
        self, joined: Callable[[list[frozenset[str]]], frozenset[str]]
    ) -> Mapping[str, frozenset[str]]:
        arriving: dict[str, list[frozenset[str]]] = {step: [] for step in self.reachable}
        passed: dict[str, frozenset[str]] = {}
        for step in self._order():
            ways = arriving[step]
            passed[step] = joined(ways) if ways else frozenset()
            for target in self.targets[step]:
                arriving[target].append(passed[step] | {step})
        return passed

    def _order(self) -> list[str]:
        graph = {step: self.targets[step] for step in self.reachable}
        return list(reversed(list(TopologicalSorter(graph).static_order())))

    @staticmethod
    def _closure(found: set[str], edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
        waiting = list(found)
        while waiting:
            for target in edges[waiting.pop()]:
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)


def _targets(step: Mapping[str, Json], steps: Mapping[str, Json]) -> tuple[str, ...]:
    targets = (row["to"] for row in step.get("next", ()))
    return tuple(dict.fromkeys(target for target in targets if target in steps))


def graph_problems(raw: RawDefinition, graph: StepGraph) -> Iterator[Problem]:
    """Ways that lead nowhere, in circles or past every end, and steps no way leads to."""
    if graph.start not in graph.steps:
        hint = did_you_mean(graph.start, graph.steps)
        yield raw.problem(("start",), f"There is no step {graph.start!r} to start with", hint)
    for step_id, step in graph.steps.items():
        yield from _way_problems(raw, graph, step_id, step)
    if graph.cycle:
        path = " → ".join(graph.cycle)
        hint = "Let people go back with `links`; ways on must not return."
        yield raw.problem(("steps", graph.cycle[0], "next"), f"The way {path} is a circle", hint)
    if graph.start in graph.steps:
        yield from _lost_steps(raw, graph)


def _way_problems(
    raw: RawDefinition, graph: StepGraph, step_id: str, step: Mapping[str, Json]
) -> Iterator[Problem]:
    place = ("steps", step_id, "next")
    rows = step.get("next", ())
    for at, row in enumerate(rows):
        if row["to"] not in graph.steps:
            hint = did_you_mean(row["to"], graph.steps)
            yield raw.problem((*place, at, "to"), f"There is no step {row['to']!r}", hint)
        is_last = at == len(rows) - 1
        if is_last and "when" in row:
            hint = "Add a last entry without `when`, for all other cases."
            yield raw.problem((*place, at), "The last way on has a condition", hint)
        if not is_last and "when" not in row:
            hint = "Give it a `when`, or remove what follows."
            yield raw.problem((*place, at), "What follows this way on can never be reached", hint)
    if "call" in step and step.get("tail") and rows:
        yield raw.problem(place, "A call that hands over for good has no way on", "Remove next.")
    if "call" in step and not step.get("tail") and not rows:
        hint = "Add next, or tail: true to hand over for good."
        yield raw.problem(("steps", step_id), "It is not said where to go after the call", hint)


def _lost_steps(raw: RawDefinition, graph: StepGraph) -> Iterator[Problem]:
    for step_id in graph.steps:
        place = ("steps", step_id)
        if step_id not in graph.reachable:
            hint = "Lead to it with next, or remove it."
            yield raw.problem(place, "No way leads to this step", hint)
        elif step_id not in graph.finishing:
            yield raw.problem(place, "No end can be reached from here", "Lead on to an end.")
