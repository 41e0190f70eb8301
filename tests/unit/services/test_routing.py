"""Routing: chosen dealers stay, and otherwise the same rules for everybody."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.lead_rows import KEYRING, Leads
from trex_app.core.errors import NotFound
from trex_app.messaging.events import LeadCaptured, LeadRouted
from trex_app.services.routing import (
    DEALERS_PER_LEAD,
    WEEKLY_CAPACITY,
    Candidate,
    Routing,
)

ROUTING = Routing(KEYRING)
CHICAGO = {"postal_code": "60618"}
# Roughly so many kilometres north of the middle of Chicago's area.
NEAR, IN_NEXT_BAND, FAR = (42.0, -87.7), (42.5, -87.7), (47.5, -87.7)


def route(leads: Leads, key: str) -> list[str]:
    return leads.database.write_sync(lambda tx: ROUTING.route(tx, key))


def captured(key: str) -> LeadCaptured:
    return LeadCaptured(key, "TRX", "dealer_network", "selling", None, "s")


def test_chosen_dealers_stay_in_their_order(leads: Leads) -> None:
    leads.add("k", kind="dealer_network", chosen=["b", "a", "b"])
    assert route(leads, "k") == ["b", "a"]
    assert leads.recorded() == [LeadRouted("k", ("b", "a"))]


def test_a_lead_is_routed_once_whoever_asks_how_often(leads: Leads) -> None:
    leads.add_dealer("a", NEAR)
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    first = route(leads, "k")
    leads.add_dealer("0-comes-later", NEAR)
    leads.hear(ROUTING.hear, captured("k"))
    assert route(leads, "k") == first == ["a"]
    assert leads.recorded() == [LeadRouted("k", ("a",))]
    rows = leads.read(select(leads.dealers)).all()
    assert [(row.dealer_id, row.rank, row.status) for row in rows] == [("a", 0, "assigned")]


def test_a_lead_about_a_listing_goes_to_its_dealer(leads: Leads) -> None:
    leads.add_dealer("near", NEAR)
    leads.add("k", kind="buying", contact=CHICAGO, vehicle={"dealer_id": "seller"})
    assert route(leads, "k") == ["seller"]


class TestTenantsDealers:
    """A tenant may name who gets the leads of its pages."""

    def prepare(self, leads: Leads, *dealer_ids: str) -> None:
        for dealer_id in ("near", "own", "own-too"):
            leads.add_dealer(dealer_id, NEAR if dealer_id == "near" else FAR)
        leads.add_tenant("acme", dealer_ids)

    def test_get_what_nobody_else_was_chosen_for(self, leads: Leads) -> None:
        self.prepare(leads, "own-too", "own")
        leads.add("k", kind="dealer_network", contact=CHICAGO, tenant="acme")
        assert route(leads, "k") == ["own-too", "own"]

    def test_do_not_come_before_a_chosen_one(self, leads: Leads) -> None:
        self.prepare(leads, "own")
        leads.add("k", kind="dealer_network", chosen=["near"], tenant="acme")
        assert route(leads, "k") == ["near"]

    def test_do_not_come_before_the_seller(self, leads: Leads) -> None:
        self.prepare(leads, "own")
        leads.add("k", kind="buying", vehicle={"dealer_id": "seller"}, tenant="acme")
        assert route(leads, "k") == ["seller"]

    def test_get_no_private_sale(self, leads: Leads) -> None:
        self.prepare(leads, "own")
        leads.add("k", kind="private_sale", tenant="acme")
        assert route(leads, "k") == []

    def test_get_no_lead_of_another_page(self, leads: Leads) -> None:
        self.prepare(leads, "own")
        leads.add("k", kind="dealer_network", contact=CHICAGO)
        assert route(leads, "k")[0] == "near"

    def test_that_have_gone_are_passed_over(self, leads: Leads) -> None:
        self.prepare(leads, "gone")
        leads.add("k", kind="dealer_network", contact=CHICAGO, tenant="acme")
        assert route(leads, "k")[0] == "near"


def test_a_request_without_a_vehicle_goes_to_the_nearest(leads: Leads) -> None:
    for number in range(DEALERS_PER_LEAD + 2):
        leads.add_dealer(f"d{number}", NEAR)
    leads.add("k", kind="buying", contact=CHICAGO, vehicle=None)
    assert route(leads, "k") == [f"d{number}" for number in range(DEALERS_PER_LEAD)]


@pytest.mark.parametrize("kind", ["private_sale", "dealer_sale"])
def test_a_sale_whose_buyer_is_known_goes_to_nobody(leads: Leads, kind: str) -> None:
    leads.add_dealer("a", NEAR)
    leads.add("k", kind=kind, contact=CHICAGO)
    assert route(leads, "k") == []
    assert route(leads, "k") == []
    assert leads.recorded() == [LeadRouted("k", ())]


def test_nearer_dealers_come_first_as_far_as_distance_counts(leads: Leads) -> None:
    leads.add_dealer("a-far", FAR)
    leads.add_dealer("b-next-band", IN_NEXT_BAND)
    leads.add_dealer("c-near", NEAR)
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    assert route(leads, "k") == ["c-near", "b-next-band", "a-far"]


def test_where_the_vehicle_stands_counts_before_where_its_owner_lives(leads: Leads) -> None:
    leads.add_dealer("a-new-york", (40.75, -73.99))
    leads.add_dealer("b-chicago", NEAR)
    new_york = {"postal_code": "10001"}
    leads.add("k", kind="dealer_network", contact=CHICAGO, vehicle=new_york)
    assert route(leads, "k")[0] == "a-new-york"


def test_dealers_who_carry_the_make_come_first(leads: Leads) -> None:
    leads.add_dealer("a", NEAR, "Toyota")
    leads.add_dealer("b", IN_NEXT_BAND, "Volkswagen")
    leads.add("k", kind="dealer_network", contact=CHICAGO, vehicle={"make": "VW"})
    assert route(leads, "k") == ["b", "a"]


def test_who_got_fewer_leads_lately_comes_first(leads: Leads) -> None:
    leads.add_dealer("a", NEAR)
    leads.add_dealer("b", NEAR)
    leads.add("earlier", dealer_ids=("a",), days_ago=6)
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    assert route(leads, "k") == ["b", "a"]


def test_leads_of_last_month_and_cancelled_ones_do_not_count(leads: Leads) -> None:
    leads.add_dealer("a", NEAR)
    leads.add_dealer("b", NEAR)
    leads.add("old", dealer_ids=("a",), days_ago=8)
    leads.add("cancelled", dealer_ids=("a",), days_ago=1)
    change = update(leads.dealers).where(leads.dealers.c.lead_key == "cancelled")
    leads.database.write_sync(lambda tx: tx.connection.execute(change.values(status="cancelled")))
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    assert route(leads, "k") == ["a", "b"]


def test_a_dealer_without_room_comes_last(leads: Leads) -> None:
    leads.add_dealer("a-full", NEAR)
    leads.add_dealer("b-away", IN_NEXT_BAND)
    for number in range(WEEKLY_CAPACITY):
        leads.add(f"earlier-{number}", dealer_ids=("a-full",))
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    assert route(leads, "k") == ["b-away", "a-full"]


def test_without_a_known_place_everything_else_decides(leads: Leads) -> None:
    leads.add_dealer("b", FAR)
    leads.add_dealer("a", None)
    leads.add("k", kind="dealer_network", contact={"postal_code": "nowhere"})
    assert route(leads, "k") == ["a", "b"]


def test_a_lead_whose_person_was_erased_gets_no_dealers(leads: Leads) -> None:
    leads.add_dealer("a", NEAR)
    leads.add("k", kind="dealer_network", contact=CHICAGO)
    leads.erase("k")
    assert route(leads, "k") == []
    assert leads.recorded() == []


def test_a_lead_that_does_not_exist_is_said_so(leads: Leads) -> None:
    with pytest.raises(NotFound):
        route(leads, "nobody")


CANDIDATE = st.builds(
    Candidate,
    st.sampled_from("abcdef"),
    st.none() | st.floats(0, 1000),
    st.booleans(),
    st.integers(0, 2 * WEEKLY_CAPACITY),
)


@given(candidates=st.lists(CANDIDATE, unique_by=lambda c: c.dealer_id), seed=st.randoms())
def test_the_order_depends_on_nothing_but_the_dealers(candidates, seed) -> None:
    shuffled = list(candidates)
    seed.shuffle(shuffled)
    ordered = sorted(candidates, key=lambda c: c.rank)
    assert ordered == sorted(shuffled, key=lambda c: c.rank)
    for better, worse in pairwise(ordered):
        if worse.recent_leads < WEEKLY_CAPACITY <= better.recent_leads:
            # Only reach counts more than room.
            assert (better.distance_km or 0) <= 400 < (worse.distance_km or 0)
