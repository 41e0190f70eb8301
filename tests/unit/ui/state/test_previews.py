"""What a search would find, counted by the real inventory while the form is filled in."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from trex_app.db.connections import create_engine, database_url
from trex_app.db.tables import METADATA
from trex_app.db.tables.dealers import DEALER_MAKES, DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services import demo_data, vehicles
from trex_app.ui.state.previews import BARS_HEIGHT, LookUp, criteria_in, preview_of

NOW = datetime(2025, 11, 3, 9, 30, tzinfo=UTC)
ASKED = {"vehicles.count": vehicles.count, "vehicles.suggest": vehicles.suggest}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The demonstration inventory."""
    url = f"sqlite:///{tmp_path_factory.mktemp('inventory')}/inventory.db"
    engine = create_engine(database_url(url), "write")
    METADATA.create_all(engine, tables=[DEALERS, DEALER_MAKES, VEHICLES])
    with engine.connect() as opened:
        demo_data.load(opened, NOW)
        yield opened
    engine.dispose()


@pytest.fixture
def look_up(connection: Connection) -> LookUp:
    """The step's own lookups, over that inventory."""

    async def ask(name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return ASKED[name](connection, given)

    return ask


async def test_an_empty_form_finds_everything(look_up: LookUp) -> None:
    preview = await preview_of(look_up, {}, "en")
    assert (preview.total, preview.of_stock) == ("2,400", "of 2,400 vehicles")
    assert preview.submit == "Show 2,400 vehicles"
    assert (preview.has_hits, preview.note) == (True, "")
    assert preview.makes != []


async def test_each_choice_says_how_many_it_brings(look_up: LookUp, connection: Connection) -> None:
    chosen = {"make": "Toyota", "body_type": "suv"}
    preview = await preview_of(look_up, chosen, "en")
    for body_type in ("suv", "sedan"):
        hits = vehicles.count(connection, {"make": "Toyota", "body_type": body_type})["total"]
        assert preview.bodies[body_type] == str(hits)
    assert preview.total == preview.bodies["suv"]


async def test_a_make_that_is_still_being_typed_counts_as_the_nearest(look_up: LookUp) -> None:
    typed = await preview_of(look_up, {"make": "Toy"}, "en")
    whole = await preview_of(look_up, {"make": "Toyota"}, "en")
    assert (typed.total, typed.note) == (whole.total, "Counted as Toyota.")
    assert whole.note == ""
    assert typed.makes[0].value == "Toyota"


async def test_models_are_suggested_within_the_make(look_up: LookUp) -> None:
    preview = await preview_of(look_up, {"make": "Toyota", "model": "ra"}, "en")
    assert preview.models[0].value == "RAV4"
    assert {model.label.split()[0] for model in preview.found_models} == {"Toyota"}


async def test_nothing_that_fits_is_said_on_the_button(look_up: LookUp) -> None:
    impossible = {"make": "Toyota", "price_max": 500, "year_min": 2024}
    preview = await preview_of(look_up, impossible, "en")
    assert (preview.total, preview.has_hits, preview.submit) == ("0", False, "Show the nearest")


async def test_numbers_are_written_as_the_language_does(look_up: LookUp) -> None:
    preview = await preview_of(look_up, {}, "de")
    assert preview.submit == "2.400 Fahrzeuge zeigen"


async def test_the_chart_marks_the_prices_within_reach(look_up: LookUp) -> None:
    preview = await preview_of(look_up, {"price_max": 20_000}, "en")
    within = [bar.is_within for bar in preview.prices]
    assert within == sorted(within, reverse=True)
    assert 0 < sum(within) < len(within)
    assert all(bar.y + bar.height == BARS_HEIGHT for bar in preview.prices)
    assert max(bar.height for bar in preview.prices) == BARS_HEIGHT


def test_what_cannot_be_read_yet_is_left_out() -> None:
    draft = {"make": "Toyota", "year_min": "20x", "price_max": 20_000, "model": None}
    assert criteria_in(draft) == {"make": "Toyota", "price_max": 20_000}
