"""A step's file says itself which component it draws."""

from collections.abc import Iterator

import pytest
import reflex as rx

from trex_app.display.screens import SEALED_COMPONENT
from trex_app.engine.definition import End, Screen
from trex_app.ui.state.first_views import shipped_workflows
from trex_app.ui.steps import registry
from trex_app.ui.steps.registry import registered_steps, step


@pytest.fixture
def a_component() -> Iterator[str]:
    """A component that only this test draws."""
    yield "TestOnly"
    registry._drawn_by.pop("TestOnly", None)


def test_the_form_draws_what_has_no_file_of_its_own():
    assert "Form" in registered_steps()


def test_a_step_registers_itself_and_may_be_read_again(a_component):
    def draw(scene):
        return rx.fragment()

    assert step(a_component)(draw) is draw
    assert step(a_component)(draw) is draw
    assert registered_steps()[a_component] is draw


def test_two_files_cannot_claim_one_component(a_component):
    def draw(scene):
        return rx.fragment()

    def rival(scene):
        return rx.fragment()

    rival.__module__ = "somewhere.else"
    step(a_component)(draw)
    with pytest.raises(ValueError, match=r"TestOnly is drawn by .* and somewhere\.else"):
        step(a_component)(rival)


def test_the_files_draw_what_the_journeys_name_and_the_form_what_is_meant_for_it():
    named = {
        step.component
        for workflow in shipped_workflows().values()
        for step in workflow.steps.values()
        if isinstance(step, Screen | End)
    }
    drawn = set(registered_steps()) - {"Form", SEALED_COMPONENT}
    # It ends a journey that is made to be called; only who starts that by itself gets to see it.
    assert (drawn - named, named - drawn) == (set(), {"VehicleFound"})
