"""What a person without JavaScript meets beside the straight way: faults, detours, other tabs."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.integration.conftest import ORIGIN, client_of
from tests.integration.plain_browser import VEHICLE, PlainBrowser
from tests.integration.walker import CONTACT
from tests.integration.world import World
from trex_app.api.application import create_api

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIN = "1HGCM82633A004352"


@pytest_asyncio.fixture(loop_scope="module")
async def guest(client: httpx.AsyncClient) -> PlainBrowser:
    return PlainBrowser(client)


@pytest_asyncio.fixture(loop_scope="module")
async def world_guest(world: World) -> AsyncIterator[PlainBrowser]:
    """A browser in front of an installation whose clock and partner stand in the test's hand."""
    async with client_of(create_api(world.container)) as client:
        yield PlainBrowser(client)


class TestAPage:
    async def test_the_start_page_leads_into_every_journey(self, guest: PlainBrowser) -> None:
        await guest.open("/h/")
        ways = {
            link.get("href"): link.text for link in guest.page.one("ul", class_="ways").all("a")
        }
        assert ways == {
            "/h/entry": "Buy or sell a vehicle",
            "/h/buying": "Buy a vehicle",
            "/h/selling": "Sell your vehicle",
        }
        await guest.open("/h")
        assert guest.answer.status_code == 200

    async def test_no_script_may_run_and_nobody_may_frame_it(self, guest: PlainBrowser) -> None:
        await guest.open("/h/buying")
        policy = guest.answer.headers["content-security-policy"]
        assert "script-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert guest.answer.headers["cache-control"] == "no-store"

    async def test_who_may_frame_it_is_asked_for_each_request(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        before = api.state.frame_ancestors
        api.state.frame_ancestors = lambda request: [f"https://{request.query_params['host']}"]
        await guest.open("/h/?host=acme.example")
        api.state.frame_ancestors = before
        policy = guest.answer.headers["content-security-policy"]
        assert "frame-ancestors https://acme.example" in policy

    async def test_its_files_are_kept_for_ever_and_there(self, guest: PlainBrowser) -> None:
        await guest.open("/h/")
        for link in guest.page.one("head").all("link", rel="stylesheet"):
            answer = await guest.client.get(link.get("href"))
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/css")
            assert "immutable" in answer.headers["cache-control"]
        old = await guest.client.get("/h/-/files/000000000000/plain.css")
        assert old.headers["cache-control"] == "public, max-age=60"
        assert (await guest.client.get("/h/-/files/0/settings.py")).status_code == 404

    async def test_progress_says_where_one_is(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        bar = guest.page.one("progress")
        assert (bar.get("value"), bar.get("max")) == ("1", "5")
        assert bar.get("aria-label") == "Step 2 of about 5"

    async def test_it_speaks_german_at_its_german_address(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        link = guest.page.one("a", hreflang="de")
        await guest.follow(link)
        assert guest.page.one("html").get("lang") == "de"
        assert guest.page.one("h1").text == "Was suchen Sie?"
        await guest.press("submit", {})
        assert guest.title.startswith("Fehler: ")
        assert guest.answer.url.path == "/de/h/buying/vehicle_search"
        await guest.press("submit", {"price_max": "60.000"})
        assert guest.answer.url.path == "/de/h/buying/search_results"
        assert "60.000" in guest.page.one("ul", class_="tags").text


class TestWhatIsTyped:
    async def test_faults_stand_beside_their_fields_and_above(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False})
        await guest.press("submit", VEHICLE | {"mileage_km": "many", "asking_price": ""})
        assert guest.answer.status_code == 400
        assert guest.title.startswith("Error: ")
        assert set(guest.errors) == {"mileage_km", "asking_price"}
        summary = guest.page.one("div", id="error-summary")
        assert summary.has("autofocus")
        for name in guest.errors:
            control = guest.page.one("input", id=f"field-{name}")
            assert control.get("aria-invalid") == "true"
            error = guest.page.one("p", id=f"field-{name}-error")
            assert error.get("id") in control.get("aria-describedby").split()
            assert guest.errors[name].endswith(error.text.removeprefix("Error: "))

    async def test_it_stays_when_it_is_refused(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False})
        await guest.press("submit", VEHICLE | {"mileage_km": "many"})
        kept = guest.values()
        assert kept["mileage_km"] == "many"
        assert kept["make"] == "Ford"
        assert kept["condition"] == "good"
        assert kept["description"] == "One owner.\r\nAll papers."
        await guest.press("submit", kept | {"mileage_km": "85,000"})
        assert guest.step == "dealer_network"

    async def test_what_was_emptied_stays_empty(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False}, VEHICLE)
        await guest.open("/h/selling/sale_vehicle")
        assert guest.values()["description"] == "One owner.\r\nAll papers."
        await guest.press("submit", VEHICLE | {"description": "", "mileage_km": ""})
        assert guest.values()["description"] == ""

    async def test_line_breaks_count_once(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False})
        long = "line\r\n" * 200  # 1,000 characters as people count them
        await guest.press("submit", VEHICLE | {"description": long})
        assert guest.step == "dealer_network"

    async def test_markup_is_text(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False})
        evil = '"><script>alert(1)</script>{{ 7 * 7 }}'
        await guest.press("submit", VEHICLE | {"make": evil, "mileage_km": ""})
        assert guest.values()["make"] == evil

    async def test_conditional_questions_are_all_there_and_the_server_decides(
        self, guest: PlainBrowser
    ) -> None:
        private = {
            "buyer_name": "Kim",
            "buyer_email": "kim@example.com",
            "agreed_price": "12,000",
        }
        answers = ({"has_buyer": True}, VEHICLE, {"buyer_type": "private"}, private)
        await guest.walk("selling", *answers)
        assert "only after certain answers" in guest.page.text
        assert "(only if it applies)" in guest.page.text
        await guest.press("submit", {"needs_financing": True})
        assert set(guest.errors) == {"applicant", "amount"}
        await guest.press("submit", {"needs_financing": True, "applicant": "me", "amount": "500"})
        assert {"credit_consent", "birth_date", "street"} <= set(guest.errors)
        await guest.press("submit", {"needs_financing": False, "amount": "900"})
        assert guest.step == "selling_confirmation"

    async def test_credit_data_is_masked_and_may_stay(self, guest: PlainBrowser) -> None:
        consent = {"consent": True, "birth_date": "1985-04-12", "street": "5 Elm", "city": "Austin"}
        await guest.walk("selling", {"has_buyer": False}, VEHICLE)
        dealer = guest.page.one("input", name="dealer_ids").get("value")
        await guest.press("submit", {"dealer_ids": [dealer]})
        await guest.press("submit", consent)
        await guest.open("/h/selling/credit_consent")
        held = guest.values()
        assert (held["birth_date"], held["street"]) == ("•••", "•••")
        await guest.press("submit", held)
        assert guest.step == "dealer_confirmation"
        assert "Elm" not in guest.answer.text

    async def test_a_ranking_needs_no_dragging(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": False})
        answers = {
            "usage": "family",
            "passengers": "5",
            "annual_distance_km": "15,000",
            "budget_max": "40,000",
            "fuel_preference": "any",
        }
        twice = answers | {"priorities": ["safety", "safety"]}
        await guest.press("submit", twice)
        assert "priorities" in guest.errors
        await guest.press("submit", answers | {"priorities": ["space", "", "safety"]})
        assert guest.step == "carin_results"
        await guest.open("/h/buying/carin_questions")
        chosen = [
            option.get("value")
            for control in guest.page.all("select", name="priorities")
            for option in control.all("option")
            if option.has("selected")
        ]
        assert chosen == ["space", "safety"]


class TestFindingOnesWay:
    async def test_back_and_the_links_of_the_summary_keep_every_answer(
        self, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"make": "Toyota"})
        await guest.press("back")
        assert guest.step == "vehicle_search"
        assert guest.values()["make"] == "Toyota"
        await guest.press("submit", guest.values())
        vehicle = guest.page.one("input", name="vehicle_id").get("value")
        await guest.press("submit", {"vehicle_id": vehicle})
        await guest.press("submit", {"confirmed": True})
        change = guest.page.all("a", data_goto="vehicle_search")
        await guest.follow(change[0])
        assert guest.step == "vehicle_search"

    async def test_a_step_not_reached_leads_to_where_one_stands(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        for step in ("buying_confirmation", "no_such_step", "carin_results"):
            await guest.open(f"/h/buying/{step}")
            assert guest.answer.url.path == "/h/buying/vehicle_search"

    async def test_coming_back_shows_the_same_step(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await guest.open("/h/buying")
        assert guest.step == "vehicle_search"

    async def test_a_link_goes_on_in_another_browser_once(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await guest.press("save", {"make": "Toyota"})
        assert guest.values()["make"] == "Toyota"
        address = guest.page.one("input", id="resume-address").get("value")
        assert address.startswith(f"{ORIGIN}/h/-/resume/")
        async with client_of(api) as client:
            other = await PlainBrowser(client).open(address)
            assert other.page.one("h1").text == "Welcome"
            await other.press_only()
            assert other.step == "vehicle_search"
            await other.open(address)
            assert other.page.one("h1").text == "This link no longer works"
        await guest.open("/h/buying/vehicle_search")
        assert guest.step == "vehicle_knowledge"  # it went with the link; here begins another

    async def test_starting_over_is_asked_back(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await guest.open("/h/buying/-/start-over")
        assert guest.page.one("h1").text == "Start over with nothing filled in?"
        await guest.open("/h/buying")
        assert guest.step == "vehicle_search"
        await guest.open("/h/buying/-/start-over")
        await guest.press_only()
        assert guest.step == "vehicle_knowledge"
        assert "checked" not in guest.answer.text

    async def test_an_ending_stays_until_something_new_begins(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"make": "Toyota"})
        vehicle = guest.page.one("input", name="vehicle_id").get("value")
        await guest.press("submit", {"vehicle_id": vehicle})
        await guest.press("submit", {"confirmed": True})
        await guest.press("submit", CONTACT)
        reference = guest.page.one("strong").get("data-reference")
        assert reference
        await guest.open(guest.answer.url.path)
        assert guest.page.one("strong").get("data-reference") == reference
        await guest.open("/h/buying")
        assert guest.step == "vehicle_knowledge"


class TestVehicles:
    async def test_a_listing_has_pages_orders_and_parts(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"price_max": "60,000"})
        first = [one.get("value") for one in guest.page.all("input", name="vehicle_id")]
        await guest.follow(guest.page.one("a", rel="next"))
        second = [one.get("value") for one in guest.page.all("input", name="vehicle_id")]
        assert first
        assert set(first).isdisjoint(second)
        assert guest.page.one("a", aria_current="page").text == "2"
        await guest.open("/h/buying/search_results?sort=price_asc&body_type=suv")
        prices = [one.text for one in guest.page.all("span", class_="price")]
        amounts = [int(re.sub(r"\D", "", text.split()[0])) for text in prices]
        assert amounts == sorted(amounts)
        assert "SUV" in guest.page.one("ul", aria_label="What you asked for").text
        chosen = guest.page.one("select", id="facet-body_type").all("option", selected="")
        assert [option.get("value") for option in chosen] == ["suv"]
        following = guest.page.one("a", rel="next").get("href")
        assert "sort=price_asc" in following
        assert "body_type=suv" in following

    async def test_a_chosen_vehicle_of_a_later_page_stays_on_display(
        self, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"price_max": "60,000"})
        await guest.open("/h/buying/search_results?sort=price_asc&page=2")
        offered = [one.get("value") for one in guest.page.all("input", name="vehicle_id")]
        await guest.press("save", {"vehicle_id": offered[3]})
        assert guest.values()["vehicle_id"] == offered[3]
        await guest.press("submit", {})
        assert guest.answer.status_code == 400
        assert [one.get("value") for one in guest.page.all("input", name="vehicle_id")] == offered
        await guest.press("submit", {"vehicle_id": offered[3]})
        assert guest.step == "vehicle_selection"
        assert not guest.answer.url.query

    async def test_what_was_asked_of_one_listing_is_not_asked_of_another(
        self, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"price_max": "60,000"})
        await guest.open("/h/buying/search_results?page=2")
        late = guest.filled("submit", {})
        await guest.press("back")
        await guest.press("submit", {"make": "Toyota"})
        await guest.post("/h/buying/vehicle_search?page=2", late)
        assert guest.page.one("a", aria_current="page").text == "1"

    @pytest.mark.parametrize(
        "query", ["page=0", "page=x", "page=99999", "sort=upside_down", "fuel_type=hay", "page=²"]
    )
    async def test_an_address_that_means_nothing_breaks_nothing(
        self, guest: PlainBrowser, query: str
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"price_max": "60,000"})
        await guest.open(f"/h/buying/search_results?{query}")
        assert guest.answer.status_code == 200
        assert guest.step == "search_results"

    async def test_a_vin_is_looked_up_by_a_button(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": False})
        typed = {"vin": VIN, "mileage_km": "85,000", "model": "My own"}
        await guest.press("decode", typed)
        assert "Honda" in guest.page.one("p", class_="told").text
        kept = guest.values()
        assert kept["make"] == "Honda"
        assert kept["model"] == "My own"
        assert kept["mileage_km"] == "85000"
        await guest.press("decode", {"vin": VIN[:-1]})
        assert "17 characters" in guest.errors["vin"]
        await guest.press("decode", {"vin": ""})
        assert "Type the number first" in guest.errors["vin"]
