"""Why there is no step to draw, and what a person can do about it."""

import reflex as rx

from trex_app.ui.kit.buttons import button, button_link
from trex_app.ui.shell.message import message, unavailable
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.language import link_to, text


def trouble() -> rx.Component:
    """Why there is no step, and what to do about it."""
    reasons = [("expired", expired()), ("not_found", not_found()), ("lost", lost())]
    drawn = rx.match(JourneyState.trouble, *reasons, unavailable(JourneyState.retry))
    return rx.el.div(drawn, custom_attrs={"data-trouble": JourneyState.trouble})


def expired() -> rx.Component:
    """The journey was left for too long."""
    return message(
        text("This journey has expired"),
        text(
            "It was left alone for too long. You can start anew; the answers that are still valid "
            "are filled in for you."
        ),
        button(text("Start anew with my answers"), on_click=JourneyState.restart),
        icon_name="clock",
    )


def not_found() -> rx.Component:
    """The address names no journey."""
    return message(
        text("There is no such journey"),
        text("The address may be mistyped, or the journey is no longer offered."),
        button_link(text("To the start page"), href=link_to("/")),
        icon_name="search",
    )


def lost() -> rx.Component:
    """The journey is somebody else's, or no longer there."""
    return message(
        text("This journey cannot be opened here"),
        text("It belongs to another browser, or its data has been removed."),
        button(text("Start a new one"), on_click=JourneyState.start_over),
        icon_name="lock",
    )
