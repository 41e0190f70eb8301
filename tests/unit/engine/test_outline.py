"""The graph for tools has every step, and every way between them."""

from tests.unit.engine.examples import visit_program
from trex_app.engine.definition import Screen
from trex_app.engine.outline import outline

WORKFLOW = visit_program().workflow
GRAPH = outline(WORKFLOW)
STEPS = {step["id"]: step for step in GRAPH["steps"]}


def test_every_step_is_there_with_its_kind() -> None:
    assert GRAPH["start"] == WORKFLOW.start
    assert {step_id: step["kind"] for step_id, step in STEPS.items()} == {
        step.id: type(step).__name__.lower() for step in WORKFLOW.steps.values()
    }


def test_every_way_leads_to_a_step_and_the_last_one_is_always_open() -> None:
    for step in STEPS.values():
        assert {way["to"] for way in step["next"]} <= set(STEPS)
        assert bool(step["next"]) is (step["kind"] != "end")
        assert [way["when"] for way in step["next"]][-1:] in ([None], [])


def test_a_screen_names_its_component_and_its_fields() -> None:
    screens = [step for step in WORKFLOW.steps.values() if isinstance(step, Screen)]
    assert screens
    for screen in screens:
        assert STEPS[screen.id]["component"] == screen.component
        assert STEPS[screen.id]["fields"] == list(screen.fields)


def test_a_call_names_the_workflow_it_runs() -> None:
    (call,) = [step for step in STEPS.values() if step["kind"] == "call"]
    assert call["workflow"] == "room"
