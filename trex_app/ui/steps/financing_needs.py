"""Whether the price is to be financed, by whom, and what the bureau must know for it."""

import reflex as rx

from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import msgid, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair
from trex_app.ui.steps.choice_cards import CardFace, choice_cards
from trex_app.ui.steps.conditional import ANSWERS, asked_when
from trex_app.ui.steps.credit import PlainWord, person_fields, plain_words
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

NEEDS = {
    "true": CardFace("calendar", msgid("Some or all of the price is paid over time.")),
    "false": CardFace("check", msgid("The price is paid at once; nothing is checked.")),
}
APPLICANTS = {
    "me": CardFace("user", msgid("The bureau is asked about you, once, with your consent.")),
    "buyer": CardFace("users", msgid("The buyer gets a link of their own by e-mail.")),
}
WORDS = [
    PlainWord(
        "search",
        msgid("What is checked"),
        msgid("Your date of birth, address and income, against what the credit bureau holds."),
    ),
    PlainWord(
        "eye",
        msgid("Who sees it"),
        msgid("The bureau, and nobody else: neither the buyer nor a dealer."),
    ),
    PlainWord(
        "clock",
        msgid("How long it takes"),
        msgid("You need not wait: go on at once, and see the answer before you confirm."),
    ),
]

SHOWN_FOR_FINANCING = "hidden group-has-[[name^=needs][value=true]:checked]/answers:block"
SHOWN_FOR_ME = "hidden group-has-[[name=applicant][value=me]:checked]/answers:block"
SHOWN_FOR_BUYER = "hidden group-has-[[name=applicant][value=buyer]:checked]/answers:block"


@step("FinancingNeeds")
def financing_needs(scene: Scene) -> rx.Component:
    """One question; what follows from a yes appears below it."""
    return step_frame(
        scene,
        rx.el.div(
            choice_cards(scene, "needs_financing", NEEDS),
            asked_when(
                "needs_financing",
                "true",
                pair(asked(scene, "amount", "money")),
                choice_cards(scene, "applicant", APPLICANTS, is_label_hidden=False),
                asked_when("applicant", "me", about_me(scene), class_name=SHOWN_FOR_ME),
                asked_when("applicant", "buyer", about_the_buyer(), class_name=SHOWN_FOR_BUYER),
                class_name=SHOWN_FOR_FINANCING,
            ),
            class_name=ANSWERS,
        ),
    )


def about_the_buyer() -> rx.Component:
    """What becomes of an application that is not the person's own."""
    said = text(
        "Once you have confirmed the sale, we ask the buyer by e-mail. You go on without waiting, "
        "and do not learn what they answer."
    )
    return alert(rx.el.p(said), role="note")


def about_me(scene: Scene) -> rx.Component:
    """What the bureau must know, after it is said what becomes of it."""
    return card(
        heading(text("Your request to the credit bureau"), looks_like="3"),
        plain_words(WORDS),
        rx.el.div(
            person_fields(scene),
            pair(asked(scene, "income_band", "select")),
            class_name="grid gap-6 border-t border-line pt-6",
        ),
        rx.el.div(
            asked(scene, "credit_consent", "checkbox"),
            class_name="rounded-md bg-sunken px-4 py-2.5",
        ),
        class_name="grid gap-6",
    )
