"""Values: exact money, checked VINs, distances."""

import math
import string
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from trex_app.core.errors import ValidationFailed
from trex_app.core.market import MARKETS
from trex_app.core.values import (
    CURRENCIES,
    EARTH_RADIUS_KM,
    GeoPoint,
    Money,
    PostalCode,
    Vin,
    format_date,
    format_number,
    minor_units,
    squared_chord,
    vin_check_digit,
    vin_fault,
)

# Published examples: a Honda, a motor home with the check digit X, and the all-ones test VIN.
KNOWN_VINS = ("1HGCM82633A004352", "11111111111111111", "1M8GDM9AXKP042788")
VIN_ALPHABET = "".join(c for c in string.digits + string.ascii_uppercase if c not in "IOQ")

points = st.builds(
    GeoPoint,
    latitude=st.floats(-90, 90, allow_nan=False),
    longitude=st.floats(-180, 180, allow_nan=False),
)
vins = st.text(VIN_ALPHABET, min_size=17, max_size=17).map(
    lambda text: text[:8] + vin_check_digit(text) + text[9:]
)


@pytest.mark.parametrize(
    ("money", "english", "german"),
    [
        (Money(2450000, "USD"), "$24,500", "24.500\u00a0$"),
        (Money(2450050, "USD"), "$24,500.50", "24.500,50\u00a0$"),
        (Money(-2450005, "EUR"), "-€24,500.05", "-24.500,05\u00a0€"),
        (Money(0, "GBP"), "£0", "0\u00a0£"),
        (Money(1234567, "JPY"), "¥1,234,567", "1.234.567\u00a0¥"),
        (Money(99, "CHF"), "CHF\u00a00.99", "0,99\u00a0CHF"),
    ],
)
def test_money_is_written_as_each_language_writes_it(money, english, german):
    assert money.formatted("en") == money.formatted("en-US") == english
    assert money.formatted("de") == money.formatted("de_DE") == german


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(CURRENCIES)))
def test_formatted_money_loses_no_cent(amount_minor, currency):
    text = Money(amount_minor, currency).formatted("en")
    digits = "".join(c for c in text if c.isdigit())
    shown = int(digits) if "." in text else int(digits) * minor_units(currency)
    assert shown == abs(amount_minor)
    assert text.startswith("-") == (amount_minor < 0)


def test_money_of_whole_units_counts_the_minor_ones():
    assert Money.of_whole(500, "USD") == Money(50000, "USD")
    assert Money.of_whole(500, "JPY") == Money(500, "JPY")
    assert Money(500, "USD").to_dict() == {"amount_minor": 500, "currency": "USD"}


def test_money_of_an_unknown_currency_is_refused():
    with pytest.raises(ValueError, match="QQQ"):
        Money(1, "QQQ")


def test_numbers_are_grouped_as_each_language_groups_them():
    assert format_number(1234567) == "1,234,567"
    assert format_number(1234567, "de") == "1.234.567"


@pytest.mark.parametrize("vin", KNOWN_VINS)
def test_published_vins_pass_their_check_digit(vin):
    assert vin_fault(vin) is None
    assert Vin.parse(vin).value == vin


def test_a_vin_may_be_typed_with_spaces_hyphens_and_lower_case():
    assert str(Vin.parse(" 1hgcm-82633 a004352 ")) == "1HGCM82633A004352"
    assert Vin.parse("1HGCM82633A004352").manufacturer == "1HG"
    assert Vin.parse("1HGCM82633A004352").serial == "004352"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("", "vin_length", "this one has 0"),
        ("1HGCM82633A00435", "vin_length", "this one has 16"),
        ("1HGCM82633A0043522", "vin_length", "this one has 18"),
        ("1HGCM82633AO04352", "vin_character", "Character 12 is the letter O"),
        ("IHGCM82633A004352", "vin_character", "probably the digit 1"),
        ("1HGCM82633A00435!", "vin_character", "Character 17 is “!”"),
        ("1HGCM82633A00435é", "vin_character", "Character 17 is “É”"),
        ("1HGCM82643A004352", "vin_check_digit", "is 4 but should be 3"),
    ],
)
def test_a_bad_vin_is_told_what_is_wrong_with_it(text, code, words):
    fault = vin_fault(text, field="trade_in_vin")
    assert fault is not None
    assert (fault.field, fault.code) == ("trade_in_vin", code)
    assert words in fault.message
    with pytest.raises(ValidationFailed) as refused:
        Vin.parse(text)
    assert refused.value.errors[0].code == code


@given(vins)
def test_every_vin_with_its_check_digit_is_accepted(vin):
    assert vin_fault(vin) is None


@given(vins, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_always_noticed(vin, index, digit):
    # The weights are prime to 11 and digits differ by less than 11, so no digit error can hide.
    assume(vin[index].isdigit() and vin[index] != digit)
    fault = vin_fault(vin[:index] + digit + vin[index + 1 :])
    assert fault is not None
    assert fault.code == "vin_check_digit"


@given(st.text(max_size=40))
def test_any_text_is_a_vin_or_has_a_named_fault(text):
    fault = vin_fault(text)
    assert fault is None or (fault.code.startswith("vin_") and fault.message)


@pytest.mark.parametrize("text", ["60618", " 60618 ", "60618-1234", "606181234"])
def test_zip_codes_are_shortened_to_five_digits(text):
    assert PostalCode.parse(text) == PostalCode("60618", "US")


@pytest.mark.parametrize("text", ["", "6061", "6061A", "606181", "٦٠٦١٨", "60618-12"])
def test_what_is_no_postal_code_is_refused_with_an_example(text):
    with pytest.raises(ValidationFailed) as refused:
        PostalCode.parse(text)
    assert "60618" in refused.value.errors[0].message


def test_another_market_has_its_own_postal_codes():
    assert str(PostalCode.parse("50667", market=MARKETS["DE"])) == "50667"
    with pytest.raises(ValidationFailed):
        PostalCode.parse("50667-1234", market=MARKETS["DE"])


def test_the_distance_between_two_known_cities_is_right():
    new_york, los_angeles = GeoPoint(40.7128, -74.0060), GeoPoint(34.0522, -118.2437)
    assert new_york.distance_km(los_angeles) == pytest.approx(3936, abs=5)


@given(points, points)
def test_distance_is_symmetric_and_never_longer_than_half_the_earth(a, b):
    assert a.distance_km(b) == pytest.approx(b.distance_km(a), abs=1e-6)
    assert 0 <= a.distance_km(b) <= math.pi * EARTH_RADIUS_KM + 1e-6
    assert a.distance_km(a) == 0


@given(points, points, points)
def test_a_detour_is_never_shorter(a, b, c):
    assert a.distance_km(c) <= a.distance_km(b) + b.distance_km(c) + 1e-6


@given(points, points)
def test_the_squared_chord_of_unit_vectors_spans_the_same_distance(a, b):
    chord = sum((x - y) ** 2 for x, y in zip(a.unit_vector(), b.unit_vector(), strict=True))
    assert chord == pytest.approx(squared_chord(a.distance_km(b)), abs=1e-9)


@pytest.mark.parametrize(("latitude", "longitude"), [(91, 0), (0, 181), (math.nan, 0), (0, -180.1)])
def test_a_point_off_the_earth_is_refused(latitude, longitude):
    with pytest.raises(ValueError, match="Earth"):
        GeoPoint(latitude, longitude)


@pytest.mark.parametrize(
    ("locale", "text"), [("en", "Oct 3, 2026"), ("de", "3.10.2026"), ("de-AT", "3.10.2026")]
)
def test_a_day_is_written_as_the_language_does(locale, text):
    assert format_date(date(2026, 10, 3), locale) == text
