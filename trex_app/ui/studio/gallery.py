"""Every part of the kit in every variant and state, on one page. Only development serves it."""

from collections.abc import Callable

import reflex as rx

from trex_app.ui.kit import layout
from trex_app.ui.studio import gallery_forms, gallery_messages, gallery_surfaces

SECTIONS: dict[str, Callable[[], rx.Component]] = {
    "Buttons and links": gallery_surfaces.button_parts,
    "Typed text": gallery_forms.text_parts,
    "Choices": gallery_forms.choice_parts,
    "Cards to choose from": gallery_forms.card_parts,
    "Finding an answer": gallery_forms.picker_parts,
    "Amounts": gallery_forms.amount_parts,
    "Errors": gallery_forms.error_parts,
    "How things stand": gallery_messages.standing_parts,
    "Alerts": gallery_messages.alert_parts,
    "Toasts": gallery_messages.toast_parts,
    "Over the page": gallery_messages.overlay_parts,
    "Cards, badges, people": gallery_surfaces.surface_parts,
    "Tabs and sections": gallery_surfaces.disclosure_parts,
    "Finding one's way": gallery_surfaces.navigation_parts,
    "Tables": gallery_surfaces.table_parts,
    "Vehicles": gallery_surfaces.vehicle_parts,
    "Pictures": gallery_surfaces.picture_parts,
    "Icons": gallery_surfaces.icon_parts,
    "Words and spaces": gallery_surfaces.layout_parts,
}


def gallery_page() -> rx.Component:
    """Show every part."""
    return rx.el.main(
        layout.container(
            layout.stack(
                layout.heading("The kit", level="1"),
                layout.lead("Every part, in every variant and state, drawn with the tokens."),
                gap="sm",
            ),
            *[_section(title, parts()) for title, parts in SECTIONS.items()],
            class_name="grid gap-14 pt-10 pb-80",
        )
    )


def _section(title: str, parts: rx.Component) -> rx.Component:
    return rx.el.section(
        layout.heading(title, class_name="mb-5"),
        parts,
        data_gallery=title,
        class_name="min-w-0",
    )
