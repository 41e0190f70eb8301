"""Links back: that they lead to a screen a person may have come from."""

from collections.abc import Iterator

from trex_app.engine.checker.calls import is_screen
from trex_app.engine.checker.graph import StepGraph
from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.source import Problem, RawDefinition


def link_problems(raw: RawDefinition, graph: StepGraph) -> Iterator[Problem]:
    """Links to what is no screen of this workflow, or to a screen that never comes before."""
    screens = {step_id for step_id, step in graph.steps.items() if is_screen(step)}
    for step_id in graph.reachable & screens:
        for at, link in enumerate(graph.steps[step_id].get("links", ())):
            place, target = ("steps", step_id, "links", at, "to"), link["to"]
            if target not in screens:
                hint = did_you_mean(target, screens - {step_id})
                yield raw.problem(place, f"There is no screen {target!r} to go back to", hint)
            elif target not in graph.possibly_before[step_id]:
                hint = "A link leads back; use next to lead on."
                yield raw.problem(place, f"The screen {target!r} never comes before this one", hint)
