"""What a step is given to draw with: typed values of what is shown, and the events it may fire.

A step knows no journey, no engine and no state: whatever it needs stands here.
"""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.display.views import FieldView, ListingView
from trex_app.ui.state.credit import CreditState
from trex_app.ui.state.first_views import FirstViews, first_views
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.language import page_locale
from trex_app.ui.state.vehicle_choice import VehicleChoice

COUNT_PAUSE_MILLISECONDS = 200
"""A count is asked for when the typing rests for so long."""


@dataclass(frozen=True)
class Scene:
    """One step on the stage. `view` is the step, a Var: the state's, or one known at build."""

    view: Any

    @property
    def fields(self) -> rx.Var[list[FieldView]]:
        """What the step asks, in its order."""
        return self.view.fields

    def field(self, name: str) -> Any:
        """One field by its name, for a step that arranges its own; empty where there is none."""
        found = rx.Var(f"((fields) => fields.find((field) => field.name === {name!r}) ?? {{}})")
        return found.to(rx.vars.FunctionVar).call(self.view.fields).to(FieldView)

    @property
    def data(self) -> Any:
        """What the step shows without asking it, by the names of the definition."""
        return self.view.data

    @property
    def answers(self) -> Any:
        """What was answered here before, or is offered as an answer, by field."""
        return self.view.answers

    @property
    def errors(self) -> Any:
        """What to mend, by field; a field without a fault is absent."""
        return JourneyState.errors

    def error(self, name: Any) -> Any:
        """What to mend in one field; empty where nothing is wrong."""
        return self.errors[name]

    @property
    def problems(self) -> Any:
        """Every fault with its field's title, for a summary."""
        return JourneyState.problems

    @property
    def attempt(self) -> Any:
        """How often an answer has been refused."""
        return JourneyState.attempt

    @property
    def found(self) -> Any:
        """What the step's lookups have found, by lookup."""
        return JourneyState.found

    @property
    def is_busy(self) -> Any:
        """Whether an answer is under way."""
        return JourneyState.is_busy

    @property
    def is_alive(self) -> Any:
        """Whether the server knows of the step: one that was known at build is drawn before."""
        return JourneyState.view.step_id != ""

    @property
    def await_decision(self) -> Any:
        """Look for the credit decision until it is there; for what says that it is pending."""
        return CreditState.await_decision

    @property
    def submit(self) -> Any:
        """Answer the step with its form; the form's values are added by the browser."""
        return JourneyState.submit(self.view.step_id, self.view.revision)

    @property
    def back(self) -> Any:
        """Go to the step before."""
        return JourneyState.back(self.view.step_id, self.view.revision)

    @property
    def start_over(self) -> Any:
        """Begin the journey again with nothing filled in."""
        return JourneyState.start_over

    @property
    def retry(self) -> Any:
        """Show the step once more, for when something of it was missing."""
        return JourneyState.retry

    def goto(self, step: Any) -> Any:
        """Go to an answered step."""
        return JourneyState.goto(step, self.view.revision)

    def look_up(self, name: str, given: Any) -> Any:
        """Ask one of the step's lookups; what it finds appears in `found`."""
        return JourneyState.look_up(name, given)

    @property
    def listing(self) -> Any:
        """The vehicles to choose from: those of the step, or the page of them turned to."""
        own, paged = self.view.listing, VehicleChoice.paged
        return rx.cond(paged.key == own.key, paged, own).to(ListingView)

    @property
    def preview(self) -> Any:
        """What the search form would find as it is filled in now."""
        return VehicleChoice.preview

    @property
    def count_kept(self) -> Any:
        """Count what the answers find that the step opens with; for when the form appears."""
        return VehicleChoice.count_kept

    @property
    def count_form(self) -> Any:
        """Count what the form finds, when its typing rests; the form's entries are added."""
        return VehicleChoice.count_form.debounce(COUNT_PAUSE_MILLISECONDS)

    def turn_page(self, page: Any) -> Any:
        """Show another page of the listing."""
        return VehicleChoice.turn_page(page)

    @property
    def sort_by(self) -> Any:
        """Show the listing in another order; the chosen order is added by the browser."""
        return VehicleChoice.sort_by

    @property
    def compared(self) -> Any:
        """The ids of the vehicles put side by side."""
        return VehicleChoice.compared

    @property
    def comparison(self) -> Any:
        """The vehicles side by side."""
        return VehicleChoice.comparison

    def compare(self, vehicle_id: Any) -> Any:
        """Put a vehicle beside the others, or take it away again."""
        return VehicleChoice.compare(vehicle_id)

    def take_away(self, vehicle_id: Any) -> Any:
        """Take a vehicle out of the comparison."""
        return VehicleChoice.take_away(vehicle_id)


def scene_of(workflow_id: str | None = None) -> Scene:
    """The scene of the journey page; until the state holds a step, the journey's first one."""
    view: Any = JourneyState.view
    locale = page_locale()
    if workflow_id in first_views(locale):
        views: Any = FirstViews.by_locale
        view = rx.cond(view.locale == locale, view, views[locale][workflow_id])
    return Scene(view)
