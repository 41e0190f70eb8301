"""The gallery's messages: what is under way, what happened, and what lies over the page."""

import reflex as rx

from trex_app.ui.kit import buttons, feedback, fields, layout, notices, overlays
from trex_app.ui.kit.vehicles import vehicle


def standing_parts() -> rx.Component:
    """Progress, scores, spinners, skeletons, nothing found."""
    return layout.stack(
        feedback.stepper(2, 6, "Step 3 of about 6"),
        layout.grid(
            feedback.progress(35, label="Uploaded", class_name="w-full"),
            feedback.score(88, label="Economy", class_name="w-full"),
            layout.row(
                *[feedback.spinner("Loading", size=size) for size in feedback.SPINNER_SIZES],
                gap="md",
            ),
            columns="3",
        ),
        layout.grid(
            feedback.form_skeleton("Loading the step"),
            layout.stack(*[feedback.skeleton(shape) for shape in feedback.SKELETONS], gap="sm"),
            columns="2",
            gap="lg",
        ),
        feedback.empty_state(
            "No vehicle fits all of this",
            "The nearest ones cost a little more. Change your answers, or look at those.",
            art=vehicle("estate", class_name="text-ink-faint"),
            action=buttons.button("Show the nearest", variant="secondary"),
        ),
        gap="lg",
    )


def alert_parts() -> rx.Component:
    """A notice of every kind."""
    sentence = "The live inventory is not answering; the dealer checks what is still available."
    return layout.stack(
        *[feedback.alert(sentence, variant=kind, role="note") for kind in feedback.ALERTS],
        feedback.alert(sentence, variant="info", title="Saved results from 14:02", role="note"),
        gap="sm",
    )


def toast_parts() -> rx.Component:
    """Toasts of every kind, as they lie in their corner."""
    kinds = {
        "success": "Saved. The link is copied.",
        "info": "Newer results are there.",
        "warning": "This session ends in five minutes.",
        "danger": "That was not sent. Check your connection.",
    }
    toasts = [
        notices.Toast(kind, kind, message, 0, "Undo" if kind == "success" else "")
        for kind, message in kinds.items()
    ]
    return notices.toast_region(
        toasts,
        label="Notices",
        close_label="Close the notice",
        on_close=lambda _: rx.noop(),
        on_action=lambda _: rx.noop(),
    )


def overlay_parts() -> rx.Component:
    """Openers of every dialog, a popover, a menu, a tooltip."""
    return layout.row(*_dialogs(), _popover(), _menu(), _tooltip(), gap="md")


def _dialogs() -> list[rx.Component]:
    parts: list[rx.Component] = []
    for kind in overlays.DIALOGS:
        dialog_id = f"demo-{kind}"
        footer = (
            buttons.button("Cancel", variant="outline", **overlays.CLOSES),
            buttons.button("Save the link", **overlays.CLOSES),
        )
        parts += [
            buttons.button(f"Open {kind}", variant="outline", **overlays.opens(dialog_id)),
            overlays.dialog(
                rx.el.p("You can come back with this link for thirty days."),
                fields.text_field(f"{kind}_email", "E-mail", kind="email"),
                dialog_id=dialog_id,
                title="Save for later",
                close_label="Close",
                variant=kind,
                footer=footer,
            ),
        ]
    return parts


def _popover() -> rx.Component:
    return rx.fragment(
        buttons.button("Why do you ask?", variant="ghost", **overlays.shows("demo-popover")),
        overlays.popover(
            "Dealers near you can offer the vehicle without delivery.",
            popover_id="demo-popover",
            label="Why we ask",
        ),
    )


def _menu() -> rx.Component:
    return overlays.menu(
        overlays.menu_item("Edit", icon_name="pencil"),
        overlays.menu_item("Copy the link", icon_name="copy"),
        overlays.menu_item("Start again", icon_name="trash", variant="danger"),
        menu_id="demo-menu",
        label="More",
        variant="outline",
    )


def _tooltip() -> rx.Component:
    return overlays.tooltip(
        buttons.icon_button("info", "About scores", aria_describedby="demo-tip"),
        "A score of 100 fits all of your answers.",
        tooltip_id="demo-tip",
    )
