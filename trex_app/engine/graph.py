"""A workflow as a Mermaid flowchart (https://mermaid.js.org), for documentation and tools."""

from collections.abc import Iterator

from trex_app.engine.definition import Call, Effect, End, Lookup, Screen, Step, Workflow

_SHAPES = {
    Screen: '["{}"]',
    Lookup: '[/"{}"/]',
    Effect: '[["{}"]]',
    Call: '{{{{"{}"}}}}',
    End: '(["{}"])',
}
_CLASSES = {Screen: "screen", Lookup: "lookup", Effect: "effect", Call: "call", End: "end_"}


def mermaid(workflow: Workflow) -> str:
    """The flowchart's text: one node a step, shaped by its kind; one arrow a transition.

    Arrows carry their condition. Calls name the workflow they call, and are not drawn open.
    """
    return "\n".join(_lines(workflow)) + "\n"


def _lines(workflow: Workflow) -> Iterator[str]:
    yield "flowchart TD"
    yield f"  start((start)) --> {_node_id(workflow.start)}"
    for step in workflow.steps.values():
        shape = _SHAPES[type(step)].format(_label(step))
        yield f"  {_node_id(step.id)}{shape}:::{_CLASSES[type(step)]}"
    for step in workflow.steps.values():
        if isinstance(step, End):
            continue
        for transition in step.next:
            label = f'|"{_escaped(transition.when.text)}"|' if transition.when else ""
            yield f"  {_node_id(step.id)} -->{label} {_node_id(transition.to)}"


def _node_id(step_id: str) -> str:
    return f"step_{step_id}"  # a bare `end` would close the diagram


def _label(step: Step) -> str:
    match step:
        case Lookup():
            return f"{step.id}<br/>{step.lookup}"
        case Effect():
            return f"{step.id}<br/>{step.effect}"
        case Call():
            return f"{step.id}<br/>{'→' if step.is_tail else '↻'} {step.workflow}"
        case Screen() | End():
            return f"{step.id}<br/>{_escaped(step.title)}" if step.title else step.id


def _escaped(text: str) -> str:
    """Text inside Mermaid's quotes: HTML entities, since it knows no backslash."""
    entities = {"&": "#amp;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;"}
    return "".join(entities.get(character, character) for character in text)
