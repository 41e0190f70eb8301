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
SALE = {
    "seller": "Ada Byron",
    "price": 8800,
    "amount": 5000,
    "data": DATA_URL,
    "vin": "1HGCM82633A004352",
    "mileage_km": 42000,
    "condition": "good",
    "email": "ada@example.org",
    "phone": "+1 312 555 0147",
    "postal_code": "60618",
    "channels": ["email", "phone"],
}
TO_OTHERS = (Purpose.BUYER_INVITATION, Purpose.DEALER_SALE, Purpose.SALE_CALLED_OFF)


def facts_of(purpose: Purpose, locale: str, **values: object) -> Facts:
    given = {
        "kind": "buying",
        "vehicle": "2025 Toyota RAV4",
        "dealers": ["A & B"],
        "link": LINK,
        **SALE,
    }
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
    for words in (*said, *(" ".join(value.split()) for _, value in letter.details)):
        assert words in seen
        assert words in read
    for action in filter(None, (letter.main, *letter.further)):
        assert html.escape(action.url) in mail.html
        assert action.url in mail.text
    assert letter.main is None or letter.main.url in text_message_of(letter)
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


@pytest.mark.parametrize("purpose", TO_OTHERS)
@pytest.mark.parametrize("to", ["dealer", "buyer"])
def test_others_are_led_to_nothing_of_the_seller_s(purpose: Purpose, to: str) -> None:
    letter = compose(facts_of(purpose, "en", to=to, data="https://cars.example/your-data#own"))
    mail = mail_of(letter, "<id@cars.example>", "mary@example.org")
    for said in (mail.text, mail.html):
        assert STATUS_URL not in said
        assert DATA_URL not in said


def test_a_dealer_is_told_all_that_is_known_of_the_sale() -> None:
    letter = compose(facts_of(Purpose.DEALER_SALE, "de"))
    assert dict(letter.details) == {
        "Referenz": "TRX-7K3M-9QWX",
        "Fahrzeug": "2025 Toyota RAV4",
        "FIN": "1HGCM82633A004352",
        "Kilometerstand": "42.000 km",
        "Zustand": "Gut, normale Gebrauchsspuren",
        "Ihr Angebot": "8.800\N{NO-BREAK SPACE}$",
        "Verkäufer": "Ada Byron",
        "E-Mail": "ada@example.org",
        "Telefon": "+1 312 555 0147",
        "Postleitzahl": "60618",
        "So ist der Verkäufer zu erreichen": "E-Mail, Anruf",
    }


def test_what_is_not_known_of_a_sale_is_left_out() -> None:
    unknown = dict.fromkeys(SALE)
    letter = compose(facts_of(Purpose.DEALER_SALE, "en", **unknown))
    assert [label for label, _ in letter.details] == ["Reference", "Vehicle"]
    invitation = compose(facts_of(Purpose.BUYER_INVITATION, "en", **unknown))
    assert invitation.paragraphs[0].startswith("Somebody who sells you a vehicle")


def test_an_address_cannot_add_anything_to_the_link_that_writes_to_it() -> None:
    letter = compose(facts_of(Purpose.DEALER_SALE, "en", email="a?bcc=b&x@example.org"))
    assert letter.main is not None
    assert letter.main.url == "mailto:a%3Fbcc%3Db%26x@example.org"


def test_a_seller_reads_that_the_buyer_is_asked_only_where_that_is_so() -> None:
    for is_asked in (True, False):
        given = {"kind": "private_sale", "is_buyer_asked": is_asked}
        letter = compose(facts_of(Purpose.CONFIRMATION, "en", **given))
        assert any("We ask the buyer" in step for step in letter.steps) == is_asked
