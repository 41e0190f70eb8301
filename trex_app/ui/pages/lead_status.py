"""The page behind a reference: where the lead stands, in plain words."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button_link
from trex_app.ui.kit.feedback import form_skeleton
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading, lead
from trex_app.ui.kit.surfaces import card
from trex_app.ui.shell.message import message, unavailable
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.language import link_to, text
from trex_app.ui.state.lead_status import LeadStatusState

MARKS = {
    "done": ("check", "border-transparent bg-accent-soft text-accent"),
    "current": ("arrow-end", "border-line-strong bg-surface text-ink"),
    "waiting": ("clock", "border-transparent bg-warm-soft text-warm"),
    "stopped": ("minus", "border-line-strong bg-sunken text-ink-soft"),
}
"""How each state of a moment looks."""


def lead_status_page() -> rx.Component:
    """Where it stands, for whoever may know; a kind word for everybody else."""
    return standalone_page(
        rx.cond(
            LeadStatusState.is_known,
            rx.cond(
                LeadStatusState.is_away,
                unavailable(LeadStatusState.look),
                rx.cond(LeadStatusState.standing, standing(), hidden()),
            ),
            form_skeleton(text("The status is being looked up"), fields=2),
        ),
        is_of_a_link=True,
    )


def standing() -> rx.Component:
    """The lead, in a headline, a sentence and a timeline."""
    return rx.el.article(
        rx.el.div(
            rx.el.p(
                text("Reference"),
                " ",
                rx.el.strong(
                    LeadStatusState.reference,
                    class_name="font-mono tracking-wide text-ink select-all",
                ),
                class_name="text-sm text-ink-soft",
            ),
            heading(LeadStatusState.headline, level="1", looks_like="2"),
            lead(LeadStatusState.meaning),
            class_name="grid gap-3",
        ),
        card(
            heading(text("What has happened so far"), looks_like="3"),
            rx.el.ol(rx.foreach(LeadStatusState.moments, moment), class_name="grid"),
            class_name="grid gap-5",
        ),
        rx.el.div(button_link(text("To the start page"), href=link_to("/"), variant="outline")),
        class_name="grid gap-6",
        custom_attrs={"data-standing": LeadStatusState.standing},
    )


def moment(happened: Any) -> rx.Component:
    """One line of the timeline, as a station."""
    marks = [(state, mark(name, look)) for state, (name, look) in MARKS.items()]
    return rx.el.li(
        rx.match(happened.state, *marks, mark(*MARKS["current"])),
        rx.el.div(
            rx.el.p(happened.title, class_name="[overflow-wrap:anywhere]"),
            rx.cond(
                happened.at, rx.el.p(happened.at, class_name="text-sm text-ink-soft tabular-nums")
            ),
            class_name="grid gap-0.5 pt-1",
        ),
        custom_attrs={"data-state": happened.state},
        class_name=(
            "relative flex gap-4 pb-5 last:pb-0 before:absolute before:inset-y-0 before:inset-s-4"
            " before:w-px before:bg-line last:before:hidden"
        ),
    )


def mark(icon_name: str, look: str) -> rx.Component:
    """The sign of a station."""
    return rx.el.span(
        icon(icon_name, size="sm"),
        class_name=f"z-10 grid size-8 shrink-0 place-items-center rounded-full border {look}",
    )


def hidden() -> rx.Component:
    """Nothing may be shown here, whether or not there is something."""
    return message(
        text("We cannot show this here"),
        text(
            "Open it in the browser where you sent your request, or by the link in the message you "
            "got from us. If both are gone, get in touch and name your reference."
        ),
        button_link(text("To the start page"), href=link_to("/")),
        icon_name="lock",
    )
