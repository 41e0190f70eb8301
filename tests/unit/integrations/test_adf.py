"""Leads as documents: valid by the published structure, whatever people typed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from tests.contract.partners.installations import CONTACT, DEALER, a_lead
from trex_app.integrations.adf import (
    CANCELLED,
    FORGOTTEN,
    cancellation_as_adf,
    erasure_as_adf,
    lead_as_adf,
)

STRUCTURE = etree.DTD(str(Path(__file__).parents[2] / "adf-1.0.dtd"))
SALE = {
    "vin": None,
    "make": "Saab",
    "model": "900",
    "year": 1996,
    "mileage_km": 210_000,
    "condition": "fair",
    "is_accident_free": False,
    "asking_price": 4_500,
    "description": "Runs well",
}


def prospect_of(document: bytes) -> Any:
    """The document's prospect, once the structure has been held against the whole."""
    root = etree.fromstring(document, etree.XMLParser(resolve_entities=False))
    assert STRUCTURE.validate(root), STRUCTURE.error_log
    assert document.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<?adf version="1.0"?>\n')
    return root.find("prospect")


def test_a_request_for_a_listed_vehicle_tells_all_about_it() -> None:
    prospect = prospect_of(lead_as_adf(DEALER, a_lead()))
    vehicle = prospect.find("vehicle")
    assert prospect.get("status") == "new"
    assert prospect.findtext("requestdate") == "2026-03-01T12:00:00+00:00"
    assert (vehicle.get("interest"), vehicle.get("status")) == ("test-drive", "used")
    assert [(e.tag, e.text) for e in vehicle if e.text] == [
        ("id", "v3f1c0a9b8d7e6f5"),
        ("year", "2019"),
        ("make", "Toyota"),
        ("model", "Corolla"),
        ("vin", "5YFBURHE0FP123456"),
        ("stock", "T00012"),
        ("trim", "Plus"),
        ("bodystyle", "sedan"),
        ("transmission", "automatic"),
        ("odometer", "84210"),
        ("price", "16895.00"),
    ]
    assert prospect.findtext("vendor/vendorname") == "Lakeshore Motors"
    assert prospect.findtext("provider/name") == "T-Rex"


def test_a_vehicle_for_sale_is_offered_with_its_condition() -> None:
    prospect = prospect_of(lead_as_adf(DEALER, a_lead(kind="dealer_network", vehicle=SALE)))
    vehicle = prospect.find("vehicle")
    assert (vehicle.get("interest"), vehicle.findtext("condition")) == ("sell", "fair")
    assert vehicle.find("price").attrib == {"type": "asking", "currency": "USD"}
    assert prospect.findtext("customer/comments").endswith("Has had an accident.")


def test_an_offer_counts_before_what_is_asked() -> None:
    sold = a_lead(kind="dealer_sale", vehicle=SALE, details={"offer": 4_000})
    price = prospect_of(lead_as_adf(DEALER, sold)).find("vehicle/price")
    assert (price.get("type"), price.text) == ("offer", "4000.00")


def test_a_vin_alone_tells_make_and_year() -> None:
    sold = a_lead(kind="dealer_network", vehicle={"vin": "1HGCM82633A004352"})
    vehicle = prospect_of(lead_as_adf(DEALER, sold)).find("vehicle")
    assert (vehicle.findtext("make"), vehicle.findtext("year")) == ("Honda", "2003")


def test_what_nobody_told_is_left_empty_where_the_structure_needs_it() -> None:
    bare = a_lead(vehicle={}, contact={"email": "ada@example.com"}, details={})
    prospect = prospect_of(lead_as_adf({"dealer_id": "d", "name": "D"}, bare))
    assert [prospect.findtext(f"vehicle/{name}") for name in ("year", "make", "model")] == [""] * 3
    assert prospect.findtext("customer/contact/name") == "Customer"
    assert prospect.find("customer/comments") is None


@pytest.mark.parametrize(
    ("channels", "preferred", "phone"),
    [
        (["email"], "email", "voice"),
        (["sms"], "phone", "cellphone"),
        (["email", "phone"], "email", "voice"),
        ([], "email", "voice"),
    ],
)
def test_the_way_to_reach_somebody_is_the_one_they_chose(
    channels: list[str], preferred: str, phone: str
) -> None:
    lead = a_lead(contact={**CONTACT, "contact_channels": channels})
    contact = prospect_of(lead_as_adf(DEALER, lead)).find("customer/contact")
    chosen = [way.tag for way in contact if way.get("preferredcontact") == "1"]
    assert (chosen, contact.find("phone").get("type")) == ([preferred], phone)


def test_a_notice_makes_a_lead_void_under_its_reference() -> None:
    prospect = prospect_of(cancellation_as_adf(DEALER, a_lead()))
    assert (prospect.get("status"), prospect.findtext("id")) == ("resend", "TRX-7K2M-9QPD")
    assert prospect.findtext("customer/comments") == CANCELLED


def test_a_request_to_forget_is_a_notice_as_well() -> None:
    prospect = prospect_of(erasure_as_adf(DEALER, a_lead()))
    assert (prospect.get("status"), prospect.findtext("id")) == ("resend", "TRX-7K2M-9QPD")
    assert prospect.findtext("customer/comments") == FORGOTTEN
    assert FORGOTTEN.startswith(CANCELLED.partition(":")[0])


def test_markup_in_a_text_stays_text() -> None:
    message = "]]></comments><vendor/><!-- &amp; <?x?>"
    prospect = prospect_of(lead_as_adf(DEALER, a_lead(details={"message": message})))
    assert prospect.findtext("customer/comments") == message


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_makes_a_valid_document(name: str, message: str) -> None:
    lead = a_lead(contact={**CONTACT, "last_name": name}, details={"message": message})
    prospect_of(lead_as_adf({**DEALER, "name": name}, lead))


def test_control_characters_are_gone() -> None:
    lead = a_lead(details={"message": "a\x00b\x08c\x1bd\x85e\ud800f\ufffeg\r\nh"})
    prospect = prospect_of(lead_as_adf(DEALER, lead))
    assert prospect.findtext("customer/comments") == "abcdefg\nh"


def test_an_address_without_a_street_keeps_an_empty_one_for_the_structure_refuses_none() -> None:
    prospect = prospect_of(lead_as_adf(DEALER, a_lead()))
    address = prospect.find("customer/contact/address")
    assert [(part.tag, part.text) for part in address] == [
        ("street", None),
        ("postalcode", "60618"),
    ]
    address.remove(address.find("street"))
    assert not STRUCTURE.validate(prospect.getroottree())
