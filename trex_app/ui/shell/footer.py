"""The quiet end of every page: what happens to the answers, and who answers for it."""

import reflex as rx

from trex_app.ui.kit.buttons import link
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import container
from trex_app.ui.state.language import link_to, text


def footer() -> rx.Component:
    """One promise and two links."""
    return rx.el.footer(
        container(
            rx.el.div(
                rx.el.div(
                    icon("lock", size="sm", class_name="mt-0.5"),
                    rx.el.p(
                        text(
                            "Your answers are stored encrypted and go only to the people you "
                            "choose."
                        )
                    ),
                    class_name="flex items-start gap-2.5",
                ),
                rx.el.nav(
                    way_to(text("Privacy"), "/privacy"),
                    way_to(text("Imprint"), "/imprint"),
                    aria_label=text("About this site"),
                    class_name="flex gap-5",
                ),
                class_name="flex flex-wrap items-center justify-between gap-x-8 gap-y-2",
            ),
        ),
        class_name="border-t border-line py-4 text-sm text-ink-soft",
    )


def way_to(label: str, path: str) -> rx.Component:
    """A link that is easy to hit."""
    return link(
        label,
        href=link_to(path),
        variant="quiet",
        class_name="inline-flex min-h-target items-center",
    )
