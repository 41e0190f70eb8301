"""The table of markets agrees with itself."""

import pytest

from trex_app.core.market import MARKET, MARKETS
from trex_app.core.values import CURRENCIES


@pytest.mark.parametrize("country", MARKETS)
def test_every_market_is_complete(country):
    market = MARKETS[country]
    assert market.country == country
    assert market.currency in CURRENCIES
    assert market.postal_code.fullmatch(market.postal_code_example)
    assert {"petrol", "diesel", "electric"} <= market.energy_price_minor.keys()


def test_the_shipped_market_is_one_of_the_table():
    assert MARKET in MARKETS.values()
