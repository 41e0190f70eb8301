"""What the header offers while a journey is open, and what each of its tools has to say."""

from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.copying import copy_button
from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.fields import text_field, text_input
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading, row
from trex_app.ui.kit.overlays import CLOSES, dialog, opens
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.journey import LINK_ID, JourneyState
from trex_app.ui.state.language import text
from trex_app.ui.state.mailed_link import LINK_EMAIL, MailedLinkState

LEAVING_ID: Final = "leaving"
ADDRESS_NOW: Final = rx.Var(f"(document.getElementById('field-{LINK_EMAIL}')?.value ?? '')").to(str)


def tools() -> rx.Component:
    """What the header offers on this page."""
    return rx.cond(
        (JourneyState.view.step_id != "")
        & ~JourneyState.view.is_end
        & (JourneyState.trouble == ""),
        row(
            tool("link", text("Save for later"), on_click=JourneyState.save_for_later),
            tool("refresh", text("Start over"), **opens(LEAVING_ID)),
            gap="xs",
        ),
    )


def tool(icon_name: str, label: str, **props: Any) -> rx.Component:
    """One thing to do, by its icon alone where there is little room."""
    return button(
        icon(icon_name, size="sm"),
        rx.el.span(label, class_name="max-sm:sr-only"),
        variant="ghost",
        size="sm",
        **props,
    )


def asides() -> rx.Component:
    """What the header's tools have to say."""
    return rx.fragment(
        rx.el.div(
            rx.cond(JourneyState.resume_address, saved_link()),
            role="status",
            class_name="empty:hidden",
        ),
        leaving(),
    )


def saved_link() -> rx.Component:
    """The link that leads back here."""
    return card(
        heading(text("Your journey is saved"), looks_like="4"),
        rx.el.p(
            text(
                "Open this link on any device to go on where you are. It works once; "
                "whoever has it can see your answers."
            ),
            class_name="text-sm text-ink-soft",
        ),
        text_input(
            id=LINK_ID,
            value=JourneyState.resume_address,
            read_only=True,
            aria_label=text("Link to your journey"),
        ),
        row(
            copy_button(
                JourneyState.resume_address,
                text("Copy the link"),
                copied_label=text("The link was copied."),
                failed_label=text("It could not be copied. Please select it and copy it by hand."),
                variant="primary",
            ),
            button(text("Close"), variant="ghost", size="sm", on_click=JourneyState.dismiss),
        ),
        rx.cond(MailedLinkState.is_offered, by_mail()),
        class_name="grid gap-3",
    )


def by_mail() -> rx.Component:
    """Has the link sent to an address that is used for nothing else.

    Its button submits no form: the step's own is the only one on the page that does.
    """
    return rx.el.div(
        text_field(
            LINK_EMAIL,
            text("Or send it to yourself by e-mail"),
            kind="email",
            hint=text("We use the address for this message only, and forget it afterwards."),
            error=MailedLinkState.fault,
        ),
        row(
            button(
                icon("mail", size="sm"),
                text("Send the link"),
                size="sm",
                on_click=MailedLinkState.send(ADDRESS_NOW),
            )
        ),
        rx.cond(
            MailedLinkState.sent_link == JourneyState.resume_address,
            alert(rx.el.p(text("The link is on its way to you.")), variant="success"),
        ),
        class_name="grid gap-3 border-t border-line pt-4",
    )


def leaving() -> rx.Component:
    """Asks back before answers are left behind."""
    return dialog(
        rx.el.p(
            text("Your answers so far stay behind. What you have sent already is not undone."),
            class_name="text-ink-soft",
        ),
        dialog_id=LEAVING_ID,
        title=text("Start over with nothing filled in?"),
        close_label=text("Close"),
        footer=[
            button(text("Go on here"), variant="outline", **CLOSES),
            button(
                text("Start over"), variant="danger", on_click=JourneyState.start_over, **CLOSES
            ),
        ],
    )
