"""E-mail addresses and phone numbers in the one form in which two spellings are equal."""

import re
from typing import Final

from trex_app.core.market import MARKET

INTERNATIONAL_DIGITS: Final = 11


def email_key(address: str) -> str:
    """An address as mail servers compare it in practice."""
    return address.strip().casefold()


def phone_digits(number: str) -> str:
    """A phone number as it is dialled from abroad, without the plus."""
    digits = re.sub(r"\D", "", number)
    if number.strip().startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    code = MARKET.calling_code
    if digits.startswith(code) and len(digits) >= INTERNATIONAL_DIGITS:
        return digits
    return code + digits.lstrip("0")
