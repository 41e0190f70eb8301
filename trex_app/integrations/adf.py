"""Leads as ADF/XML 1.0 (Auto-lead Data Format), the documents that dealers' systems read.

The elements and their order are those of the published structure, which `tests/adf-1.0.dtd` writes
down. Whatever a person typed is text here: escaped, and without characters that XML does not have.
"""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from trex_app.core.errors import ValidationFailed
from trex_app.core.values import Money, Vin, minor_units
from trex_app.ports import Data, LeadDocument
from trex_app.services.vin import read

PRODUCT: Final = "T-Rex"
CANCELLED: Final = "CANCELLED: the customer withdrew the request."
"""How a notice begins that makes a lead void: ADF itself knows no such document."""
FORGOTTEN: Final = "CANCELLED: the customer asked to be forgotten. Please erase this request."

_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<?adf version="1.0"?>\n'
_NOT_TEXT: Final = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids or advises against: control characters, surrogates, non-characters."""
_CONDITIONS: Final = frozenset({"excellent", "good", "fair", "poor"})
_WISHES: Final = {
    "wants_test_drive": "Would like a test drive.",
    "trade_in": "Would like to trade in a vehicle.",
}


def lead_as_adf(dealer: Data, lead: LeadDocument) -> bytes:
    """The document that hands the lead to the dealer, in UTF-8."""
    return _document(dealer, lead, "new", "\n".join(_comments(lead)))


def cancellation_as_adf(dealer: Data, lead: LeadDocument) -> bytes:
    """The document that tells the dealer, under the lead's reference, that it is void."""
    return _document(dealer, lead, "resend", CANCELLED)


def erasure_as_adf(dealer: Data, lead: LeadDocument) -> bytes:
    """The document that asks the dealer to erase what they got under the lead's reference."""
    return _document(dealer, lead, "resend", FORGOTTEN)


def _document(dealer: Data, lead: LeadDocument, status: str, comments: str) -> bytes:
    prospect = _element(
        "prospect",
        _id(lead.reference),
        _leaf("requestdate", lead.created_at.isoformat(timespec="seconds")),
        _vehicle(lead),
        _element("customer", _person(lead.contact), _text("comments", comments)),
        _vendor(dealer),
        _element("provider", _leaf("name", PRODUCT, part="full")),
        status=status,
    )
    return _HEAD + tostring(_element("adf", prospect), encoding="utf-8", xml_declaration=False)


def _vehicle(lead: LeadDocument) -> Element:
    is_offered = lead.kind != "buying"
    vehicle = _completed(lead.vehicle, latest_year=lead.created_at.year + 1)
    interest = "test-drive" if lead.details.get("wants_test_drive") else "buy"
    return _element(
        "vehicle",
        _text("id", vehicle.get("vehicle_id"), sequence="1", source=PRODUCT),
        # Needed by the structure even where nobody told them.
        *(_leaf(name, vehicle.get(name) or "") for name in ("year", "make", "model")),
        _text("vin", vehicle.get("vin")),
        _text("stock", vehicle.get("stock_number")),
        _text("trim", vehicle.get("trim")),
        _text("bodystyle", vehicle.get("body_type")),
        _text("transmission", vehicle.get("transmission")),
        _text("odometer", vehicle.get("mileage_km"), status="unknown", units="km"),
        _text("condition", _condition(vehicle)),
        _colour(vehicle.get("colour")),
        _price(vehicle, lead.details),
        interest="sell" if is_offered else interest,
        status="used",
    )


def _completed(vehicle: Data, latest_year: int) -> dict[str, Any]:
    """The vehicle with what its VIN tells where the person told no more than that."""
    given = dict(vehicle)
    try:
        told = read(Vin.parse(given.get("vin") or ""), latest_year)
    except ValidationFailed:
        return given
    return given | {name: given.get(name) or told[name] for name in ("make", "model", "year")}


def _condition(vehicle: Data) -> str | None:
    condition = vehicle.get("condition")
    return condition if condition in _CONDITIONS else None


def _colour(colour: Any) -> Element | None:
    if not colour:
        return None
    rank = _leaf("preference", 1)
    return _element("colorcombination", _leaf("exteriorcolor", colour), rank)


def _price(vehicle: Data, details: Data) -> Element | None:
    """What a dealer offered, else what is asked for the vehicle; None where nobody said."""
    if offer := details.get("offer"):
        return _amount("offer", Money.of_whole(offer))
    if asked := vehicle.get("asking_price"):
        return _amount("asking", Money.of_whole(asked))
    if price := vehicle.get("price"):
        return _amount("asking", Money(price["amount_minor"], price["currency"]))
    return None


def _amount(kind: str, money: Money) -> Element:
    per_unit = minor_units(money.currency)
    whole, minor = divmod(money.amount_minor, per_unit)
    digits = len(str(per_unit)) - 1
    written = f"{whole}.{minor:0{digits}d}" if digits else str(whole)
    return _leaf("price", written, type=kind, currency=money.currency)


def _person(contact: Data) -> Element:
    """Who asks, and how they want to be reached."""
    channels = contact.get("contact_channels") or ()
    phone_type = "cellphone" if "sms" in channels else "voice"
    is_by_phone = "email" not in channels and bool(channels)
    return _element(
        "contact",
        *_names(contact),
        _text("email", contact.get("email"), preferredcontact="0" if is_by_phone else "1"),
        _text(
            "phone",
            contact.get("phone"),
            type=phone_type,
            preferredcontact="1" if is_by_phone else "0",
        ),
        _address(contact),
    )


def _names(contact: Data) -> list[Element]:
    given = {"first": contact.get("first_name"), "last": contact.get("last_name")}
    names = [_text("name", text, part=part) for part, text in given.items()]
    there = [name for name in names if name is not None]
    return there or [_leaf("name", "Customer", part="full")]


def _address(place: Data) -> Element | None:
    """A postal address. The structure wants a street, so it is there and empty where unknown."""
    postal_code = _text("postalcode", place.get("postal_code"))
    if postal_code is None:
        return None
    return _element(
        "address",
        _leaf("street", place.get("street") or "", line="1"),
        _text("city", place.get("city")),
        _text("regioncode", place.get("region")),
        postal_code,
        _text("country", place.get("country")),
    )


def _vendor(dealer: Data) -> Element:
    ways = [_text("email", dealer.get("email")), _text("phone", dealer.get("phone"), type="voice")]
    is_reachable = any(way is not None for way in ways)
    return _element(
        "vendor",
        _id(dealer["dealer_id"]),
        _leaf("vendorname", dealer["name"]),
        _element(
            "contact",
            _leaf("name", dealer["name"], part="full"),
            *(ways if is_reachable else [_leaf("email", "")]),
            _address(dealer),
        ),
    )


def _comments(lead: LeadDocument) -> Iterator[str]:
    """What a sales person should read: the person's own words, then their wishes."""
    for text in (lead.details.get("message"), lead.vehicle.get("description")):
        if text:
            yield str(text)
    yield from (wish for name, wish in _WISHES.items() if lead.details.get(name))
    if lead.kind != "buying" and lead.vehicle.get("is_accident_free") is not None:
        is_free = lead.vehicle["is_accident_free"]
        yield "Free of accidents." if is_free else "Has had an accident."


def _id(value: Any) -> Element:
    return _leaf("id", value, sequence="1", source=PRODUCT)


def _text(tag: str, value: Any, **attributes: str) -> Element | None:
    """The element, or None where there is no text to put into it."""
    is_absent = value is None or not plain(str(value)).strip()
    return None if is_absent else _leaf(tag, value, **attributes)


def _leaf(tag: str, value: Any, **attributes: str) -> Element:
    """An element with a text, which may be empty."""
    element = Element(tag, attributes)
    element.text = plain(str(value)).strip()
    return element


def _element(tag: str, *children: Element | None, **attributes: str) -> Element:
    """An element with its children, those that are there."""
    element = Element(tag, attributes)
    element.extend([child for child in children if child is not None])
    return element


def plain(text: str) -> str:
    """The text without what XML does not have; any end of line is one newline."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
