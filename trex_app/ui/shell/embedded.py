"""The frame of a page that stands in somebody else's: no header, no footer, only the journey."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.behaviours import NoticeElement
from trex_app.ui.kit.buttons import icon_button
from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.layout import container, row
from trex_app.ui.shell.guarded import guarded_page
from trex_app.ui.shell.standalone import MAIN_ID, connection_banner, loading_bar
from trex_app.ui.state.language import text
from trex_app.ui.state.notice import NoticeState

# As wide as the step above, which says by `data-wide` that it needs the room.
BELOW_THE_STEP = "mx-auto max-w-[38rem] group-has-[[data-wide]]:max-w-none"


def embedded_page(*content: Any, tools: Any, is_busy: Any, facts: dict[str, Any]) -> rx.Component:
    """A page as tall as what it holds; `tools` stand below.

    `facts` are attributes that assets/embed/frame.js reads and tells the page around.
    """
    return rx.el.div(
        loading_bar(is_busy),
        rx.el.main(
            container(
                connection_banner(),
                guarded_page(*content),
                width="wide",
                class_name="grid gap-6",
            ),
            id=MAIN_ID,
            tab_index=-1,
            class_name="py-6 outline-none",
        ),
        container(
            rx.el.div(notice(), tools, class_name=f"{BELOW_THE_STEP} grid gap-4"),
            width="wide",
            class_name="pb-4",
        ),
        custom_attrs=facts,
        class_name="group",
    )


def notice() -> rx.Component:
    """What failed outside of the step, between its buttons and the tools.

    A toast would lie at the lower edge of a frame that is taller than what a person sees of it.
    """
    return rx.el.div(
        rx.cond(
            NoticeState.message,
            NoticeElement.create(
                row(
                    alert(rx.el.p(NoticeState.message), variant="danger", class_name="grow"),
                    icon_button("x", text("Close"), on_click=NoticeState.dismiss),
                ),
                key=f"failure-{NoticeState.times}",
                class_name="block scroll-m-4",
            ),
        ),
        class_name="empty:hidden",
    )
