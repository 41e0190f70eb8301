"""The landing page: what this is, and the ways in."""

from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.buttons import button_link
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import grid, heading, lead, row, stack
from trex_app.ui.kit.surfaces import card
from trex_app.ui.kit.vehicles import vehicle
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.landing import LandingState
from trex_app.ui.state.language import link_to, msgid, text

PROMISES: Final = (
    (
        "clock",
        msgid("A few minutes"),
        msgid("Short questions, one at a time. You always see how far along you are."),
    ),
    (
        "shield",
        msgid("In your hands"),
        msgid("Go back and change any answer. Nothing is sent before you have checked it."),
    ),
    (
        "link",
        msgid("Whenever it suits you"),
        msgid("Leave at any time and come back to the same place, here or on another device."),
    ),
)


SHOWN: Final = ("suv", "convertible", "sedan", "pickup")
"""The body types of the drawings."""


def landing_page() -> rx.Component:
    """Explain the product and offer its journeys."""
    return standalone_page(stack(hero(), ways_in(), others(), promises(), gap="xl"), width="wide")


def hero() -> rx.Component:
    """What this is, in one breath."""
    return rx.el.div(
        stack(
            heading(
                text("Buy or sell a car, one clear step at a time."),
                level="1",
                class_name="max-w-[18ch]",
            ),
            lead(
                text(
                    "Tell us what you need. We search real vehicles near you, suggest some, or "
                    "bring your own car to the people who want it."
                ),
                class_name="text-lg",
            ),
            row(
                button_link(
                    text("Get started"),
                    icon("arrow-end", size="sm"),
                    href=link_to("/j/entry"),
                    size="lg",
                )
            ),
            gap="md",
        ),
        showroom(),
        class_name=(
            "grid items-center gap-10 pt-4 sm:pt-10 md:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]"
        ),
    )


def showroom() -> rx.Component:
    """What there is to choose from: its kinds, and how many."""
    return rx.el.div(
        rx.el.div(
            *[vehicle(body_type, class_name="h-auto! w-full") for body_type in SHOWN],
            class_name="grid grid-cols-2 gap-x-6 gap-y-4",
            aria_hidden="true",
        ),
        rx.el.p(LandingState.stock, class_name="min-h-6 text-center text-sm font-semibold"),
        class_name=(
            "grid gap-5 rounded-lg bg-accent-soft px-6 pt-8 pb-5 text-accent max-md:order-last"
        ),
    )


def ways_in() -> rx.Component:
    """The journeys, for those who know which one they want."""
    return grid(
        way_in(
            "/j/buying",
            text("I want to buy"),
            text("Search the vehicles of dealers around you, or let us suggest some."),
            text("Find a vehicle"),
            drawing="estate",
        ),
        way_in(
            "/j/selling",
            text("I want to sell"),
            text("To a buyer you have, to a dealer, or to the best offer of our network."),
            text("Sell my vehicle"),
            drawing="hatchback",
        ),
        columns="2",
    )


def way_in(href: str, title: str, explanation: str, call: str, *, drawing: str) -> rx.Component:
    """One journey, as a card that leads into it."""
    return card(
        vehicle(drawing, class_name="text-ink-soft"),
        heading(title, looks_like="3"),
        rx.el.p(explanation, class_name="text-ink-soft"),
        row(button_link(call, href=link_to(href), variant="outline")),
        padding="lg",
        class_name="grid content-start gap-4",
    )


def others() -> rx.Component:
    """Journeys that somebody has added."""
    return rx.cond(
        LandingState.others.length() > 0,
        stack(
            heading(text("More journeys"), looks_like="3"),
            row(rx.foreach(LandingState.others, other)),
            gap="sm",
        ),
    )


def other(journey: Any) -> rx.Component:
    """The way into one of them."""
    return button_link(journey.title, href=journey.href, variant="outline")


def promises() -> rx.Component:
    """What a person may count on."""
    return grid(
        *[
            stack(
                icon(name, size="lg", class_name="text-accent"),
                heading(text(title), looks_like="4"),
                rx.el.p(text(explanation), class_name="text-sm text-ink-soft"),
                gap="sm",
            )
            for name, title, explanation in PROMISES
        ],
        columns="3",
        gap="lg",
        class_name="md:grid-cols-3",
    )
