"""Loading the demonstration data into an empty inventory."""

from sqlalchemy import func, select

from tests.unit.services.conftest import NOW
from trex_app.db.tables.dealers import DEALERS
from trex_app.db.tables.vehicles import VEHICLES
from trex_app.services import demo_data


def count_of(connection, table):
    return connection.scalar(select(func.count()).select_from(table))


def test_an_empty_inventory_is_filled_once(empty):
    assert demo_data.load_if_empty(empty, NOW) == 2_400
    assert demo_data.load_if_empty(empty, NOW) == 0
    assert count_of(empty, VEHICLES) == 2_400
    assert count_of(empty, DEALERS) == 60


def test_an_inventory_of_ones_own_is_left_alone(empty):
    empty.execute(DEALERS.insert(), [{"dealer_id": "mine", "name": "Mine", "country": "US"}])
    assert demo_data.load_if_empty(empty, NOW) == 0
    assert count_of(empty, VEHICLES) == 0
