"""The page behind the link in a message: what is held of a person, to take along or to erase."""

from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.buttons import button, button_link
from trex_app.ui.kit.feedback import form_skeleton
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading, lead, row
from trex_app.ui.kit.overlays import CLOSES, dialog, opens
from trex_app.ui.kit.surfaces import card, facts
from trex_app.ui.shell.message import message, unavailable
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.language import link_to, text
from trex_app.ui.state.your_data import YourDataState

ERASING_ID: Final = "erasing"


def your_data_page() -> rx.Component:
    """What is held, or why it cannot be shown."""
    return standalone_page(
        rx.match(
            YourDataState.page,
            ("shown", held()),
            ("refused", refused()),
            ("erased", erased()),
            ("away", unavailable(YourDataState.look)),
            form_skeleton(text("Your data is being looked up"), fields=3),
        ),
        is_of_a_link=True,
    )


def held() -> rx.Component:
    """Everything, section by section, and what can be done with it."""
    return rx.el.article(
        rx.el.div(
            heading(text("Your data"), level="1", looks_like="2"),
            lead(text("This is what we hold of you. You may take it along or have it erased.")),
            class_name="grid gap-3",
        ),
        row(
            button(
                icon("download", size="sm"),
                text("Download as a file"),
                on_click=YourDataState.download,
            ),
            button(
                icon("trash", size="sm"),
                text("Erase everything"),
                variant="outline",
                **opens(ERASING_ID),
            ),
        ),
        rx.foreach(YourDataState.sections, section),
        rx.el.p(
            text(
                "What you told a credit bureau about yourself is not shown here; the file holds it."
            ),
            class_name="text-sm text-ink-soft",
        ),
        erasing(),
        class_name="grid gap-6",
    )


def section(part: Any) -> rx.Component:
    """What is held of one journey, or of one kind of thing."""
    return card(heading(part.title, looks_like="3"), facts(part.lines), class_name="grid gap-4")


def erasing() -> rx.Component:
    """Asks back before anything is lost for good."""
    return dialog(
        rx.el.p(
            text(
                "Your answers, requests and messages become unreadable for good. Dealers who have "
                "your request are told that you asked for this."
            ),
            class_name="text-ink-soft",
        ),
        rx.el.p(text("This cannot be undone."), class_name="font-semibold"),
        dialog_id=ERASING_ID,
        title=text("Erase everything?"),
        close_label=text("Close"),
        footer=[
            button(text("Keep my data"), variant="outline", **CLOSES),
            button(
                text("Erase for good"), variant="danger", on_click=YourDataState.erase, **CLOSES
            ),
        ],
    )


def refused() -> rx.Component:
    """The link opens nothing."""
    return message(
        text("This link does not open anything"),
        text(
            "It may have expired, or what it led to has been erased. A newer message from us holds "
            "a newer link. Or get in touch and name your reference."
        ),
        button_link(text("To the start page"), href=link_to("/")),
        icon_name="lock",
    )


def erased() -> rx.Component:
    """Nothing is left."""
    return message(
        text("Your data is erased"),
        text(
            "Nobody can read it any more, we cannot either. That something was sent, and when, "
            "stays on record without saying of whom it was."
        ),
        button_link(text("To the start page"), href=link_to("/")),
        icon_name="check",
    )
