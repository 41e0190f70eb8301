"""The frame of every page of the web app: header, what is wrong, the page itself, footer."""

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from trex_app.display.addresses import PLAIN_LINK_PATH, PLAIN_PREFIX
from trex_app.ui.kit.buttons import anchor
from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.layout import container
from trex_app.ui.kit.notices import Toast, toast_region
from trex_app.ui.shell.footer import footer
from trex_app.ui.shell.guarded import guarded_page
from trex_app.ui.shell.header import header
from trex_app.ui.state.language import link_to, text
from trex_app.ui.state.notice import NoticeState

MAIN_ID = "main"


def standalone_page(
    *content: Any,
    tools: Any = None,
    is_busy: Any = None,
    width: str = "narrow",
    is_of_a_link: bool = False,
) -> rx.Component:
    """A whole page; `tools` stand in the header, `is_busy` draws a bar along its upper edge.

    A page of a link in a message has its counterpart without scripts where that link is pasted.
    """
    return rx.el.div(
        loading_bar(is_busy) if is_busy is not None else rx.fragment(),
        anchor(
            text("Skip to the content"),
            href=f"#{MAIN_ID}",
            class_name=(
                "sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded-md"
                " focus:bg-surface focus:px-4 focus:py-3"
            ),
        ),
        header(tools),
        rx.el.main(
            container(
                without_scripts(is_of_a_link=is_of_a_link),
                connection_banner(),
                guarded_page(*content),
                width=width,
                class_name="grid gap-6",
            ),
            id=MAIN_ID,
            tab_index=-1,
            class_name="grow py-8 outline-none sm:py-12",
        ),
        footer(),
        notices(),
        class_name="flex min-h-dvh flex-col",
    )


def without_scripts(*, is_of_a_link: bool = False) -> rx.Component:
    """The way on for a browser that runs no JavaScript, which sees this alone."""
    said = (
        text(
            "This page needs JavaScript; another one does without. Take the address of this page "
            "along: it asks for it."
        )
        if is_of_a_link
        else text("This page needs JavaScript; the same journeys are there without it.")
    )
    target = PLAIN_LINK_PATH if is_of_a_link else PLAIN_PREFIX
    return rx.el.noscript(
        rx.el.p(
            said,
            " ",
            anchor(text("Go on without JavaScript"), href=link_to(target), is_external=True),
            class_name="rounded-md bg-info-soft px-4 py-3.5 text-sm [&_a]:underline",
        )
    )


def connection_banner() -> rx.Component:
    """Says that the server is out of reach, for as long as it is."""
    return rx.el.div(
        rx.cond(
            has_connection_errors | NoticeState.is_waiting,
            alert(
                rx.el.p(
                    text(
                        "We cannot reach the server right now. What you typed is still here; "
                        "we go on as soon as it answers."
                    )
                ),
                variant="warning",
                role="presentation",
                data_banner="connection",
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def notices() -> rx.Component:
    """What failed outside of any step: in sight wherever somebody is on the page."""
    failure = Toast(f"failure-{NoticeState.times}", "danger", NoticeState.message, seconds=0)
    return toast_region(
        rx.cond(NoticeState.message, [failure], []),
        label=text("Notices"),
        close_label=text("Close"),
        on_close=lambda _: NoticeState.dismiss,
    )


def loading_bar(is_busy: Any) -> rx.Component:
    """A thin bar along the upper edge while a step is on its way; a reader hears it once."""
    return rx.el.div(
        rx.cond(
            is_busy,
            rx.el.div(
                rx.el.span(text("Loading"), class_name="sr-only"),
                class_name="kit-loading-bar h-full bg-accent",
            ),
        ),
        role="status",
        class_name="pointer-events-none fixed inset-x-0 top-0 z-20 h-1 overflow-hidden",
    )
