"""Things that hold other things: card, panel, badge, avatar, facts."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from trex_app.ui.kit.options import each
from trex_app.ui.kit.variants import Text, look, with_classes

CARDS = {
    "plain": "border border-line bg-surface",
    "raised": "border border-line bg-surface shadow-2",
    "sunken": "border border-transparent bg-sunken",
    "link": (
        "relative border border-line bg-surface transition-[box-shadow,border-color] hover:shadow-2"
        " hover:border-line-strong"
    ),
}
PADDINGS = {"none": "", "sm": "p-4", "md": "p-5 sm:p-6", "lg": "p-6 sm:p-9"}
BADGES = {
    "neutral": "bg-sunken text-ink-soft",
    "accent": "bg-accent-soft text-accent",
    "warm": "bg-warm-soft text-warm",
    "danger": "bg-danger-soft text-danger",
    "success": "bg-success-soft text-success",
    "info": "bg-info-soft text-info",
}
AVATARS = {"sm": "size-8 text-xs", "md": "size-11 text-sm", "lg": "size-16 text-lg"}


def card(*children: Any, variant: str = "plain", padding: str = "md", **props: Any) -> rx.Component:
    """A surface that keeps one thing together."""
    dressed = with_classes(
        props,
        "rounded-lg min-w-0",
        look(CARDS, variant, "card"),
        look(PADDINGS, padding, "card's padding"),
    )
    return rx.el.div(*children, **dressed)


def badge(*children: Any, variant: str = "neutral", **props: Any) -> rx.Component:
    """A word or a number about the thing beside it."""
    own = (
        "inline-flex items-center gap-1 rounded-full px-2.5 py-1 text-xs leading-none font-semibold"
        " whitespace-nowrap"
    )
    return rx.el.span(*children, **with_classes(props, own, look(BADGES, variant, "badge")))


def avatar(name: Text, *, initials: Text = "", src: Text = "", size: str = "md") -> rx.Component:
    """A person or a firm: their picture, else their initials."""
    shape = f"rounded-full {look(AVATARS, size, 'avatar size')}"
    if isinstance(src, rx.Var) or src:
        return rx.el.img(src=src, alt=name, loading="lazy", class_name=f"{shape} object-cover")
    if isinstance(name, str) and isinstance(initials, str):
        initials = initials or "".join(word[0] for word in name.split()[:2]).upper()
    return rx.el.span(
        rx.el.span(initials, aria_hidden="true"),
        role="img",
        aria_label=name,
        class_name=(
            f"{shape} inline-grid shrink-0 place-items-center bg-accent-soft font-semibold"
            " text-accent"
        ),
    )


def facts(items: Sequence[Any] | rx.Var[Any], **props: Any) -> rx.Component:
    """Names and values, one a line. An item has `label` and `value`."""
    return rx.el.dl(*each(items, _fact), **with_classes(props, "grid"))


def _fact(item: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(item.label, class_name="text-sm text-ink-soft"),
        rx.el.dd(item.value, class_name="min-w-0 text-ink"),
        class_name=(
            "grid gap-x-4 gap-y-0.5 border-b border-line py-3 first:pt-0 last:border-b-0 last:pb-0"
            " sm:grid-cols-[minmax(6rem,0.6fr)_minmax(0,1.6fr)]"
        ),
    )
