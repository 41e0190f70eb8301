"""The page behind a resume link. Looking at it changes nothing; the button uses the link up."""

import reflex as rx

from trex_app.ui.kit.buttons import button, button_link
from trex_app.ui.kit.feedback import form_skeleton
from trex_app.ui.kit.icons import icon
from trex_app.ui.shell.message import message, unavailable
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.language import link_to, text
from trex_app.ui.state.resume import ResumeState
from trex_app.ui.state.troubles import UNAVAILABLE


def resume_page() -> rx.Component:
    """Offer to go on, or say that the link no longer works."""
    return standalone_page(
        rx.match(
            ResumeState.link,
            ("usable", usable()),
            ("used_up", used_up()),
            ("away", unavailable(ResumeState.look)),
            form_skeleton(text("The link is being looked at"), fields=1),
        ),
        is_busy=JourneyState.is_busy,
        is_of_a_link=True,
    )


def usable() -> rx.Component:
    """The way on, or what came of taking it."""
    return rx.fragment(
        rx.match(
            JourneyState.trouble,
            ("", welcome_back()),
            (UNAVAILABLE, unavailable(JourneyState.resume)),
            used_up(),
        )
    )


def welcome_back() -> rx.Component:
    """The link works."""
    return message(
        text("Welcome"),
        text(
            "This link opens your journey with all that is filled in already. It works once, for "
            "this device."
        ),
        button(
            text("Go on with my journey"),
            icon("arrow-end", size="sm"),
            on_click=JourneyState.resume,
        ),
        icon_name="link",
    )


def used_up() -> rx.Component:
    """The link does not work, and why that may be."""
    return message(
        text("This link no longer works"),
        text(
            "It has been used already, has expired, or a newer one was made. On the device where "
            "you started, your journey is still there."
        ),
        button_link(text("To the start page"), href=link_to("/")),
        icon_name="link",
    )
