"""What both answer alike: whoever asks cannot tell our own tables from a partner."""

import pytest

from tests.contract.partners.installations import CHECK, Installation
from trex_app.core.errors import PartnerRefused, ValidationFailed

SEARCHES = [
    {},
    {"make": "vw"},
    {"make": "Toyota", "model": "corolla", "year_min": 2018},
    {"body_type": "truck", "price_max": 40_000},
    {"fuel_type": "electric", "distance_max_km": 100, "postal_code": "10001"},
    {"transmission": "stick"},
    {"body_type": "spaceship"},
    {"make": "Toyta", "price_max": 3000},
]
SORTS = ("price_asc", "price_desc", "mileage_asc", "mileage_desc", "year_desc", "distance")
TYPED = [{}, {"make": "toy"}, {"text": "f150"}, {"make": "toyota", "model": "cor"}]


@pytest.mark.parametrize("criteria", SEARCHES, ids=str)
async def test_a_search_finds_the_same_vehicles(either: Installation, criteria: dict) -> None:
    found = dict(await either.inventory.search(criteria, sort="price_asc", page_size=5))
    own = dict(await either.own_inventory.search(criteria, sort="price_asc", page_size=5))
    assert found.pop("source") == "live"
    own.pop("source")
    assert found.pop("as_of") != own.pop("as_of")
    assert found == own


@pytest.mark.parametrize("sort", SORTS)
async def test_every_order_is_the_same(either: Installation, sort: str) -> None:
    wanted = {"make": "Honda", "postal_code": "60618"}
    found = await either.inventory.search(wanted, sort=sort, page=2)
    own = await either.own_inventory.search(wanted, sort=sort, page=2)
    assert found["vehicles"] == own["vehicles"]
    assert (found["sort"], found["page"], found["pages"]) == (sort, 2, own["pages"])


@pytest.mark.parametrize("criteria", SEARCHES, ids=str)
async def test_a_count_has_the_same_facets(either: Installation, criteria: dict) -> None:
    counted = await either.inventory.count(criteria)
    assert counted == await either.own_inventory.count(criteria)
    assert all(
        sum(row["count"] for row in rows) == counted["total"] for rows in counted["facets"].values()
    )


@pytest.mark.parametrize("typed", TYPED, ids=str)
async def test_suggestions_are_the_same(either: Installation, typed: dict) -> None:
    assert await either.inventory.suggest(typed) == await either.own_inventory.suggest(typed)


async def test_vehicles_are_known_in_full_by_id(either: Installation) -> None:
    listed = (await either.inventory.search({"fuel_type": "electric"}))["vehicles"]
    ids = [row["vehicle_id"] for row in listed]
    found = await either.inventory.get_many([*ids, "v0", "", "a,b"])
    assert found.keys() == set(ids)
    assert found == await either.own_inventory.get_many(ids)


@pytest.mark.parametrize(
    "asked",
    [
        {"criteria": {"wheels": 4}},
        {"criteria": {"price_max": "cheap"}},
        {"criteria": {}, "page": 0},
        {"criteria": {}, "page_size": 61},
        {"criteria": {}, "sort": "beauty"},
    ],
    ids=str,
)
async def test_a_search_that_makes_no_sense_is_refused(either: Installation, asked: dict) -> None:
    how = {name: value for name, value in asked.items() if name != "criteria"}
    with pytest.raises(ValidationFailed):
        await either.inventory.search(asked["criteria"], **how)


async def test_a_suggestion_for_a_novel_is_refused(either: Installation) -> None:
    with pytest.raises(ValidationFailed):
        await either.inventory.suggest({"text": "x" * 101})


async def test_a_vin_tells_make_and_year(either: Installation) -> None:
    told = await either.vin_decoder.decode("1hgcm826 33a004352")
    assert (told["vin"], told["make"], told["year"]) == ("1HGCM82633A004352", "Honda", 2003)
    assert told["country"] == "US"
    assert not told.get("is_basic")


async def test_a_listed_vehicle_is_known_by_its_vin(either: Installation) -> None:
    [listed] = (await either.inventory.search({"fuel_type": "hybrid"}, page_size=1))["vehicles"]
    [full] = (await either.inventory.get_many([listed["vehicle_id"]])).values()
    told = await either.vin_decoder.decode(full["vin"])
    for name in ("make", "model", "year", "body_type", "fuel_type"):
        assert told[name] == full[name]


async def test_a_mistyped_vin_is_refused(either: Installation) -> None:
    with pytest.raises(ValidationFailed):
        await either.vin_decoder.decode("1HGCM82643A004352")


async def test_dealers_come_by_distance(either: Installation) -> None:
    near = await either.dealers.near("60618", limit=3)
    assert near["dealers"][0]["name"] == "Lakeshore Motors"
    distances = [row["distance_km"] for row in near["dealers"]]
    assert distances == sorted(distances)
    assert near["place"] == "Chicago, IL"
    assert near["origin"]["latitude"] == pytest.approx(41.9, abs=0.2)


async def test_dealers_carry_the_make_that_was_asked_for(either: Installation) -> None:
    near = await either.dealers.near("10001", limit=5, makes=["Toyota", "BMW"])
    assert near["dealers"]
    assert all({"Toyota", "BMW"} & set(row["makes"]) for row in near["dealers"])


@pytest.mark.parametrize("postal_code", ["", "00000", "nowhere"])
async def test_without_a_place_dealers_come_by_id(either: Installation, postal_code: str) -> None:
    near = await either.dealers.near(postal_code, limit=4)
    ids = [row["dealer_id"] for row in near["dealers"]]
    assert (ids, near["place"]) == (sorted(ids), None)
    assert {row["distance_km"] for row in near["dealers"]} == {None}


async def test_dealers_are_known_by_id(either: Installation) -> None:
    found = await either.dealers.get_many(["lakeshore-motors", "nobody", ""])
    assert list(found) == ["lakeshore-motors"]
    assert found["lakeshore-motors"]["city"] == "Chicago"


@pytest.mark.parametrize("limit", [0, 101])
async def test_no_or_too_many_dealers_are_refused(either: Installation, limit: int) -> None:
    with pytest.raises(ValidationFailed):
        await either.dealers.near("60618", limit=limit)


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({}, "approved"),
        ({"amount": 900_000}, "declined"),
        ({"amount": None}, "approved"),
        ({"birth_date": "2012-05-01"}, "declined"),
        ({"birth_date": None}, "referred"),
        ({"income_band": None}, "referred"),
    ],
    ids=str,
)
async def test_a_bureau_decides(either: Installation, changes: dict, decision: str) -> None:
    decided = await either.bureau.request({**CHECK, **changes}, f"key-{changes}")
    assert decided["decision"] == decision
    assert decided["reasons"]


async def test_a_bureau_knows_nothing_of_what_nobody_asked(either: Installation) -> None:
    with pytest.raises(PartnerRefused):
        await either.bureau.decision_of("never asked")
