"""Buttons, and links that look like text or like buttons."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A
from reflex_components_core.react_router.dom import ReactRouterLink

from trex_app.ui.kit.feedback import SPINNER
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.variants import Flag, Text, look, with_classes

BASE = (
    "relative inline-flex items-center justify-center gap-2 border text-center leading-tight"
    " cursor-pointer font-semibold select-none"
    " transition-[background-color,border-color,color,translate]"
    " active:translate-y-px disabled:cursor-not-allowed disabled:opacity-55"
    " aria-disabled:cursor-not-allowed aria-disabled:opacity-55"
)
VARIANTS = {
    "primary": "border-transparent bg-accent text-on-accent hover:bg-accent-hover",
    "secondary": "border-transparent bg-accent-soft text-accent hover:border-accent",
    "outline": "border-line-strong bg-surface text-ink hover:border-ink hover:bg-sunken",
    "ghost": "border-transparent bg-transparent text-ink-soft hover:bg-sunken hover:text-ink",
    "danger": "border-transparent bg-danger text-on-danger hover:bg-danger-hover",
}
SIZES = {
    "sm": "min-h-9 rounded-sm px-3 py-1.5 text-sm pointer-coarse:min-h-target",
    "md": "min-h-target rounded-md px-4.5 py-2.5 text-md",
    "lg": "min-h-13 rounded-md px-6 py-3 text-lg",
}
WIDTHS = {"content": "", "full": "w-full", "phone": "w-full sm:w-auto"}
ICON_SIZES = {
    "sm": "size-9 rounded-sm pointer-coarse:size-target",
    "md": "size-target rounded-md",
    "lg": "size-13 rounded-md",
}
# Marked as busy by anyone, even by a script before the server knows: the look follows the mark.
BUSY = (
    "group/button aria-busy:pointer-events-none [&[aria-busy=true]>.label]:opacity-0"
    " aria-busy:opacity-100"
)
LINKS = {
    "inline": "font-medium text-accent underline underline-offset-3 hover:decoration-2",
    "quiet": "text-ink-soft underline-offset-3 hover:text-ink hover:underline",
    "strong": "font-semibold text-accent underline-offset-3 hover:underline",
}


def button(
    *children: Any,
    variant: str = "primary",
    size: str = "md",
    width: str = "content",
    is_loading: Flag = False,
    **props: Any,
) -> rx.Component:
    """A button. While it loads it keeps its width and its name, and takes no further click."""
    busy = rx.cond(is_loading, "true", "false") if isinstance(is_loading, rx.Var) else is_loading
    props.setdefault("type", "button")
    return rx.el.button(
        rx.el.span(*children, class_name="label inline-flex items-center justify-center gap-2"),
        rx.el.span(
            class_name=f"{SPINNER} absolute size-5 not-group-aria-busy/button:hidden",
            aria_hidden="true",
        ),
        aria_busy=busy if isinstance(busy, rx.Var) else str(bool(busy)).lower(),
        **with_classes(props, BASE, BUSY, *_look(variant, size, width)),
    )


def button_link(
    *children: Any,
    href: Text,
    variant: str = "primary",
    size: str = "md",
    width: str = "content",
    is_external: bool = False,
    **props: Any,
) -> rx.Component:
    """A link that looks like a button: for going somewhere, where a button does something."""
    dressed = with_classes(props, BASE, *_look(variant, size, width))
    return anchor(*children, href=href, is_external=is_external, **dressed)


def icon_button(
    icon_name: str, label: Text, *, variant: str = "ghost", size: str = "md", **props: Any
) -> rx.Component:
    """A button that shows only an icon; `label` is its name for those who do not see it."""
    props.setdefault("type", "button")
    shape = look(ICON_SIZES, size, "icon button's size")
    shown_as = look(VARIANTS, variant, "button")
    return rx.el.button(
        icon(icon_name), aria_label=label, **with_classes(props, BASE, shown_as, shape)
    )


def link(
    *children: Any, href: Text, variant: str = "inline", is_external: bool = False, **props: Any
) -> rx.Component:
    """A link in a text or on its own. An external one leaves the app by a whole page load."""
    dressed = with_classes(props, "rounded-sm", look(LINKS, variant, "link"))
    return anchor(*children, href=href, is_external=is_external, **dressed)


def _look(variant: str, size: str, width: str) -> tuple[str, str, str]:
    return (
        look(VARIANTS, variant, "button"),
        look(SIZES, size, "button's size"),
        look(WIDTHS, width, "button's width"),
    )


def anchor(*children: Any, href: Text, is_external: bool = False, **props: Any) -> rx.Component:
    """A link without looks: inside the app by its router, else the platform's own."""
    # Not rx.el.a: that is a link of the router as soon as it has an address.
    if is_external or (isinstance(href, str) and not href.startswith("/")):
        return A.create(*children, href=href, **props)
    return ReactRouterLink.create(*children, to=href, **props)
