"""The market an installation serves: its currency, postal codes and energy prices, in one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Market:
    """One country's habits. Energy prices are minor units per litre, or per kWh for electric."""

    country: str
    currency: str
    postal_code: re.Pattern[str]
    postal_code_example: str
    energy_price_minor: Mapping[str, float]
    time_zone: str
    """Whose clock says when people sleep."""
    calling_code: str
    """What a phone number without a country begins with, abroad."""


MARKETS: Final[Mapping[str, Market]] = {
    "US": Market(
        country="US",
        currency="USD",
        postal_code=re.compile(r"(\d{5})(?:-?\d{4})?"),
        postal_code_example="60618",
        energy_price_minor={"petrol": 90.0, "diesel": 100.0, "electric": 17.0},
        time_zone="America/Chicago",
        calling_code="1",
    ),
    "DE": Market(
        country="DE",
        currency="EUR",
        postal_code=re.compile(r"(\d{5})"),
        postal_code_example="50667",
        energy_price_minor={"petrol": 178.0, "diesel": 168.0, "electric": 37.0},
        time_zone="Europe/Berlin",
        calling_code="49",
    ),
}

MARKET: Final = MARKETS["US"]
"""The market of the shipped demonstration data; another row of the table makes another market."""
