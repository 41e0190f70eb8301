"""Vehicles side by side."""

from tests.unit.display.test_vehicles import row
from trex_app.display.vehicles import vehicle_of
from trex_app.ui.state.comparison import MOST_COMPARED, NOT_SAID, comparison_of


def test_each_row_is_one_fact_of_every_vehicle() -> None:
    pair = [vehicle_of(row("v1"), "en"), vehicle_of(row("v2", year=2019), "en")]
    lines = {line.label: line.cells for line in comparison_of(pair, "en").rows}
    assert [cell.text for cell in lines["Year"]] == ["2021", "2019"]
    assert [cell.column for cell in lines["Year"]] == ["v1", "v2"]


def test_what_one_does_not_say_is_a_dash_and_what_none_says_is_left_out() -> None:
    pair = [vehicle_of(row("v1", seats=None), "en"), vehicle_of(row("v2"), "en")]
    lines = {
        line.label: [cell.text for cell in line.cells] for line in comparison_of(pair, "en").rows
    }
    assert lines["Seats"] == [NOT_SAID, "5"]
    assert "Distance" not in lines


def test_it_counts_and_says_when_it_is_full() -> None:
    vehicles = [vehicle_of(row(f"v{at}"), "en") for at in range(MOST_COMPARED)]
    assert comparison_of(vehicles[:2], "en").label == "Compare 2 of 3"
    assert not comparison_of(vehicles[:2], "en").is_full
    assert comparison_of(vehicles, "en").is_full
