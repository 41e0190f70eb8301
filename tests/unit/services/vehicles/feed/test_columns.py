"""The columns of a feed."""

import pytest

from trex_app.services.vehicles.feed.cells import readers
from trex_app.services.vehicles.feed.columns import ALIASES, EXAMPLE_HEADER, REQUIRED, read_header
from trex_app.services.vehicles.vocabulary import comparison_key


def test_no_name_stands_for_two_columns():
    names = [comparison_key(name) for column, names in ALIASES.items() for name in {column, *names}]
    keys_by_column = {
        column: {comparison_key(name) for name in (column, *names)}
        for column, names in ALIASES.items()
    }
    assert sum(len(keys) for keys in keys_by_column.values()) == len(set(names))


def test_every_column_is_read_or_names_the_dealer():
    assert set(ALIASES) - {"dealer_id"} == set(readers(2026))
    assert set(REQUIRED) <= set(ALIASES)


def test_the_example_is_a_good_header():
    assert read_header(EXAMPLE_HEADER).ignored == ()


@pytest.mark.parametrize("column", ALIASES)
def test_every_alias_is_understood(column):
    for alias in ALIASES[column]:
        needed = [name for name in (*REQUIRED, "mileage_km") if name != column]
        header = read_header(",".join([*needed, alias.upper()]))
        assert column in header.columns


def test_cells_go_to_their_columns_and_missing_ones_are_empty():
    header = read_header(f"{EXAMPLE_HEADER},Mascot")
    cells = header.cells_by_column(["S1", "", "Honda"])
    assert (cells["stock_number"], cells["make"], cells["fuel_type"]) == ("S1", "Honda", "")
    assert header.ignored == ("Mascot",)
