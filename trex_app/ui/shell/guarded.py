"""A part of a page that may fail without taking the others with it."""

import reflex as rx
from reflex_components_core.base.error_boundary import error_boundary

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.icons import icon
from trex_app.ui.shell.message import message
from trex_app.ui.state.language import text


def guarded(part: rx.Component) -> rx.Component:
    """A small part; where drawing it fails, a line says so and offers to try again."""
    return error_boundary(
        part,
        fallback_render=alert(
            rx.el.p(text("This part of the page could not be drawn.")),
            load_again(),
            variant="warning",
        ),
    )


def guarded_page(*content: rx.Component) -> rx.Component:
    """What a page is about; where drawing it fails, that is the one thing to say."""
    return error_boundary(
        *content,
        fallback_render=message(
            text("This step could not be drawn"),
            text("Your answers are safe. Please load the page again."),
            load_again(),
            icon_name="alert",
        ),
    )


def load_again() -> rx.Component:
    """The way on after a part has failed."""
    return button(
        icon("refresh", size="sm"),
        text("Load again"),
        size="sm",
        on_click=rx.run_script("window.location.reload()"),
    )
