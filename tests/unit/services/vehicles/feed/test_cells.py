"""Cells of a feed as values."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trex_app.services.vehicles.feed.cells import CellFault, neutral, number, said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("24500", "24500"),
        ("24,500", "24500"),
        ("24.500", "24500"),
        ("24 500", "24500"),
        ("24'500", "24500"),
        ("1,234,567", "1234567"),
        ("24,500.00", "24500.00"),
        ("24.500,5", "24500.5"),
        ("4.7", "4.7"),
        ("4,75", "4.75"),
        ("$24,500", "24500"),
        ("18.995 €", "18995"),
        ("USD 24500", "24500"),
        ("41\u00a0000 km", "41000"),
        ("4.7 l/100 km", "4.7"),
        ("17.4 kWh/100km", "17.4"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, value):
    assert number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1e9",
        "1,23,456",
        "24,500,00",
        "1.2.3",
        "--4",
        "-4",
        "\u22124",
        "4-",
        "٤٥",
        "0x10",
        "=1",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellFault):
        number(text)


@given(st.integers(0, 10**9), st.sampled_from([("", ""), (",", "."), (".", ","), (" ", ",")]))
def test_grouping_never_changes_a_number(amount, marks):
    group, decimal = marks
    text = f"{amount:,}".replace(",", group)
    assert number(text) == amount
    if decimal and amount >= 1_000:
        assert number(f"{text}{decimal}50") == amount + Decimal("0.5")


@pytest.mark.parametrize("cell", ["", " ", "-", " -- ", "N/A", "null", "\u00a0"])
def test_a_cell_that_says_nothing_is_empty(cell):
    assert said(cell) == ""


@given(st.text(max_size=60))
@example("\x1f@SUM(A1)")
@example("\N{ZERO WIDTH SPACE}=1+1")
def test_neutral_text_is_never_a_formula_and_stays_neutral(text):
    plain = neutral(said(text))
    assert plain[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n")
    assert not any(ord(character) < 32 for character in plain)
    assert neutral(plain) == plain
