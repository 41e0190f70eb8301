"""Things that lie over the page for a while: dialog, drawer, popover, menu, tooltip."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.other import Dialog as DialogBase

from trex_app.ui.kit.behaviours import DialogElement, MenuElement, TooltipElement
from trex_app.ui.kit.buttons import anchor, button, icon_button
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.variants import Flag, Text, is_missing, look, when_given, with_classes

DIALOGS = {
    "dialog": "kit-dialog m-auto w-[min(32rem,calc(100%-2rem))] rounded-lg",
    "wide": "kit-dialog m-auto w-[min(56rem,calc(100%-2rem))] rounded-lg",
    "drawer": (
        "kit-drawer ms-auto me-0 my-0 h-dvh max-h-none rounded-s-lg"
        " w-[min(26rem,calc(100%-2.5rem))]"
    ),
    "sheet": "kit-sheet mx-auto mt-auto mb-0 w-full max-w-[40rem] rounded-t-lg",
}
POPOVER = (
    "kit-popover rounded-md border border-line bg-raised text-ink shadow-3"
    " max-w-[min(24rem,calc(100vw-2rem))]"
)
MENU_ITEM = (
    "flex min-h-target w-full cursor-pointer items-center gap-3 rounded-sm px-3 text-start text-md"
    " hover:bg-sunken focus-visible:bg-sunken focus-visible:-outline-offset-2"
    " aria-disabled:cursor-not-allowed aria-disabled:text-ink-faint"
)
MENU_ITEMS = {"plain": "text-ink", "danger": "text-danger"}


class ModalDialog(DialogBase):
    """The platform's dialog, which also tells when it was closed."""

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def dialog(
    *children: Any,
    dialog_id: str,
    title: Text,
    close_label: Text,
    variant: str = "dialog",
    footer: Sequence[rx.Component] = (),
    is_open: Flag | None = None,
    **props: Any,
) -> rx.Component:
    """A dialog over the page; `drawer` comes from the side, `sheet` from below.

    A button with opens(dialog_id) opens it, one with CLOSES inside closes it. Where the state
    decides, give `is_open`, and `on_close` to hear that it was closed.
    """
    opened = {} if is_open is None else {"data_open": _said(is_open)}
    heading_id = f"{dialog_id}-title"
    shown = with_classes(
        props,
        "max-h-[calc(100dvh-2rem)] border border-line bg-raised text-ink shadow-3",
        look(DIALOGS, variant, "dialog"),
    )
    foot = rx.el.div(
        *footer,
        class_name=(
            "flex flex-col-reverse gap-3 border-t border-line px-5 py-4 sm:flex-row sm:justify-end"
        ),
    )
    head = rx.el.div(
        rx.el.h2(
            title,
            id=heading_id,
            tab_index=-1,  # where the focus goes when what had it inside is gone
            class_name="text-xl font-semibold tracking-[-0.015em] outline-none",
        ),
        icon_button("x", close_label, **CLOSES),
        class_name="flex items-center justify-between gap-3 ps-5 pe-2.5 pt-3 pb-1 sm:ps-6",
    )
    inside = rx.el.div(
        head,
        rx.el.div(
            *children,
            class_name="grid min-h-0 content-start gap-5 overflow-y-auto px-5 pt-1 pb-5 sm:px-6",
        ),
        *([foot] if footer else []),
        class_name="grid h-full max-h-[inherit] grid-rows-[auto_minmax(0,1fr)_auto]",
    )
    return DialogElement.create(
        ModalDialog.create(inside, id=dialog_id, aria_labelledby=heading_id, **shown),
        **opened,
        class_name="contents",
    )


def opens(dialog_id: str) -> dict[str, Any]:
    """What makes a button open the dialog."""
    return {"data_opens": dialog_id, "aria_haspopup": "dialog"}


CLOSES: dict[str, Any] = {"data_closes": ""}


def _said(flag: Flag) -> Any:
    return rx.cond(flag, "true", "false") if isinstance(flag, rx.Var) else str(flag).lower()


def popover(*children: Any, popover_id: str, label: Text, **props: Any) -> rx.Component:
    """A small surface beside the button with shows(popover_id), put away by Escape or a click."""
    dressed = with_classes(props, POPOVER, "p-4 text-sm")
    attributes = {"popover": "auto", **dressed.pop("custom_attrs", {})}
    return rx.el.div(
        *children, id=popover_id, role="group", aria_label=label, custom_attrs=attributes, **dressed
    )


def shows(popover_id: str) -> dict[str, Any]:
    """What makes a button show and hide the popover."""
    return {"custom_attrs": {"popoverTarget": popover_id}}


def menu(
    *items: rx.Component, menu_id: str, label: Any, variant: str = "ghost", **props: Any
) -> rx.Component:
    """A button with a menu of actions under it; items are made by menu_item."""
    props.setdefault("aria_haspopup", "menu")
    return MenuElement.create(
        button(
            label,
            icon("chevron-down", size="sm"),
            variant=variant,
            aria_expanded="false",
            **props,
            **shows(menu_id),
        ),
        rx.el.div(
            *items,
            id=menu_id,
            role="menu",
            custom_attrs={"popover": "auto"},
            class_name=f"{POPOVER} min-w-52 p-1.5",
        ),
        class_name="inline-block",
    )


def menu_item(
    *children: Any, icon_name: str = "", variant: str = "plain", href: Text = "", **props: Any
) -> rx.Component:
    """An entry of a menu: an action, or a way where `href` leads."""
    mark = [icon(icon_name, class_name="opacity-80")] if icon_name else []
    dressed = with_classes(props, MENU_ITEM, look(MENU_ITEMS, variant, "menu item"))
    voice = {"role": "menuitem", "tab_index": -1}
    if is_missing(href):
        return rx.el.button(*mark, *children, type="button", **voice, **dressed)
    return anchor(*mark, *children, href=href, **voice, **dressed)


def tooltip(trigger: rx.Component, text: Text, *, tooltip_id: str) -> rx.Component:
    """A few words about the trigger, on hover and on focus; never the only place of a fact.

    Give the trigger `aria_describedby=tooltip_id`.
    """
    words = rx.el.span(
        text,
        id=tooltip_id,
        role="tooltip",
        class_name=(
            "pointer-events-none invisible absolute bottom-full left-1/2 z-30 mb-2 w-max max-w-60"
            " -translate-x-1/2 rounded-sm bg-ink px-3 py-2 text-center text-xs text-balance"
            " font-medium text-canvas opacity-0 transition-opacity group-hover/tip:visible"
            " group-hover/tip:opacity-100 group-focus-within/tip:visible"
            " group-focus-within/tip:opacity-100 group-hover/tip:pointer-events-auto"
            " group-data-dismissed/tip:invisible!"
        ),
    )
    return TooltipElement.create(
        trigger, when_given(text, words), class_name="group/tip relative inline-flex"
    )
