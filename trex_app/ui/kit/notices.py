"""Toasts: short notices in a corner, with an action, gone by themselves where nothing is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import ToastElement
from trex_app.ui.kit.buttons import icon_button
from trex_app.ui.kit.feedback import ALERTS
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import each
from trex_app.ui.kit.variants import Text, look

STANDING_SECONDS = {"success": 6, "info": 6, "warning": 10, "danger": 0}


@dataclass
class Toast:
    """A notice. `kind` is success, info, warning or danger; 0 seconds: it stays until closed."""

    toast_id: str
    kind: str
    message: str
    seconds: int = 6
    action_label: str = ""


def toast_of(toast_id: str, kind: str, message: str, action_label: str = "") -> Toast:
    """A toast that stands as long as its kind asks for. Raises ValueError on an unknown kind."""
    seconds = look(STANDING_SECONDS, kind, "toast")
    return Toast(toast_id, kind, message, 0 if action_label else seconds, action_label)


def toast_region(
    toasts: Sequence[Toast] | rx.Var[list[Toast]],
    *,
    label: Text,
    close_label: Text,
    on_close: Callable[[Any], Any],
    on_action: Callable[[Any], Any] | None = None,
) -> rx.Component:
    """Where toasts appear, once a page; on_close(toast_id) and on_action(toast_id) make events."""

    def shown(toast: Any) -> rx.Component:
        return _toast(toast, close_label, on_close, on_action)

    listed = rx.el.ol(
        *each(toasts, shown),
        # Shown as it is; as a popover its script can lift it above a dialog that is open.
        custom_attrs={"popover": "manual"},
        class_name=(
            "pointer-events-none fixed inset-x-4 top-auto bottom-4 z-50 m-0 mx-auto grid w-auto"
            " max-w-md gap-3 overflow-visible border-0 bg-transparent p-0 sm:inset-s-auto"
            " sm:inset-e-6 sm:bottom-6 sm:mx-0 sm:w-full"
            # Above buttons that stay in sight at the lower edge.
            " [body:has([data-stays=true])_&]:bottom-24"
        ),
    )
    return rx.el.section(listed, aria_label=label, aria_live="polite")


def _toast(
    toast: Any,
    close_label: Text,
    on_close: Callable[[Any], Any],
    on_action: Callable[[Any], Any] | None,
) -> rx.Component:
    surface = ToastElement.create(
        _kind_mark(toast.kind),
        rx.el.p(toast.message, class_name="min-w-0 grow py-2.5 text-sm"),
        *([] if on_action is None else [_action(toast, on_action)]),
        icon_button(
            "x",
            close_label,
            data_closes="",
            on_click=on_close(toast.toast_id),
        ),
        data_seconds=toast.seconds,
        class_name=(
            "kit-toast pointer-events-auto flex items-start gap-3 rounded-md border border-line"
            " bg-raised ps-4 text-ink shadow-3"
        ),
    )
    return rx.el.li(surface, key=toast.toast_id)


def _kind_mark(kind: Any) -> Any:
    marks = {
        name: icon(icon_name, class_name=f"mt-3 {colour}")
        for name, (icon_name, _, colour) in ALERTS.items()
    }
    if isinstance(kind, rx.Var):
        return rx.match(kind, *marks.items(), marks["info"])
    return look(marks, kind, "toast")


def _action(toast: Any, on_action: Callable[[Any], Any]) -> Any:
    shown = rx.el.button(
        toast.action_label,
        type="button",
        on_click=on_action(toast.toast_id),
        class_name=(
            "min-h-target shrink-0 cursor-pointer rounded-sm px-2 text-sm font-semibold text-accent"
            " hover:underline"
        ),
    )
    if isinstance(toast.action_label, rx.Var):
        return rx.cond(toast.action_label, shown, rx.fragment())
    return shown if toast.action_label else rx.fragment()
