"""One vehicle in full."""

import json

from trex_app.services import vehicles


def test_a_vehicle_in_full_is_the_one_of_the_list_and_more(connection):
    [listed] = vehicles.search(connection, {"make": "Tesla"}, page_size=1)["vehicles"]
    full = vehicles.get(connection, listed["vehicle_id"])
    assert full is not None
    assert full.items() >= listed.items()
    assert full["consumption_unit"] == "kWh"
    assert full["vin"]
    assert full["features"]
    assert json.loads(json.dumps(full)) == full


def test_an_unknown_id_names_nothing(connection):
    assert vehicles.get(connection, "v0") is None
    assert vehicles.get_many(connection, ["v0", "'; --"]) == {}


def test_many_are_fetched_at_once(connection):
    listed = vehicles.search(connection, {}, page_size=5)["vehicles"]
    ids = [vehicle["vehicle_id"] for vehicle in listed]
    found = vehicles.get_many(connection, [*ids, "v0"])
    assert found.keys() == set(ids)
    assert found[ids[3]] == vehicles.get(connection, ids[3])
