"""A few friendly questions about how a person drives."""

from typing import Final

import reflex as rx

from trex_app.ui.kit.amounts import Scale, amount_field, stepper_field
from trex_app.ui.kit.choices import radio_chips
from trex_app.ui.kit.ranking import ranking_field
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.illustrated_choice import Picture, illustrated_choice
from trex_app.ui.steps.registry import step

USAGES: Final = {
    "commute": Picture(vehicles=("sedan",), icon="road"),
    "family": Picture(vehicles=("minivan",), icon="users"),
    "work": Picture(vehicles=("pickup",), icon="briefcase"),
    "leisure": Picture(vehicles=("convertible",), icon="sun"),
}
DISTANCES: Final = Scale(minimum=0, maximum=50_000, step=1_000, start=15_000)
BUDGETS: Final = Scale(minimum=5_000, maximum=80_000, step=500, start=25_000)
MOST_PASSENGERS: Final = 8

# The question itself is the label of its control, in the size of a heading.
QUESTION: Final = (
    "[&_legend]:text-lg! [&_legend]:tracking-[-0.01em] [&>div>label]:text-lg"
    " [&>div>label]:tracking-[-0.01em] [&_legend]:mb-3! [&>div>label]:mb-1.5"
)
NUMBER: Final = (
    "relative z-1 grid size-9 place-items-center rounded-full border border-line-strong bg-canvas"
    " text-sm font-semibold text-ink-soft tabular-nums transition-colors"
)
# An answered question shows a tick instead of its number. The form itself knows what is answered.
ANSWERED: Final = (
    " group-has-[input:checked]/question:border-accent"
    " group-has-[input:checked]/question:bg-accent"
    " group-has-[input:checked]/question:text-on-accent"
    " group-has-[input[name][type=text]:not(:placeholder-shown)]/question:border-accent"
    " group-has-[input[name][type=text]:not(:placeholder-shown)]/question:bg-accent"
    " group-has-[input[name][type=text]:not(:placeholder-shown)]/question:text-on-accent"
    " group-has-[[data-slot]]/question:border-accent group-has-[[data-slot]]/question:bg-accent"
    " group-has-[[data-slot]]/question:text-on-accent"
)


@step("CarInAnalytics")
def car_in_analytics(scene: Scene) -> rx.Component:
    """Six questions along one line, each ticked off as it is answered."""
    questions = (usage, passengers, distance, budget, fuel, priorities)
    return step_frame(
        scene,
        rx.el.ol(
            *[
                question(place, ask(scene), is_last=place == len(questions))
                for place, ask in enumerate(questions, start=1)
            ],
            class_name="grid",
        ),
    )


def question(place: int, asked: rx.Component, *, is_last: bool) -> rx.Component:
    """One question beside its number; a line leads on to the next."""
    line = (
        ""
        if is_last
        else "before:absolute before:inset-s-4.5 before:top-9 before:bottom-0 before:w-px"
        " before:bg-line max-sm:before:hidden"
    )
    return rx.el.li(
        rx.el.span(str(place), aria_hidden="true", class_name=[NUMBER, ANSWERED, "max-sm:hidden"]),
        rx.el.div(asked, class_name=["min-w-0 pt-0.5", QUESTION]),
        class_name=[
            "group/question relative grid gap-x-5 pb-10 sm:grid-cols-[auto_minmax(0,1fr)]",
            line,
        ],
    )


def usage(scene: Scene) -> rx.Component:
    """What the vehicle is for."""
    return illustrated_choice(scene.field("usage"), scene.error("usage"), USAGES, columns="pairs")


def passengers(scene: Scene) -> rx.Component:
    """How many ride along."""
    field = scene.field("passengers")
    return stepper_field(
        "passengers",
        field.title,
        minimum=1,
        maximum=MOST_PASSENGERS,
        start=2,
        fewer_label=text("One fewer"),
        more_label=text("One more"),
        hint=field.help,
        error=scene.error("passengers"),
        default_value=field.value,
        placeholder=" ",
    )


def distance(scene: Scene) -> rx.Component:
    """How far in a year."""
    field = scene.field("annual_distance_km")
    return amount_field(
        "annual_distance_km",
        field.title,
        DISTANCES,
        value_label=text("{value} km"),
        suffix="km",
        hint=field.help,
        error=scene.error("annual_distance_km"),
        default_value=field.value,
        placeholder=" ",
    )


def budget(scene: Scene) -> rx.Component:
    """How much it may cost."""
    field = scene.field("budget_max")
    return amount_field(
        "budget_max",
        field.title,
        BUDGETS,
        prefix=field.prefix,
        hint=field.help,
        error=scene.error("budget_max"),
        default_value=field.value,
        placeholder=" ",
    )


def fuel(scene: Scene) -> rx.Component:
    """What it should run on."""
    field = scene.field("fuel_preference")
    return radio_chips(
        "fuel_preference",
        field.title,
        field.options,
        hint=field.help,
        error=scene.error("fuel_preference"),
    )


def priorities(scene: Scene) -> rx.Component:
    """What counts most, in an order."""
    field = scene.field("priorities")
    return ranking_field(
        "priorities",
        field.title,
        field.ranking,
        up_label=text("Move up"),
        down_label=text("Move down"),
        moved_label=text("{title}: place {rank} of {count}"),
        hint=text("Drag what matters most to the top, or use the arrows."),
        error=scene.error("priorities"),
    )
