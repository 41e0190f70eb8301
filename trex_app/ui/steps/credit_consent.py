"""Consent to a soft check: what it means in plain words, then a yes and a no of equal weight."""

import reflex as rx

from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import msgid, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.choice_cards import CardFace, choice_cards
from trex_app.ui.steps.conditional import ANSWERS, asked_when
from trex_app.ui.steps.credit import PlainWord, person_fields, plain_words
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

FACES = {
    "true": CardFace("shield", msgid("Dealers may look at financing and name you a rate.")),
    "false": CardFace("check", msgid("Your request goes ahead just the same, without a rate.")),
}
WORDS = [
    PlainWord(
        "search",
        msgid("What is checked"),
        msgid(
            "Your date of birth and address, by a soft check. Not your income, not your accounts."
        ),
    ),
    PlainWord(
        "eye",
        msgid("Who sees it"),
        msgid("Only the dealers you have just chosen, and only for this request."),
    ),
    PlainWord(
        "gauge",
        msgid("Your credit score"),
        msgid("Stays as it is: a soft check leaves no trace that counts."),
    ),
    PlainWord(
        "circle-check",
        msgid("If you say no"),
        msgid("Nothing is lost: your request goes to the same dealers."),
    ),
]

SHOWN_AFTER_YES = "hidden group-has-[[name=consent][value=true]:checked]/answers:block"


@step("CreditConsent")
def credit_consent(scene: Scene) -> rx.Component:
    """The plain words first; who agrees says who they are."""
    return step_frame(
        scene,
        rx.el.div(
            choice_cards(scene, "consent", FACES, is_label_hidden=False),
            asked_when(
                "consent",
                "true",
                heading(text("Who you are"), looks_like="3"),
                person_fields(scene),
                class_name=SHOWN_AFTER_YES,
            ),
            class_name=ANSWERS,
        ),
        before_form=card(plain_words(WORDS)),
    )
