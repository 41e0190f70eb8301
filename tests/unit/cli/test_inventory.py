"""Filling the inventory from the command line."""

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Terminal

HEADER = "stock_number,make,model,year,price,mileage_km,body_type,fuel_type"
GOOD_ROW = "A-1,Toyota,RAV4,2020,24500,45000,suv,hybrid"


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return tmp_path / "feed.csv"


def test_a_feed_is_imported_and_again_changes_nothing(terminal: Terminal, feed: Path) -> None:
    feed.write_text(f"{HEADER}\n{GOOD_ROW}\n")
    first = terminal.run("inventory", "import", feed)
    assert first.exit_code == 0
    assert first.out == "1 row: 1 imported, 0 updated, 0 unchanged, 0 left out.\n"
    again = terminal.run("inventory", "import", feed)
    assert "0 imported, 0 updated, 1 unchanged" in again.out


def test_each_row_left_out_is_named_with_its_line(terminal: Terminal, feed: Path) -> None:
    feed.write_text(f"{HEADER}\n{GOOD_ROW}\nA-2,Toyota,RAV4,1066,24500,45000,suv,hybrid\n")
    printed = terminal.run("inventory", "import", feed)
    assert printed.exit_code == 0
    assert printed.out.startswith(f"{feed}:3: year: ")
    assert "1 imported" in printed.out
    assert "1 left out" in printed.out


def test_the_report_can_be_read_by_a_program(terminal: Terminal, feed: Path) -> None:
    feed.write_text(f"{HEADER}\n{GOOD_ROW}\nA-2,Toyota,RAV4,1066,24500,45000,suv,hybrid\n")
    report = terminal.run("inventory", "import", feed, "--json").json
    assert (report["rows"], report["imported"], report["rejected_rows"]) == (2, 1, 1)
    assert report["rejected"][0]["line"] == 3


def test_a_feed_without_a_good_row_ends_with_exit_code_1(terminal: Terminal, feed: Path) -> None:
    feed.write_text(f"{HEADER}\nA-2,Toyota,RAV4,1066,24500,45000,suv,hybrid\n")
    printed = terminal.run("inventory", "import", feed)
    assert (printed.exit_code, printed.err) == (1, "Nothing was imported.\n")


@pytest.mark.parametrize("content", ["", "name,colour\nx,y\n"])
def test_a_file_that_is_no_feed_is_refused(terminal: Terminal, feed: Path, content: str) -> None:
    feed.write_text(content)
    printed = terminal.run("inventory", "import", feed)
    assert printed.exit_code == 1
    assert printed.err


def test_a_feed_of_a_dealer_nobody_knows_is_refused(terminal: Terminal, feed: Path) -> None:
    feed.write_text(f"{HEADER}\n{GOOD_ROW}\n")
    printed = terminal.run("inventory", "import", feed, "--dealer", "nobody")
    assert (printed.exit_code, "nobody" in printed.err) == (1, True)


def test_a_missing_file_is_refused(terminal: Terminal) -> None:
    printed = terminal.run("inventory", "import", "missing.csv")
    assert (printed.exit_code, "missing.csv" in printed.err) == (2, True)


def test_demonstration_data_is_loaded_once(terminal: Terminal) -> None:
    assert terminal.run("inventory", "demo").out == "Loaded 2,400 vehicles with their dealers.\n"
    assert "nothing was loaded" in terminal.run("inventory", "demo").out
