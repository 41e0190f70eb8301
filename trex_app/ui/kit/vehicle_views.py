"""A vehicle from other sides: from the front, and its seats from above."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.variants import Text, with_classes

# What the drawings of assets/kit/views.svg stand for.
FRONTS = {
    "front-low": ("coupe", "convertible"),
    "front-tall": ("suv", "van", "minivan", "pickup"),
}
USUAL_FRONT = "front-mid"
SEATS = (2, 4, 5, 6, 7, 8)
USUAL_SEATS = 5


def front_view(body_type: Text, **props: Any) -> rx.Component:
    """A vehicle from the front, as low or tall as its body type."""
    cases = [(*body_types, _address(name)) for name, body_types in FRONTS.items()]
    return _drawing(rx.match(body_type, *cases, _address(USUAL_FRONT)), **props)


def seats_view(seats: Any, **props: Any) -> rx.Component:
    """The seats of a vehicle from above; an unusual number is drawn as five."""
    cases = [(number, _address(f"seats-{number}")) for number in SEATS]
    return _drawing(rx.match(seats, *cases, _address(f"seats-{USUAL_SEATS}")), **props)


def _drawing(address: Any, **props: Any) -> rx.Component:
    return rx.el.svg(
        rx.el.svg.use(href=address),
        view_box="0 0 320 120",
        aria_hidden="true",
        **with_classes(props, "aspect-[8/3] h-auto w-full max-w-md"),
    )


def _address(drawing: str) -> str:
    return f"/kit/views.svg#{drawing}"
