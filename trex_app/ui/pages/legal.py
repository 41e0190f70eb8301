"""The pages that say who runs this site and what becomes of a person's data.

What the software does stands here. What only the operator knows is marked, and is to be written
here, in both languages, before the site goes public: see docs/operations.md.
"""

import reflex as rx

from trex_app.ui.kit.feedback import alert
from trex_app.ui.kit.layout import heading
from trex_app.ui.shell.standalone import standalone_page
from trex_app.ui.state.language import msgid, text

TO_FILL_IN = msgid("To be filled in by the operator of this site.")

PRIVACY = (
    (
        msgid("What we store"),
        msgid(
            "Your answers, encrypted with a key of your own journey, and which steps you took. "
            "What you send is for the dealers, buyers or credit bureau named on the step before."
        ),
    ),
    (
        msgid("How long"),
        msgid(
            "An unfinished journey expires by itself. When a journey is erased, its key is "
            "destroyed: nobody can read its answers any more."
        ),
    ),
    (
        msgid("Cookies"),
        msgid(
            "They tell your browser's journeys from those of others, remember the language you "
            "chose and the site whose page a journey stands in, and keep open for a while what a "
            "link of ours has opened. None follows you anywhere else, and there are no others."
        ),
    ),
    (msgid("Who is responsible, your rights, and how to reach us"), TO_FILL_IN),
)
IMPRINT = (
    (msgid("Name and address"), TO_FILL_IN),
    (msgid("How to reach us"), TO_FILL_IN),
    (msgid("Register, tax number and supervision"), TO_FILL_IN),
)


def privacy_page() -> rx.Component:
    """What becomes of a person's data."""
    return legal_page(text("Privacy"), PRIVACY)


def imprint_page() -> rx.Component:
    """Who runs this site."""
    return legal_page(text("Imprint"), IMPRINT)


def legal_page(title: str, sections: tuple[tuple[str, str], ...]) -> rx.Component:
    """Sections under their headings."""
    return standalone_page(
        rx.el.article(
            heading(title, level="1"),
            *[section(name, said) for name, said in sections],
            class_name="grid gap-8",
        )
    )


def section(name: str, said: str) -> rx.Component:
    """One matter; what is missing can be seen from afar."""
    told = (
        alert(rx.el.p(text(said)), variant="warning", role="note")
        if said == TO_FILL_IN
        else rx.el.p(text(said), class_name="max-w-prose text-ink-soft")
    )
    return rx.el.section(heading(text(name), looks_like="3"), told, class_name="grid gap-3")
