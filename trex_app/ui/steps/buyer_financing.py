"""What a private buyer is asked about financing by a link of their own, and what comes of it."""

from dataclasses import replace

import reflex as rx

from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import msgid, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair
from trex_app.ui.steps.credit import (
    PENDING,
    VERDICTS,
    PlainWord,
    credit_decision,
    person_fields,
    plain_words,
)
from trex_app.ui.steps.ending import ending
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

WORDS = [
    PlainWord(
        "search",
        msgid("What is checked"),
        msgid("Your date of birth, address and income, against what the credit bureau holds."),
    ),
    PlainWord(
        "eye",
        msgid("Who sees it"),
        msgid("The bureau, and nobody else: neither the seller nor a dealer."),
    ),
    PlainWord(
        "circle-check",
        msgid("If you do not agree"),
        msgid("Nothing is asked or sent: simply leave this page."),
    ),
]
OWN_WORDS = {
    "declined": msgid("You and the seller can agree on another way to pay."),
    "referred": msgid("Someone at the bureau has to look at it before it is decided."),
    "undecided": msgid("The bureau gave no answer. You can agree on another way to pay."),
}
"""What a decision means for who buys; the others say the same to everybody."""
OWN_VERDICTS = {
    name: replace(verdict, sentence=OWN_WORDS.get(name, verdict.sentence))
    for name, verdict in VERDICTS.items()
}
OWN_PENDING = replace(PENDING, sentence=msgid("The answer appears here as soon as it is there."))


@step("BuyerFinancing")
def buyer_financing(scene: Scene) -> rx.Component:
    """What becomes of it first; then the amount, who is to be found, and the consent."""
    return step_frame(
        scene,
        pair(asked(scene, "amount", "money")),
        heading(text("Who you are"), looks_like="3"),
        person_fields(scene),
        pair(asked(scene, "postal_code"), asked(scene, "income_band", "select")),
        rx.el.div(
            asked(scene, "credit_consent", "checkbox"),
            class_name="rounded-md bg-sunken px-4 py-2.5",
        ),
        before_form=card(plain_words(WORDS)),
    )


@step("BuyerFinancingComplete")
def buyer_financing_complete(scene: Scene) -> rx.Component:
    """The decision when it is there, and what happens next."""
    return ending(scene, credit_decision(scene, OWN_VERDICTS, OWN_PENDING))
