"""How people can be reached: by what they agreed to, in the order they named it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.addresses import email_key, phone_digits
from trex_app.services.contacts import Channel, Contact, spoken_name

FULL = {
    "first_name": "Ada",
    "email": " ada@example.org ",
    "phone": "312 555 0147",
    "contact_channels": ["email"],
    "consent_contact": True,
}


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({}, [Channel.EMAIL]),
        ({"contact_channels": ["sms", "email"]}, [Channel.SMS, Channel.EMAIL]),
        ({"contact_channels": ["phone", "sms"]}, [Channel.SMS]),
        ({"contact_channels": ["sms"], "phone": None}, [Channel.EMAIL]),
        ({"contact_channels": ["phone"]}, [Channel.EMAIL]),
        ({"consent_contact": False}, []),
        ({"consent_contact": None}, []),
    ],
)
def test_only_agreed_channels_with_an_address_count(
    given: dict[str, Any], channels: list[Channel]
) -> None:
    assert list(Contact.of({**FULL, **given}).channels) == channels


def test_addresses_are_written_as_partners_take_them() -> None:
    contact = Contact.of(FULL)
    assert contact.addresses == {Channel.EMAIL: "ada@example.org", Channel.SMS: "+13125550147"}


@pytest.mark.parametrize(
    "name", ["Ada", "Jean-Luc", "Anna Maria", "O\u2019Neill", "Ødegård", "J. R. Smith", "Łukasz"]
)
def test_a_name_is_spoken(name: str) -> None:
    assert spoken_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "https://evil.example",
        "www.evil.example/x",
        "Call 0800 123",
        "a@b.example",
        "x" * 41,
        "Win!!",
        "<b>Ada</b>",
        "Bcc: you",
    ],
)
def test_what_is_no_name_is_not_spoken(name: str) -> None:
    assert spoken_name(name) == ""


@pytest.mark.parametrize(
    "spelt",
    ["+1 312 555 0147", "001 312 555 0147", "1-312-555-0147", "(312) 555-0147", "312.555.0147"],
)
def test_spellings_of_one_number_are_equal(spelt: str) -> None:
    assert phone_digits(spelt) == "13125550147"


@given(st.emails())
def test_spellings_of_one_address_are_equal(address: str) -> None:
    assert email_key(f" {address.upper()} ") == email_key(address.upper())
    assert email_key("Ada@Example.ORG") == "ada@example.org"
