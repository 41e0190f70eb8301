"""Importing feeds: good rows in, bad rows reported by line, and twice is the same as once."""

import contextlib
import csv
import io
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.unit.services.conftest import NOW
from trex_app.db.tables.dealers import DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services import dealers, vehicles
from trex_app.services.vehicles.feed import FeedUnreadable, import_feed
from trex_app.services.vehicles.feed.report import KEPT_REJECTIONS

DEALER = "lakeshore-motors"
HEADER = "stock_number,vin,make,model,year,price,mileage_km,body_type,fuel_type,colour\n"
GOOD = "S1,1HGCM82633A004352,Honda,Accord,2003,4500,210000,sedan,petrol,blue\n"

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "stock_number": st.sampled_from(["S1", "S2", "S3", "=S4", "", "x" * 50]),
            "vin": st.sampled_from(["", "1HGCM82633A004352", "1HGCM82643A004352"]),
            "make": st.sampled_from(["Honda", "vw", "Zzyzx", "", "@SUM(A1)"]),
            "model": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
            "year": st.sampled_from(["2020", "20", "3020", "two"]),
            "price": st.sampled_from(["4500", "$24,500.00", "24.500,00", "-4", "free"]),
            "mileage_km": st.sampled_from(["0", "41 000 km", "1e9"]),
            "body_type": st.sampled_from(["SUV", "sedan", "boat"]),
            "fuel_type": st.sampled_from(["gas", "EV", "steam"]),
            "colour": st.sampled_from(["blue", "=1+1", "-", "\t=cmd", "a\nb"]),
        }
    ),
    max_size=12,
)


def feed(text, encoding="utf-8"):
    return io.BytesIO(text.encode(encoding))


def run(connection, text, encoding="utf-8", dealer_id: str | None = DEALER, now=NOW):
    return import_feed(connection, feed(text, encoding), now=now, dealer_id=dealer_id)


def stored(connection, dealer_id=DEALER):
    rows = connection.execute(select(VEHICLES).where(VEHICLES.c.dealer_id == dealer_id))
    return {row.stock_number: row for row in rows}


def faults(report):
    return {(rejection.line, rejection.field) for rejection in report.rejected}


def test_a_good_row_becomes_a_vehicle_that_searches_find(connection):
    report = run(connection, HEADER + GOOD)
    assert (report.imported, report.rejected_rows) == (1, 0)
    vehicle = stored(connection)["S1"]
    assert (vehicle.make, vehicle.model, vehicle.year) == ("Honda", "Accord", 2003)
    assert (vehicle.price_minor, vehicle.currency) == (450_000, "USD")
    assert (vehicle.mileage_km, vehicle.vin) == (210_000, "1HGCM82633A004352")
    assert vehicle.listed_on == NOW.date()
    found = vehicles.search(connection, {"make": "Honda", "year_max": 2003})
    assert [v["vehicle_id"] for v in found["vehicles"]] == [vehicle.vehicle_id]


def test_the_same_feed_again_changes_nothing(connection):
    run(connection, HEADER + GOOD)
    before = stored(connection)
    report = run(connection, HEADER + GOOD, now=NOW + timedelta(days=3))
    assert (report.imported, report.updated, report.unchanged) == (0, 0, 1)
    assert stored(connection) == before


def test_a_changed_row_updates_its_vehicle(connection):
    run(connection, HEADER + GOOD)
    vehicle_id = stored(connection)["S1"].vehicle_id
    report = run(connection, HEADER + GOOD.replace("4500", "3999"))
    assert (report.imported, report.updated, report.unchanged) == (0, 1, 0)
    assert stored(connection)["S1"].price_minor == 399_900
    assert stored(connection)["S1"].vehicle_id == vehicle_id


def test_columns_that_a_feed_does_not_have_stay_as_they_were(connection):
    run(connection, HEADER + GOOD)
    header = HEADER.replace(",colour", "")
    run(connection, header + GOOD.replace(",blue", "").replace("4500", "3999"))
    assert stored(connection)["S1"].colour == "blue"


def test_the_same_stock_number_at_two_dealers_is_two_vehicles(connection):
    run(connection, HEADER + GOOD)
    run(connection, HEADER + GOOD, dealer_id="golden-gate-auto")
    ids = {stored(connection)["S1"].vehicle_id}
    assert stored(connection, "golden-gate-auto")["S1"].vehicle_id not in ids


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_spreadsheet_of_any_origin_is_read(connection, encoding):
    text = (
        "sep=;\r\n"
        "Stock #;Marke;Modell;Baujahr;Preis;Kilometerstand;Karosserie;Kraftstoff;Farbe;Extras\r\n"
        "A1;VW;Golf;2019;18.995,00 €;41.000 km;Schrägheck;Benzin;grün;x\r\n"
    )
    report = run(connection, text, encoding)
    assert report.rejected == []
    assert report.encoding == encoding.removesuffix("-sig")
    assert (report.delimiter, report.ignored_columns) == (";", ["Extras"])
    vehicle = stored(connection)["A1"]
    assert (vehicle.make, vehicle.price_minor, vehicle.mileage_km) == (
        "Volkswagen",
        1_899_500,
        41_000,
    )
    assert (vehicle.body_type, vehicle.colour) == ("hatchback", "grün")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_shows_in_the_header(connection, delimiter):
    report = run(connection, (HEADER + GOOD).replace(",", delimiter))
    assert (report.delimiter, report.imported) == (delimiter, 1)


def test_miles_and_horsepower_are_converted(connection):
    text = HEADER.replace("mileage_km", "miles").replace("colour", "hp")
    run(connection, text + GOOD.replace("210000", "100000").replace("blue", "200"))
    vehicle = stored(connection)["S1"]
    assert (vehicle.mileage_km, vehicle.power_kw) == (160_934, 149)


@pytest.mark.parametrize(
    ("good", "bad", "field", "words"),
    [
        ("1HGCM82633A004352", "1HGCM82643A004352", "vin", "should be 3"),
        ("1HGCM82633A004352", "1HGCM8263", "vin", "17 characters"),
        ("S1,", ",", "stock_number", "must not be empty"),
        ("Honda", "-", "make", "must not be empty"),
        ("2003", "03", "year", "four digits"),
        ("2003", "2031", "year", "to 2026"),
        (",4500,", ",free,", "price", "not a number"),
        (",4500,", ",-4500,", "price", "must not be negative"),
        (",4500,", ",0,", "price", "is not a price"),
        (",4500,", ",99999999999,", "price", "is not a price"),
        ("210000", "a lot", "mileage_km", "not a number"),
        ("210000", "9000000", "mileage_km", "out of range"),
        ("210000", "", "mileage_km", "must not be empty"),
        ("sedan", "boat", "body_type", "Known are: sedan"),
        ("petrol", "steam", "fuel_type", "Known are: petrol"),
        ("blue", "b" * 41, "colour", "longer than 40"),
        ("blue", "blue,too,many", "row", "12 cells where the header has 10"),
        ("blue", '"blue" car', "row", "unreadable"),
        (GOOD, "cut off\n", "row", "1 cells where the header has 10"),
    ],
)
def test_a_bad_row_is_reported_by_line_and_the_others_come_in(connection, good, bad, field, words):
    others = GOOD.replace("S1", "S2"), GOOD.replace("S1", "S3")
    report = run(connection, HEADER + others[0] + GOOD.replace(good, bad, 1) + others[1])
    assert (report.imported, report.rejected_rows) == (2, 1)
    assert [(r.line, r.field) for r in report.rejected] == [(3, field)]
    assert words in report.rejected[0].reason
    assert stored(connection).keys() >= {"S2", "S3"}
    assert "S1" not in stored(connection)


def test_every_fault_of_a_row_is_named_at_once(connection):
    report = run(connection, HEADER + "S1,bad,,Accord,03,free,x,boat,steam,\n")
    assert report.rejected_rows == 1
    assert {r.field for r in report.rejected} == {
        *("vin", "make", "year", "price", "mileage_km", "body_type", "fuel_type")
    }


def test_a_repeated_stock_number_is_left_out_and_the_first_line_counts(connection):
    report = run(connection, HEADER + GOOD + GOOD.replace("4500", "1"))
    assert (report.imported, report.rejected_rows) == (1, 1)
    assert "line 2" in report.rejected[0].reason
    assert stored(connection)["S1"].price_minor == 450_000


def test_an_unclosed_quotation_mark_loses_only_its_own_line(connection):
    text = HEADER + 'S0,"unclosed,Honda\n' + GOOD + GOOD.replace("S1", "S2")
    report = run(connection, text)
    assert (report.imported, report.rejected_rows) == (2, 1)
    assert report.rejected[0].line == 2
    assert "quotation mark" in report.rejected[0].reason


def test_a_quoted_cell_may_hold_delimiters_and_line_breaks(connection):
    quoted = GOOD.replace("blue", '"deep, ""very"" deep\nblue"')
    report = run(connection, HEADER + quoted + GOOD.replace("S1", "S2") + "S3,\n")
    assert report.imported == 2
    assert stored(connection)["S1"].colour == 'deep, "very" deep blue'
    assert {line for line, _ in faults(report)} == {5}


def test_blank_lines_are_passed_over_but_counted_as_lines(connection):
    report = run(connection, f"\n{HEADER}\n\n,,,,,,,,,\n{GOOD}bad,row\n")
    assert report.imported == 1
    assert {line for line, _ in faults(report)} == {7}


@pytest.mark.parametrize(
    "cell",
    ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "＝1+1"],  # noqa: RUF001
)
def test_a_formula_is_stored_as_harmless_text(connection, cell):
    report = run(connection, HEADER + GOOD.replace("blue", cell))
    assert (report.imported, report.neutralised_cells) == (1, 1)
    assert stored(connection)["S1"].colour.startswith("'")


def test_models_join_the_spelling_that_is_there(connection):
    run(connection, HEADER + GOOD.replace("Accord", "ACCORD"))
    assert stored(connection)["S1"].model == "Accord"


def test_only_web_addresses_become_pictures(connection):
    header = HEADER.replace("colour", "photo")
    good = GOOD.replace("blue", "https://cars.example/1.jpg")
    bad = GOOD.replace("S1", "S2").replace("blue", "javascript:alert(1)")
    report = run(connection, header + good + bad)
    assert stored(connection)["S1"].image_url == "https://cars.example/1.jpg"
    assert faults(report) == {(3, "image_url")}


def test_features_are_told_apart_and_dates_kept(connection):
    header = HEADER.replace("colour", "features,listed_on")
    run(connection, header + GOOD.replace("blue", "Sunroof|Heated seats|Sunroof,2025-09-01"))
    vehicle = stored(connection)["S1"]
    assert vehicle.features == ["Sunroof", "Heated seats"]
    assert vehicle.listed_on.isoformat() == "2025-09-01"


def test_a_feed_of_many_dealers_names_them_in_a_column(connection):
    header = "dealer_id," + HEADER
    rows = f"{DEALER},{GOOD}golden-gate-auto,{GOOD}nobody,{GOOD},{GOOD}"
    report = run(connection, header + rows, dealer_id=None)
    assert report.imported == 2
    assert faults(report) == {(4, "dealer_id"), (5, "dealer_id")}


def test_the_feed_of_one_dealer_cannot_change_anothers(connection):
    report = run(connection, f"dealer_id,{HEADER}golden-gate-auto,{GOOD}{DEALER},{GOOD}")
    assert report.imported == 1
    assert faults(report) == {(2, "dealer_id")}


def test_without_any_dealer_the_house_sells(connection):
    report = run(connection, HEADER + GOOD, dealer_id=None)
    again = run(connection, HEADER + GOOD, dealer_id=None)
    assert (report.imported, again.unchanged) == (1, 1)
    [vehicle] = stored(connection, "house").values()
    full = vehicles.get(connection, vehicle.vehicle_id)
    assert full is not None
    assert full["dealer_name"] == "Own inventory"
    nearby = vehicles.search(connection, {"postal_code": "60618"}, sort="distance", page=48)
    assert nearby["total"] == 2_401


def test_an_import_notes_the_makes_and_the_time(connection):
    later = NOW + timedelta(hours=5)
    run(connection, HEADER + GOOD.replace("Honda", "Hongqi"), now=later)
    dealer = dealers.get(connection, DEALER)
    assert dealer is not None
    assert "Hongqi" in dealer["makes"]
    moments = dict(
        connection.execute(select(DEALERS.c.dealer_id, DEALERS.c.inventory_refreshed_at)).all()
    )
    assert moments[DEALER] == later
    assert moments["golden-gate-auto"] == NOW


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"hello\nworld\n", "does not name the columns"),
        (GOOD.encode(), "does not name the columns"),
        (b"stock,make,model,year\nS1,a,b,2020\n", "price, body_type, fuel_type, mileage_km"),
        ((HEADER.strip() + ",color\n" + GOOD).encode(), "Two columns mean the same: colour"),
        (b"PK\x03\x04\x00\x00binary", "binary data"),
        (b"stock,make\n\x81\x8d", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_a_file_that_is_no_feed_is_refused_and_nothing_changes(connection, content, words):
    with pytest.raises(FeedUnreadable, match=words):
        import_feed(connection, io.BytesIO(content), now=NOW, dealer_id=DEALER)
    assert vehicles.count(connection, {})["total"] == 2_400


def test_a_dealer_nobody_knows_is_refused(connection):
    with pytest.raises(FeedUnreadable, match="nobody"):
        run(connection, HEADER + GOOD, dealer_id="nobody")


def test_a_file_that_is_not_there_is_said_so(connection, tmp_path):
    with pytest.raises(FeedUnreadable, match="No such file"):
        import_feed(connection, tmp_path / "none.csv", now=NOW, dealer_id=DEALER)


def test_a_file_on_disk_and_a_pipe_are_read_alike(connection, tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    assert import_feed(connection, path, now=NOW, dealer_id=DEALER).imported == 1

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    pipe = Pipe((HEADER + GOOD).encode())
    assert import_feed(connection, pipe, now=NOW, dealer_id=DEALER).unchanged == 1
    assert not pipe.closed


def test_a_large_feed_comes_in_by_batches(connection):
    rows = "".join(GOOD.replace("S1", f"L{number}") for number in range(1_203))
    assert run(connection, HEADER + rows).imported == 1_203
    assert run(connection, HEADER + rows).unchanged == 1_203


def test_of_a_file_wrong_throughout_the_first_faults_are_listed_and_the_rest_counted(connection):
    rows = "".join(f"L{number},,Honda,A,03,1,1,sedan,gas,\n" for number in range(1_100))
    report = run(connection, HEADER + rows)
    assert (report.rejected_rows, len(report.rejected)) == (1_100, KEPT_REJECTIONS)
    assert report.to_dict()["rows"] == 1_100


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_importing_twice_is_importing_once(inventory, rows):
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, HEADER.strip().split(","))
    writer.writeheader()
    writer.writerows(rows)
    with inventory.begin() as connection:
        before = stored(connection).keys()
        first = run(connection, buffer.getvalue())
        after_first = stored(connection)
        second = run(connection, buffer.getvalue())
        assert stored(connection) == after_first
    assert first.imported == len(after_first) - len(before)
    assert (second.imported, second.updated) == (0, 0)
    assert second.unchanged == first.imported
    assert second.rejected == first.rejected
    assert first.rows == len(rows)
    imported = [row for name, row in after_first.items() if name not in before]
    texts = [text for row in imported for text in (row.make, row.model, row.colour) if text]
    assert not any(text[0] in "=+-@\t\r\n" for text in texts)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=300))
def test_no_bytes_break_the_import(inventory, noise):
    with inventory.begin() as connection:
        content = io.BytesIO(HEADER.encode() + noise)
        with contextlib.suppress(FeedUnreadable):
            report = import_feed(connection, content, now=NOW, dealer_id=DEALER)
            assert report.rows == report.imported + report.rejected_rows
        assert vehicles.count(connection, {})["total"] >= 2_400
