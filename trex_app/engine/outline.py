"""A workflow as a graph for tools: its steps, what they ask, and where they lead."""

from typing import Any

from trex_app.engine.definition import Call, Effect, End, Lookup, Screen, Step, Workflow


def outline(workflow: Workflow) -> dict[str, Any]:
    """`{id, title, description, hash, start, steps}`; a step has `id, kind, title, next` and more.

    `next` lists `{to, when}` in the order they are tried; `when` is null for the last one. A screen
    adds `component`, `fields` and `links`; a lookup, effect or call names what it runs; an end
    adds `component` and `outcome`.
    """
    return {
        "id": workflow.id,
        "title": workflow.title,
        "description": workflow.description,
        "hash": workflow.hash,
        "start": workflow.start,
        "steps": [_step(step) for step in workflow.steps.values()],
    }


def _step(step: Step) -> dict[str, Any]:
    match step:
        case Screen():
            own = {
                "title": step.title,
                "component": step.component,
                "fields": list(step.fields),
                "links": [link.to for link in step.links],
            }
        case Lookup():
            own = {"title": step.title, "lookup": step.lookup}
        case Effect():
            own = {"title": step.title, "effect": step.effect}
        case Call():
            own = {"title": "", "workflow": step.workflow, "isTail": step.is_tail}
        case End():
            own = {"title": step.title, "component": step.component, "outcome": step.outcome}
    return {"id": step.id, "kind": type(step).__name__.lower(), **own, "next": _next(step)}


def _next(step: Step) -> list[dict[str, str | None]]:
    if isinstance(step, End):
        return []
    return [
        {"to": transition.to, "when": transition.when.text if transition.when else None}
        for transition in step.next
    ]
