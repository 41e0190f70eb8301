"""Body types drawn from the side: what a vehicle looks like where there is no photo of it."""

from typing import Any

import reflex as rx

from trex_app.display.drawings import DEFAULT, DRAWINGS, drawing_name
from trex_app.ui.kit.variants import Text, is_missing, look, with_classes

SIZES = {
    "sm": "h-10",
    "md": "h-18",
    "lg": "h-28",
    "fill": "h-auto w-full max-w-72 px-4",
}

# A colour of the data as paint on a drawing; a colour that is not known leaves it unpainted.
PAINTS = {
    "white": "[--trex-paint:#f4f4f0] [--trex-paint-strength:0.9]",
    "black": "[--trex-paint:#1d1f22] [--trex-paint-strength:0.85]",
    "grey": "[--trex-paint:#7b8087] [--trex-paint-strength:0.75]",
    "silver": "[--trex-paint:#b9bec4] [--trex-paint-strength:0.8]",
    "blue": "[--trex-paint:#2f62a8] [--trex-paint-strength:0.75]",
    "red": "[--trex-paint:#b02a2a] [--trex-paint-strength:0.75]",
    "green": "[--trex-paint:#3d6b4a] [--trex-paint-strength:0.75]",
    "brown": "[--trex-paint:#7a5638] [--trex-paint-strength:0.75]",
    "orange": "[--trex-paint:#d27a2c] [--trex-paint-strength:0.75]",
    "yellow": "[--trex-paint:#e3bd3c] [--trex-paint-strength:0.8]",
    "beige": "[--trex-paint:#cbbb9a] [--trex-paint-strength:0.8]",
}
OTHER_NAMES = {"gray": "grey"}


def paint_of(colour: Text) -> Any:
    """The class that paints a drawing in a colour of the data, such as `blue`."""
    if isinstance(colour, rx.Var):
        spellings = {**PAINTS, **{other: PAINTS[name] for other, name in OTHER_NAMES.items()}}
        return rx.match(colour.to(str).lower(), *spellings.items(), "")
    known = OTHER_NAMES.get(colour.lower(), colour.lower())
    return PAINTS.get(known, "")


def vehicle(body_type: Text, *, label: Text = "", size: str = "md", **props: Any) -> rx.Component:
    """A drawing of a body type, in the text's colour; an unknown one looks like a hatchback.

    With a `label` it is a picture with that name, without one it only decorates.
    """
    voice = {"aria_hidden": "true"} if is_missing(label) else {"role": "img", "aria_label": label}
    dressed = with_classes(props, "aspect-[8/3] shrink-0", look(SIZES, size, "vehicle's size"))
    # The drawings lie in one file of their own: twenty cards on a page cost no more than one.
    drawing = rx.el.svg.use(href=drawing_of(body_type))
    return rx.el.svg(drawing, view_box="0 0 320 120", **voice, **dressed)


def drawing_of(body_type: Text) -> Any:
    """The address of the drawing of a body type."""
    if isinstance(body_type, rx.Var):
        cases = [(*names, _address(drawing)) for drawing, names in DRAWINGS.items()]
        return rx.match(body_type, *cases, _address(DEFAULT))
    return _address(drawing_name(body_type))


def _address(drawing: str) -> str:
    return f"/kit/vehicles.svg#{drawing}"
