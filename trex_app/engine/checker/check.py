"""All checks in their order: each looks only at what the ones before it have found sound."""

from collections.abc import Iterator, Mapping

from trex_app.engine.checker.calls import Raws, call_problems, screen_id_problems
from trex_app.engine.checker.capabilities import CapabilityNames, capability_problems
from trex_app.engine.checker.expressions import uses
from trex_app.engine.checker.fields import field_problems
from trex_app.engine.checker.graph import StepGraph, graph_problems
from trex_app.engine.checker.links import link_problems
from trex_app.engine.checker.probes import Probes
from trex_app.engine.checker.references import ReferenceCheck, output_problems
from trex_app.engine.checker.structure import structure_problems
from trex_app.engine.checker.texts import name_problems, text_problems
from trex_app.engine.source import Problem, RawDefinition


def check(definitions: Mapping[str, RawDefinition], capabilities: CapabilityNames) -> list[Problem]:
    """Every problem of a set of definitions, in the order of files and lines.

    An empty list means that no walk through them can stop or lead in circles, whatever is
    answered, and that no expression failed for any of the values tried; what lookups find, and
    so what is computed from it, is not known here.
    """
    shape = [p for raw in definitions.values() for p in structure_problems(raw)]
    misshapen = {problem.file for problem in shape}
    sound = {i: raw for i, raw in definitions.items() if raw.file not in misshapen}
    problems = [*shape]
    probes = Probes(sound)
    for raw in sound.values():
        problems += _problems(raw, sound, definitions, capabilities, probes)
    return sorted(problems, key=lambda problem: (problem.file, problem.line))


def _problems(
    raw: RawDefinition,
    sound: Raws,
    all_raws: Raws,
    capabilities: CapabilityNames,
    probes: Probes,
) -> Iterator[Problem]:
    graph = StepGraph(raw)
    found, invalid = uses(raw)
    yield from invalid
    in_calls = list(call_problems(raw, sound, all_raws))
    in_graph = list(graph_problems(raw, graph))
    yield from (*in_calls, *in_graph)
    yield from capability_problems(raw, capabilities)
    yield from field_problems(raw)
    yield from text_problems(raw, sound)
    yield from name_problems(raw)
    yield from output_problems(raw)
    if graph.cycle or graph.start not in graph.steps:
        return  # what comes before what cannot be told
    yield from link_problems(raw, graph)
    if not in_calls:
        yield from screen_id_problems(raw, graph, sound)
    references = ReferenceCheck(raw, graph, sound)
    for use in found:
        unsound = list(references.problems(use))
        yield from unsound or probes.problems(raw, use)
