"""The page of an address that does not exist."""

import reflex as rx

from trex_app.ui.kit.buttons import button_link
from trex_app.ui.shell.message import message
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.language import link_to, text


def not_found_page() -> rx.Component:
    """Say so, and lead home."""
    return standalone_page(
        message(
            text("404: there is nothing at this address"),
            text("It may be mistyped, or what was here has moved."),
            button_link(text("To the start page"), href=link_to("/")),
            icon_name="search",
        )
    )
