"""Letters: every one says the same as text, as HTML and in short, in both languages."""

import html
import re

import pytest

from trex_app.core.texts import locales
from trex_app.services.letters import Facts, compose, mail_of, text_message_of
from trex_app.services.messages import Purpose

STATUS_URL = "https://cars.example/status/TRX-7K3M-9QWX#1.a"
DATA_URL = "https://cars.example/your-data#TRX-7K3M-9QWX~email~1.a"
LINK = "https://cars.example/resume/abc"
KINDS = ["buying", "private_sale", "dealer_sale", "dealer_network"]


def facts_of(purpose: Purpose, locale: str, **values: object) -> Facts:
    given = {"kind": "buying", "vehicle": "2025 Toyota RAV4", "dealers": ["A & B"], "link": LINK}
    return Facts(
        purpose,
        locale,
        "Ada",
        {**given, **values},
        reference="TRX-7K3M-9QWX",
        status_url=STATUS_URL,
        data_url=DATA_URL,
    )


def plain(markup: str) -> str:
    body = re.sub(r"(?s)<style>.*?</style>", "", markup)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("purpose", list(Purpose))
def test_text_and_html_say_the_same(purpose: Purpose, locale: str) -> None:
    letter = compose(facts_of(purpose, locale))
    mail = mail_of(letter, "<id@cars.example>", "ada@example.org")
    seen, read = plain(mail.html), " ".join(mail.text.split())
    said = (letter.greeting, *letter.paragraphs, *letter.steps, letter.closing)
    for words in (*said, *(value for _, value in letter.details)):
        assert words in seen
        assert words in read
    assert letter.main is not None
    for action in (letter.main, *letter.further):
        assert html.escape(action.url) in mail.html
        assert action.url in mail.text
    assert letter.main.url in text_message_of(letter)
    assert f'lang="{locale}"' in mail.html
    assert "{" not in read


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_letter_has_its_german(purpose: Purpose) -> None:
    english, german = compose(facts_of(purpose, "en")), compose(facts_of(purpose, "de"))
    assert english.subject != german.subject
    assert all(a != b for a, b in zip(english.paragraphs, german.paragraphs, strict=True))
    assert english.closing != german.closing
    assert english.short != german.short


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_a_confirmation_says_what_happens_next_for_its_kind(kind: str | None) -> None:
    letter = compose(facts_of(Purpose.CONFIRMATION, "en", kind=kind))
    assert len(letter.steps) >= 2
    is_about_a_visit = any("test drive" in step for step in letter.steps)
    assert is_about_a_visit == (kind == "buying")


def test_what_is_filled_in_is_escaped_in_html_only() -> None:
    letter = compose(facts_of(Purpose.CONFIRMATION, "en", dealers=["<b>A & B</b>"]))
    mail = mail_of(letter, "<id@cars.example>", "ada@example.org")
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in mail.html
    assert "<b>A & B</b>" in mail.text


def test_a_mail_loads_nothing_from_anywhere() -> None:
    for purpose in Purpose:
        mail = mail_of(compose(facts_of(purpose, "en")), "<id@cars.example>", "ada@example.org")
        for loader in ("<img", "<script", "<link", "url(", "@import", "<table"):
            assert loader not in mail.html


def test_without_a_name_the_greeting_stands_alone() -> None:
    assert compose(Facts(Purpose.SAVE_LINK, "en", "", {"link": LINK})).greeting == "Hello,"
