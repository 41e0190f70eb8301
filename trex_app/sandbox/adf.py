"""Reading an ADF/XML 1.0 lead as a dealer's CRM does, and saying what is wrong with it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree

from trex_app.sandbox.wire import Refused

_CHILDREN: Final[Mapping[str, Collection[str]]] = {
    "adf": ("prospect",),
    "prospect": ("id", "requestdate", "vehicle", "customer", "vendor", "provider"),
    "vehicle": (
        *("id", "year", "make", "model", "vin", "stock", "trim", "doors", "bodystyle"),
        *("transmission", "odometer", "condition", "colorcombination", "imagetag", "price"),
        *("pricecomments", "option", "finance", "comments"),
    ),
    "customer": ("contact", "id", "timeframe", "comments"),
    "vendor": ("id", "vendorname", "url", "contact"),
}
_INTERESTS: Final = ("buy", "lease", "sell", "trade-in", "test-drive")
_NAME_PARTS: Final = ("first", "middle", "suffix", "last", "full")
_PHONE_TYPES: Final = ("voice", "fax", "cellphone", "pager")
_PRICE_TYPES: Final = ("quote", "offer", "msrp", "invoice", "call", "appraisal", "asking")
_INSTRUCTION: Final = re.compile(rb"""<\?adf\s+version\s*=\s*["']1\.0["']\s*\?>""", re.IGNORECASE)
_CANCELLED: Final = "CANCELLED"

Element = ElementTree.Element


@dataclass(frozen=True, slots=True)
class AdfLead:
    """What the dealer goes by: the sender's reference, and whether it takes a lead back."""

    reference: str
    is_cancellation: bool


def read_adf(document: bytes, dealer_id: str) -> AdfLead:
    """Check a document. Raises Refused that names the element and the reason."""
    root = _parsed(document)
    _known_children(root, "adf")
    prospect = _one(root, "prospect", "adf")
    path = "adf/prospect"
    _known_children(prospect, path)
    status = _choice(prospect, "status", ("new", "resend"), "new", path)
    reference = _reference(prospect, path)
    _request_date(prospect, path)
    vehicles = prospect.findall("vehicle")
    if not vehicles:
        raise _wrong(f"{path}/vehicle", "A prospect names at least one vehicle.")
    for vehicle in vehicles:
        _vehicle(vehicle, f"{path}/vehicle")
    comments = _customer(_one(prospect, "customer", path), f"{path}/customer")
    _vendor(_one(prospect, "vendor", path), f"{path}/vendor", dealer_id)
    for provider in prospect.findall("provider"):
        _text(provider, "name", f"{path}/provider")
    return AdfLead(reference, status == "resend" and comments.startswith(_CANCELLED))


def _wrong(path: str, reason: str) -> Refused:
    return Refused.of(422, "ADF_INVALID", f"{path}: {reason}", path)


def _parsed(document: bytes) -> Element:
    if b"<!DOCTYPE" in document.upper() or b"<!ENTITY" in document.upper():
        raise _wrong("adf", "A DOCTYPE is not taken.")
    try:
        # As text, so that no declared encoding can hide a DOCTYPE from the line above.
        root = ElementTree.fromstring(document.decode("utf-8"))  # noqa: S314 - it has no entities
    except UnicodeDecodeError:
        raise _wrong("adf", "The document is not UTF-8.") from None
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise _wrong("adf", f"This is not well-formed XML: {error}.") from None
    if root.tag != "adf":
        raise _wrong(root.tag, "The root element must be adf.")
    if not _INSTRUCTION.search(document[: document.find(b"<adf")]):
        raise _wrong("adf", 'The instruction <?adf version="1.0"?> must stand before adf.')
    return root


def _known_children(element: Element, path: str) -> None:
    for child in element:
        if child.tag not in _CHILDREN[element.tag]:
            raise _wrong(f"{path}/{child.tag}", f"ADF knows no {child.tag} in {element.tag}.")


def _one(element: Element, tag: str, path: str) -> Element:
    found = element.findall(tag)
    if len(found) != 1:
        raise _wrong(f"{path}/{tag}", f"There must be exactly one, not {len(found)}.")
    return found[0]


def _text(element: Element, tag: str, path: str) -> str:
    text = (_one(element, tag, path).text or "").strip()
    if not text:
        raise _wrong(f"{path}/{tag}", "It must not be empty.")
    return text


def _choice(
    element: Element, attribute: str, choices: Collection[str], default: str, path: str
) -> str:
    value = element.get(attribute, default)
    if value not in choices:
        known = ", ".join(choices)
        raise _wrong(path, f"The attribute {attribute} is {value!r}; it must be one of: {known}.")
    return value


def _reference(prospect: Element, path: str) -> str:
    first = prospect.find("id")
    if first is None or not first.get("source") or not (first.text or "").strip():
        raise _wrong(f"{path}/id", "There must be an id with a source and a text.")
    return (first.text or "").strip()


def _request_date(prospect: Element, path: str) -> None:
    text = _text(prospect, "requestdate", path)
    try:
        has_offset = "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        has_offset = False
    if not has_offset:
        reason = f"{text!r} is no ISO 8601 moment with an offset, as 2025-11-03T09:30:00+00:00."
        raise _wrong(f"{path}/requestdate", reason)


def _vehicle(vehicle: Element, path: str) -> None:
    _known_children(vehicle, path)
    _choice(vehicle, "interest", _INTERESTS, "buy", path)
    _choice(vehicle, "status", ("new", "used"), "new", path)
    for tag in ("year", "make", "model"):
        _one(vehicle, tag, path)
    _shaped(vehicle, "year", r"(\d{4})?", "must be four digits, or empty", path)
    _shaped(vehicle, "vin", r"[A-HJ-NPR-Z0-9]{17}", "must be a VIN of 17 characters", path)
    _shaped(vehicle, "odometer", r"\d+(\.\d+)?", "must be a number", path)
    _shaped(vehicle, "price", r"\d+(\.\d+)?", "must be a decimal number", path)
    for odometer in vehicle.findall("odometer"):
        _choice(odometer, "units", ("km", "mi"), "", f"{path}/odometer")
    for price in vehicle.findall("price"):
        _choice(price, "type", _PRICE_TYPES, "quote", f"{path}/price")
        if not re.fullmatch(r"[A-Z]{3}", price.get("currency", "")):
            raise _wrong(f"{path}/price", "The attribute currency must be three letters.")


def _shaped(element: Element, tag: str, pattern: str, reason: str, path: str) -> None:
    for child in element.findall(tag):
        if not re.fullmatch(pattern, (child.text or "").strip(), re.ASCII):
            raise _wrong(f"{path}/{tag}", f"{child.text!r} {reason}.")


def _customer(customer: Element, path: str) -> str:
    """Check the customer; the comments."""
    _known_children(customer, path)
    contact = _one(customer, "contact", path)
    path = f"{path}/contact"
    names = contact.findall("name")
    if not names:
        raise _wrong(f"{path}/name", "The customer has no name.")
    for name in names:
        _choice(name, "part", _NAME_PARTS, "", f"{path}/name")
    for phone in contact.findall("phone"):
        _choice(phone, "type", _PHONE_TYPES, "voice", f"{path}/phone")
    ways = [*contact.findall("email"), *contact.findall("phone")]
    if not ways:
        raise _wrong(f"{path}/email", "The customer can be reached neither by email nor by phone.")
    _none_empty([*names, *ways], lambda element: f"{path}/{element.tag}")
    return (customer.findtext("comments") or "").strip()


def _none_empty(elements: list[Element], path_of: Callable[[Element], str]) -> None:
    for element in elements:
        if not (element.text or "").strip():
            raise _wrong(path_of(element), "It must not be empty.")


def _vendor(vendor: Element, path: str, dealer_id: str) -> None:
    _known_children(vendor, path)
    _text(vendor, "vendorname", path)
    for given in vendor.findall("id"):
        if (given.text or "").strip() != dealer_id:
            reason = f"{given.text!r} is another dealer than {dealer_id!r}, the one of the address."
            raise _wrong(f"{path}/id", reason)
