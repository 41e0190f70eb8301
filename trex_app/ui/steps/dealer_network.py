"""The dealers who may make an offer: on a map and in a list, which show the same choice.

The list alone is enough; the map says at a glance which of them are near.
"""

from typing import Any, Final

import reflex as rx

from trex_app.display.dealer_map import SIZE
from trex_app.ui.kit.behaviours import SelectionElement
from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.choices import checkbox_cards
from trex_app.ui.kit.feedback import empty_state
from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

MOST_DEALERS: Final = 5
PIN: Final = "M0 0C-3.5-7-12-12.5-12-22a12 12 0 1 1 24 0C12-12.5 3.5-7 0 0Z"
NUMBER: Final = (
    "grid size-7 shrink-0 place-items-center rounded-full border-[1.5px] border-accent text-sm"
    " font-semibold text-accent tabular-nums in-[label:has(:checked)]:bg-accent"
    " in-[label:has(:checked)]:text-on-accent in-data-pointed:ring-3 in-data-pointed:ring-accent/30"
)


@step("DealerNetwork")
def dealer_network(scene: Scene) -> rx.Component:
    """The list beside the map, and how many are chosen."""
    return step_frame(
        scene,
        rx.cond(scene.view.dealers.dealers.length() > 0, rx.fragment(), nobody(scene)),
        SelectionElement.create(
            rx.cond(scene.view.dealers.has_map, dealer_map(scene)),
            dealer_list(scene),
            data_most=str(MOST_DEALERS),
            data_count_label=text("{count} of {most} chosen"),
            data_full_label=text("{count} of {most} chosen. Take one out to choose another."),
            data_wide="",
            hidden=scene.view.dealers.dealers.length() == 0,
            class_name=(
                "grid items-start gap-6 [&[hidden]]:hidden"
                " lg:has-[figure]:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]"
            ),
        ),
    )


def nobody(scene: Scene) -> rx.Component:
    """No dealer is known at the moment: that is for the time being."""
    return empty_state(
        text("There are no dealers to show right now"),
        text("Your answers are kept. Please try again in a moment."),
        action=button(
            icon("refresh", size="sm"),
            text("Try again"),
            variant="outline",
            on_click=scene.retry,
            is_loading=scene.is_busy,
        ),
    )


def dealer_list(scene: Scene) -> rx.Component:
    """Every dealer as a card, the nearest first."""
    field = scene.field("dealer_ids")
    return rx.el.div(
        rx.cond(
            scene.view.dealers.has_map,
            rx.fragment(),
            rx.el.p(scene.view.dealers.note, class_name="max-w-[38rem] text-ink-soft"),
        ),
        rx.el.p(
            data_count="",
            class_name="min-h-6 text-sm font-semibold text-accent tabular-nums",
        ),
        checkbox_cards(
            field.name,
            field.title,
            scene.view.dealers.dealers,
            content=dealer_card,
            error=scene.error("dealer_ids"),
            columns="2",
            is_label_hidden=True,
        ),
        class_name="grid min-w-0 gap-2 lg:row-start-1",
    )


def dealer_card(dealer: Any) -> rx.Component:
    """One dealer: its number on the map, its name, how far it is, what it sells."""
    return rx.el.span(
        rx.el.span(dealer.number, class_name=NUMBER, aria_hidden="true"),
        rx.el.span(
            rx.el.span(dealer.title, class_name="leading-snug font-semibold text-ink"),
            rx.el.span(
                rx.el.span(dealer.town),
                rx.cond(
                    dealer.distance,
                    rx.el.span(dealer.distance, class_name="font-medium tabular-nums"),
                ),
                class_name="flex flex-wrap gap-x-3 text-sm text-ink-soft",
            ),
            rx.el.span(dealer.makes, class_name="text-sm text-ink-soft"),
            class_name="grid min-w-0 gap-0.5",
        ),
        class_name="flex items-start gap-3",
    )


def dealer_map(scene: Scene) -> rx.Component:
    """The map, drawn from the coordinates: rings for distances, a pin a dealer."""
    dealers = scene.view.dealers
    return rx.el.figure(
        rx.el.svg(
            compass(),
            rx.foreach(dealers.rings, ring),
            home(),
            rx.foreach(dealers.dealers, pin),
            view_box=f"0 0 {SIZE} {SIZE}",
            aria_hidden="true",
            class_name="mx-auto block aspect-square w-full max-w-[26rem]",
        ),
        rx.el.figcaption(
            dealers.note, class_name="border-t border-line px-5 py-3 text-sm text-ink-soft"
        ),
        class_name=(
            "overflow-hidden rounded-lg border border-line bg-surface lg:sticky lg:top-6"
            " lg:col-start-2"
        ),
    )


def compass() -> rx.Component:
    """Lines to the four directions, and where the north is."""
    middle = str(SIZE // 2)
    line = "stroke-line"
    return rx.el.svg.g(
        rx.el.svg.line(x1=middle, y1="22", x2=middle, y2=str(SIZE - 8), class_name=line),
        rx.el.svg.line(x1="8", y1=middle, x2=str(SIZE - 8), y2=middle, class_name=line),
        rx.el.svg.text(
            text("N"),
            x=middle,
            y="15",
            custom_attrs={"textAnchor": "middle"},
            class_name="fill-ink-soft text-[13px] font-semibold",
        ),
    )


def ring(shown: Any) -> rx.Component:
    """A circle at a round distance, with the distance on it."""
    middle = str(SIZE // 2)
    return rx.el.svg.g(
        rx.el.svg.circle(
            cx=middle,
            cy=middle,
            r=shown.radius,
            class_name="fill-accent/4 stroke-line-strong [stroke-dasharray:3_5]",
        ),
        rx.el.svg.text(
            shown.label,
            x=shown.x,
            y=shown.y,
            custom_attrs={"textAnchor": "middle", "dominantBaseline": "central"},
            class_name=(
                "fill-ink-soft stroke-surface stroke-[5px] text-[12px] font-medium"
                " [paint-order:stroke] [stroke-linejoin:round]"
            ),
        ),
        key=shown.label,
    )


def home() -> rx.Component:
    """Where the vehicle stands."""
    middle = str(SIZE // 2)
    return rx.el.svg.g(
        rx.el.svg.circle(cx=middle, cy=middle, r="11", class_name="fill-warm/25"),
        rx.el.svg.circle(
            cx=middle, cy=middle, r="5.5", class_name="fill-warm stroke-surface stroke-2"
        ),
    )


def pin(dealer: Any) -> rx.Component:
    """A dealer on the map; filled where it is chosen, larger while one points at it."""
    return rx.cond(
        dealer.spot,
        rx.el.svg.g(
            rx.el.svg.g(
                rx.el.svg.path(
                    d=PIN,
                    class_name=(
                        "fill-surface stroke-accent stroke-2 transition-colors"
                        " in-data-chosen:fill-accent"
                    ),
                ),
                rx.el.svg.text(
                    dealer.number,
                    y="-21.5",
                    custom_attrs={"textAnchor": "middle", "dominantBaseline": "central"},
                    class_name=(
                        "fill-accent text-[13px] font-bold select-none"
                        " in-data-chosen:fill-on-accent"
                    ),
                ),
                class_name="transition-transform in-data-pointed:scale-125",
            ),
            custom_attrs={"transform": dealer.spot, "data-stands-for": dealer.value},
            class_name="cursor-pointer",
            key=dealer.value,
        ),
    )
