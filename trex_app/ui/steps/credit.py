"""What steps about credit share: plain words, the questions about a person, and the decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import msgid, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair


@dataclass(frozen=True)
class PlainWord:
    """One thing to know before one agrees: what it is about, and a sentence."""

    icon_name: str
    title: str
    sentence: str


def plain_words(words: Sequence[PlainWord], **props: Any) -> rx.Component:
    """What is done with what one says, before one says it."""
    return rx.el.dl(*[_plain_word(word) for word in words], class_name="grid gap-4", **props)


def _plain_word(word: PlainWord) -> rx.Component:
    return rx.el.div(
        rx.el.dt(
            icon(word.icon_name, class_name="text-accent"),
            text(word.title),
            class_name="flex items-start gap-2.5 leading-snug font-semibold",
        ),
        rx.el.dd(text(word.sentence), class_name="text-sm text-ink-soft sm:col-start-2 sm:pt-px"),
        class_name="grid gap-x-5 gap-y-1 max-sm:*:last:ps-7.5 sm:grid-cols-[11rem_minmax(0,1fr)]",
    )


def person_fields(scene: Scene) -> rx.Component:
    """Who is to be found at the bureau."""
    birth_date = scene.field("birth_date")
    return rx.fragment(
        pair(
            # What is held is shown as a mask, which no date control can hold.
            rx.cond(
                birth_date.control == "date",
                asked(scene, "birth_date", "date"),
                asked(scene, "birth_date"),
            ),
        ),
        pair(asked(scene, "street"), asked(scene, "city")),
    )


@dataclass(frozen=True)
class Verdict:
    """How a decision looks, and what it means in plain words."""

    icon_name: str
    colours: str
    title: str
    sentence: str


VERDICTS = {
    "approved": Verdict(
        "circle-check",
        "bg-success-soft text-success",
        msgid("The credit is approved"),
        msgid("The bureau agrees to the amount you asked for."),
    ),
    "declined": Verdict(
        "circle-x",
        "bg-warm-soft text-warm",
        msgid("The credit is declined"),
        msgid("The sale goes on without it. You can change the amount, or pay another way."),
    ),
    "referred": Verdict(
        "user",
        "bg-info-soft text-info",
        msgid("It needs a second look"),
        msgid("Someone has to look at it before it is decided. You need not wait for it here."),
    ),
    "undecided": Verdict(
        "clock",
        "bg-info-soft text-info",
        msgid("There is no decision"),
        msgid("The bureau gave no answer. The sale goes on without it; you can pay another way."),
    ),
}
PENDING = Verdict(
    "clock",
    "bg-info-soft text-info",
    msgid("The credit is being decided"),
    msgid("The answer appears here. You need not wait for it: go on when you are ready."),
)


def credit_decision(
    scene: Scene, verdicts: Mapping[str, Verdict] = VERDICTS, pending: Verdict = PENDING
) -> rx.Component:
    """How the credit request stands, where there is one; said aloud when it changes."""
    decision = scene.data["credit"].to(dict[str, Any])["decision"].to(str)
    decided = [(name, _verdict(verdict)) for name, verdict in verdicts.items()]
    waiting = rx.el.div(_verdict(pending), on_mount=scene.await_decision)
    return rx.cond(
        scene.data["credit"],
        card(
            rx.el.div(rx.match(decision, *decided, waiting), role="status"),
            padding="sm",
            custom_attrs={"data-decision": decision},
        ),
    )


def _verdict(verdict: Verdict) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon(verdict.icon_name),
            class_name=f"grid size-11 shrink-0 place-items-center rounded-full {verdict.colours}",
        ),
        rx.el.div(
            heading(text(verdict.title), level="2", looks_like="4"),
            rx.el.p(text(verdict.sentence), class_name="text-sm text-ink-soft"),
            class_name="grid gap-0.5",
        ),
        class_name="flex items-start gap-4",
    )
