"""The frame of a page that stands in somebody else's: no header, no footer, only the journey."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.layout import container
from trex_app.ui.shell.guarded import guarded_page
from trex_app.ui.shell.standalone import MAIN_ID, connection_banner, loading_bar, notice

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
                notice(),
                guarded_page(*content),
                width="wide",
                class_name="grid gap-6",
            ),
            id=MAIN_ID,
            tab_index=-1,
            class_name="py-6 outline-none",
        ),
        container(rx.el.div(tools, class_name=BELOW_THE_STEP), width="wide", class_name="pb-4"),
        custom_attrs=facts,
        class_name="group",
    )
