"""The ports over our own database: what runs without any partner."""

from collections.abc import AsyncIterator

import pytest

from tests.unit.services.conftest import NOW, TABLES
from trex_app.core.errors import ValidationFailed
from trex_app.db.transaction import Database
from trex_app.ports import CreditBureau, DealerNetwork, VehicleInventory, VinDecoder
from trex_app.services import demo_data
from trex_app.services.local_partners import (
    LocalVinDecoder,
    OwnDealerNetwork,
    OwnInventory,
    RuleBasedCreditBureau,
)


def later():
    return NOW.replace(hour=14)


@pytest.fixture
async def database(tmp_path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/trex.db")

    def fill(tx):
        for table in TABLES:
            table.create(tx.connection)
        demo_data.load(tx.connection, NOW, count=120)

    await opened.write(fill)
    yield opened
    opened.close()


async def test_the_live_inventory_is_as_fresh_as_now(database):
    inventory: VehicleInventory = OwnInventory(database, later)
    found = await inventory.search({"postal_code": "60618"}, page=2, page_size=5, sort="distance")
    assert (found["total"], found["page"], len(found["vehicles"])) == (120, 2, 5)
    assert (found["source"], found["as_of"]) == ("live", later().isoformat())


async def test_the_saved_inventory_says_when_it_was_saved(database):
    inventory: VehicleInventory = OwnInventory(database, later, source="saved")
    found = await inventory.search({})
    assert (found["source"], found["as_of"]) == ("saved", NOW.isoformat())


async def test_vehicles_are_known_by_id(database):
    inventory: VehicleInventory = OwnInventory(database)
    [listed] = (await inventory.search({}, page_size=1))["vehicles"]
    found = await inventory.get_many([listed["vehicle_id"], "v0"])
    assert found.keys() == {listed["vehicle_id"]}


async def test_a_vin_is_decoded_or_refused(database):
    decoder: VinDecoder = LocalVinDecoder(database, later)
    assert (await decoder.decode("1HGCM82633A004352"))["make"] == "Honda"
    with pytest.raises(ValidationFailed):
        await decoder.decode("1HGCM82643A004352")


async def test_dealers_are_found_near_a_place(database):
    network: DealerNetwork = OwnDealerNetwork(database)
    near = await network.near("60601", limit=1)
    assert near["dealers"][0]["city"] == "Chicago"
    dealer_id = near["dealers"][0]["dealer_id"]
    assert (await network.get_many([dealer_id]))[dealer_id]["name"]


async def test_the_bureau_decides_the_same_however_often_it_is_asked():
    bureau: CreditBureau = RuleBasedCreditBureau(later)
    check = {"birth_date": "1990-04-01", "income_band": "50k_75k", "amount": 20_000}
    first = await bureau.request(check, "key-1")
    assert first["decision"] == "approved"
    assert await bureau.request(check, "key-1") == first


async def test_a_count_is_what_a_search_finds(database: Database) -> None:
    inventory: VehicleInventory = OwnInventory(database, later)
    wanted = {"make": "Toyota"}
    counted, found = await inventory.count(wanted), await inventory.search(wanted)
    assert counted["total"] == found["total"] > 0
    suggested = await inventory.suggest({"make": "Toyt"})
    assert [row["make"] for row in suggested["makes"]] == ["Toyota"]
