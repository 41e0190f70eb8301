"""A step of the services becomes a step that can be drawn."""

from dataclasses import replace

from tests.unit.display.test_facts import CAR
from tests.unit.display.test_fields import config
from trex_app.display.screens import NO_MATCH, step_view
from trex_app.display.views import ReferenceView
from trex_app.services.views import PathEntry, Progress
from trex_app.services.views import StepView as Shown

SCREEN = Shown(
    session_id="s",
    workflow_type="buying",
    status="active",
    step_id="vehicle_search",
    component_name="VehicleSearch",
    data={},
    validation_rules={"type": "object"},
    can_go_back=True,
    next_step_id=None,
    path=(PathEntry("vehicle_search", "Search"),),
    ui_config={
        "title": "What are you looking for?",
        "intro": "One entry is enough.",
        "fields": [config("make"), config("model")],
        "links": [{"to": "vehicle_knowledge", "title": "Start again"}],
        "submit": "Show vehicles",
        "columns": 2,
    },
    revision=3,
    progress=Progress(1, 5),
    answers={"make": "Toyota", "model": None},
)


def test_a_step_says_what_to_draw():
    view = step_view(SCREEN)
    assert (view.step_id, view.component, view.revision) == ("vehicle_search", "VehicleSearch", 3)
    assert (view.title, view.submit_title) == ("What are you looking for?", "Show vehicles")
    assert [field.value for field in view.fields] == ["Toyota", ""]
    assert [(link.step, link.title) for link in view.links] == [
        ("vehicle_knowledge", "Start again")
    ]
    assert (view.steps_done, view.steps_expected) == (1, 5)
    assert view.ui == {"columns": 2}
    assert not view.is_end


def test_a_draft_goes_before_what_is_kept():
    view = step_view(SCREEN, draft={"make": "Honda"})
    assert [field.value for field in view.fields] == ["Honda", ""]


def test_the_controls_start_anew_only_with_other_values():
    again = step_view(replace(SCREEN, revision=4, messages=("Saved results.",)))
    assert step_view(SCREEN).form_key == again.form_key
    assert step_view(SCREEN, draft={"make": "Honda"}).form_key != again.form_key


def test_a_step_without_a_form_is_an_end():
    end = replace(
        SCREEN,
        validation_rules={},
        ui_config={"title": "Thank you"},
        status="completed",
        data={
            "references": [{"reference": "TRX-1", "journey": "buying"}],
            "next_steps": ["The dealer calls."],
        },
    )
    view = step_view(end)
    assert (view.is_end, view.is_completed) == (True, True)
    assert view.references == [ReferenceView("TRX-1", "Purchase")]
    signed = step_view(end, status_links={"TRX-1": "https://t.example/status/TRX-1#1.a"})
    assert [sent.status_link for sent in signed.references] == [
        "https://t.example/status/TRX-1#1.a"
    ]
    assert view.next_steps == ["The dealer calls."]


def test_a_list_of_hits_says_how_many_there_are():
    def note(total, count):
        vehicles = [{**CAR, "vehicle_id": str(number)} for number in range(count)]
        return step_view(replace(SCREEN, data={"total": total, "vehicles": vehicles})).note

    assert note(3, 3) == "3 vehicles."
    assert note(288, 12) == "12 of 288 vehicles, the best first."
    assert note(0, 6) == NO_MATCH
