"""The words of the inventory and their spellings."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trex_app.services.vehicles.vocabulary import (
    BODY_TYPES,
    FUEL_TYPES,
    KNOWN_MAKES,
    TRANSMISSIONS,
    body_type_of,
    canonical_make,
    comparison_key,
    fuel_type_of,
    transmission_of,
)


def test_every_word_stands_for_itself():
    assert [body_type_of(word) for word in BODY_TYPES] == list(BODY_TYPES)
    assert [fuel_type_of(word) for word in FUEL_TYPES] == list(FUEL_TYPES)
    assert [transmission_of(word) for word in TRANSMISSIONS] == list(TRANSMISSIONS)
    assert [canonical_make(make.upper()) for make in KNOWN_MAKES] == list(KNOWN_MAKES)


@pytest.mark.parametrize(
    ("read", "spelling", "word"),
    [
        (body_type_of, "Station Wagon", "wagon"),
        (body_type_of, "Schrägheck", "hatchback"),
        (body_type_of, "Coupé", "coupe"),
        (body_type_of, "Geländewagen", "suv"),
        (body_type_of, "submarine", None),
        (fuel_type_of, "Gasoline", "petrol"),
        (fuel_type_of, "Plug-in Hybrid", "plug_in_hybrid"),
        (fuel_type_of, "BEV", "electric"),
        (fuel_type_of, "coal", None),
        (transmission_of, "CVT", "automatic"),
        (transmission_of, "Schaltgetriebe", "manual"),
    ],
)
def test_the_spellings_of_the_trade_are_understood(read, spelling, word):
    assert read(spelling) == word


def test_an_unknown_make_stays_as_it_is_written():
    assert canonical_make("  Hongqi ") == "Hongqi"


@given(st.text(max_size=50))
@example("\N{MODIFIER LETTER CAPITAL H}")
def test_a_comparison_key_is_its_own_key(text):
    key = comparison_key(text)
    assert comparison_key(key) == key
