"""A vehicle as a card to choose, and what cards of vehicles have in common."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.choices import Shape, choice_group, choice_mark
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.media import picture
from trex_app.ui.kit.navigation import pagination
from trex_app.ui.kit.surfaces import badge
from trex_app.ui.kit.variants import when_given
from trex_app.ui.kit.vehicles import paint_of, vehicle
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.state.vehicle_choice import LISTING_ID

CARD = (
    "group/card relative grid min-w-0 overflow-hidden rounded-lg border-[1.5px] border-line"
    " bg-surface transition-[border-color,background-color,box-shadow] hover:border-line-strong"
    " hover:shadow-2 has-checked:border-accent has-checked:bg-accent-soft/60"
    " has-[input:focus-visible]:outline-(length:--trex-focus-width)"
    " has-[input:focus-visible]:outline-focus has-[input:focus-visible]:outline-offset-2"
)
# The whole card chooses, apart from the controls that lie on it.
WHOLE_CARD = "after:absolute after:inset-0 after:cursor-pointer"
ICONS = {"mileage_km": "gauge", "fuel_type": "fuel", "transmission": "key", "seats": "users"}


def vehicle_choice(scene: Scene, draw: Any, *, columns: str) -> rx.Component:
    """The vehicles of the listing as one radio group; `draw(vehicle, mark)` makes a card."""
    field = scene.field("vehicle_id")

    def drawn(shown: Any, kind: str, inputs: dict[str, Any], _content: Any) -> rx.Component:
        chosen = rx.cond(shown.vehicle_id == field.value, "true", "")
        option = ChosenVehicle(shown.vehicle_id, chosen == "true")
        named = {
            "id": rx.Var.create(f"vehicle-{shown.vehicle_id}"),
            "aria_label": spoken_name(shown),
        }
        mark = choice_mark(
            option, kind, inputs | named, class_name="absolute inset-e-4 top-4 z-1 flex"
        )
        return draw(shown, mark)

    return choice_group(
        "vehicle_id",
        field.title,
        scene.listing.vehicles,
        Shape("radio", drawn, columns),
        error=scene.error("vehicle_id"),
        is_label_hidden=True,
    )


def listing_headline(scene: Scene) -> rx.Component:
    """How many there are, and which of them are shown; takes the focus when a page is turned."""
    return rx.el.p(
        scene.listing.headline,
        id=LISTING_ID,
        tab_index=-1,
        role="status",
        class_name="text-lg font-semibold tabular-nums outline-none",
    )


def listing_pages(scene: Scene) -> rx.Component:
    """The pages of a long listing."""
    listing = scene.listing
    return rx.cond(
        listing.pages > 1,
        pagination(
            listing.numbers,
            listing.page,
            listing.pages,
            on_page=scene.turn_page,
            label=text("Pages"),
            previous_label=text("Previous page"),
            next_label=text("Next page"),
        ),
    )


class ChosenVehicle:
    """A vehicle as an option of a choice."""

    def __init__(self, value: Any, is_chosen: Any) -> None:
        self.value = value
        self.is_chosen = is_chosen


def spoken_name(shown: Any) -> Any:
    """What a screen reader says of a card's radio button."""
    parts = [shown.title, shown.edition, shown.price, shown.badge, shown.score_text]
    spoken: Any = parts[0]
    for part in parts[1:]:
        spoken = spoken + rx.cond(part, ", " + part, "")
    return spoken


def vehicle_picture(shown: Any, **props: Any) -> rx.Component:
    """The dealer's picture of a vehicle, or its body drawn in its own colour."""
    return picture(
        shown.image_url,
        "",
        art=vehicle(
            shown.body_type, size="fill", class_name=[paint_of(shown.colour), "text-ink-soft"]
        ),
        **props,
    )


def card_title(shown: Any, **props: Any) -> rx.Component:
    """What a vehicle is called; a click on it, or anywhere on the card, chooses it."""
    name = rx.el.label(
        shown.title,
        html_for=rx.Var.create(f"vehicle-{shown.vehicle_id}"),
        class_name=WHOLE_CARD,
    )
    return rx.el.div(
        rx.el.h2(name, class_name="text-lg leading-snug font-semibold"),
        rx.el.p(shown.edition, class_name="text-sm text-ink-soft"),
        **props,
    )


def key_facts(shown: Any, **props: Any) -> rx.Component:
    """Mileage, fuel and the like, each with its sign."""
    return rx.el.ul(
        rx.foreach(shown.key_facts, key_fact),
        class_name="flex flex-wrap gap-x-4 gap-y-1.5 text-sm text-ink-soft",
        **props,
    )


def key_fact(fact: Any) -> rx.Component:
    """One fact of a card."""
    signs = [(name, icon(sign, size="sm")) for name, sign in ICONS.items()]
    return rx.el.li(
        rx.match(fact.name, *signs, rx.fragment()),
        rx.el.span(fact.value, class_name="tabular-nums"),
        class_name="flex items-center gap-1.5 whitespace-nowrap",
    )


def card_badge(shown: Any, **props: Any) -> rx.Component:
    """What sets a vehicle apart from the others of its list."""
    return rx.fragment(when_given(shown.badge, badge(shown.badge, variant="accent", **props)))


def price_and_way(shown: Any) -> rx.Component:
    """What a vehicle costs, and how far away it stands."""
    return rx.el.p(
        rx.el.span(shown.price, class_name="text-xl font-bold tracking-[-0.015em]"),
        rx.el.span(shown.distance, class_name="text-sm text-ink-soft"),
        class_name="flex flex-wrap items-baseline justify-between gap-x-3 self-end tabular-nums",
    )


def dealer_line(shown: Any) -> rx.Component:
    """Who sells a vehicle, and where."""
    return rx.el.p(
        icon("map-pin", size="sm", class_name="mt-0.5"),
        rx.el.span(shown.dealer, class_name="min-w-0"),
        class_name="flex gap-1.5 text-sm text-ink-soft",
    )


def compare_button(scene: Scene, shown: Any) -> rx.Component:
    """Puts a vehicle beside others; full hands take no fourth one."""
    is_in = scene.compared.contains(shown.vehicle_id)
    return button(
        rx.cond(is_in, icon("check", size="sm"), icon("columns", size="sm")),
        text("Compare"),
        rx.el.span(" ", shown.title, " ", shown.edition, class_name="sr-only"),
        variant="ghost",
        size="sm",
        aria_pressed=rx.cond(is_in, "true", "false"),
        disabled=scene.comparison.is_full & ~is_in,
        on_click=scene.compare(shown.vehicle_id),
        data_compare=shown.vehicle_id,
        class_name=(
            "relative z-1 -ms-3 justify-self-start aria-pressed:bg-accent-soft"
            " aria-pressed:text-accent"
        ),
    )
