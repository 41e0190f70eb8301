"""Forms that come twice, too late, from elsewhere or not at all: what a person is told."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.installation import TestSettings
from tests.integration.conftest import ORIGIN, client_of
from tests.integration.plain_browser import VEHICLE, PlainBrowser
from tests.integration.walker import CONTACT
from tests.integration.world import World
from trex_app.api.application import create_api
from trex_app.api.rate_limit import RateLimits
from trex_app.core.visitor import COOKIE_NAME

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


class TestTwice:
    async def test_a_form_sent_twice_counts_once(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True}, {"make": "Toyota"})
        vehicle = guest.page.one("input", name="vehicle_id").get("value")
        await guest.press("submit", {"vehicle_id": vehicle})
        await guest.press("submit", {"confirmed": True})
        path, form = guest.form().get("action"), guest.filled("submit", CONTACT)
        await guest.post(path, form)
        reference = guest.page.one("strong").get("data-reference")
        await guest.post(path, form)
        assert guest.answer.status_code == 200
        assert guest.page.one("strong").get("data-reference") == reference

    async def test_a_form_kept_by_the_browser_comes_too_late_and_is_not_lost(
        self, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        path, changed = guest.form().get("action"), guest.filled("submit", {"make": "Honda"})
        await guest.press("submit", {"make": "Toyota"})
        assert guest.step == "search_results"
        await guest.post(path, changed)
        assert guest.answer.status_code == 409
        assert guest.step == "search_results"
        assert "moved on" in guest.page.one("div", id="step-notice").text
        await guest.press_only()
        assert guest.step == "vehicle_search"
        assert guest.values()["make"] == "Honda"
        await guest.press("submit", guest.values())
        assert "Honda" in guest.page.one("ul", aria_label="What you asked for").text

    async def test_a_tab_that_lags_behind_keeps_its_draft(self, guest: PlainBrowser) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        path, late = guest.form().get("action"), guest.filled("submit", {"make": "Honda"})
        await guest.press("save", {})
        await guest.post(path, late)
        assert guest.answer.status_code == 409
        assert guest.step == "vehicle_search"
        assert guest.values()["make"] == "Honda"
        await guest.press("submit", guest.values())
        assert guest.step == "search_results"

    async def test_what_was_sent_cannot_change(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": True}, VEHICLE, {"buyer_type": "dealer"})
        dealer = {"dealer_name": "Bay", "dealer_email": "bay@example.com", "offer": "11,000"}
        await guest.press("submit", CONTACT | dealer)
        own = [pair for pair in guest.filled() if pair[0].startswith("trex.")]
        await guest.open("/h/selling/sale_vehicle")
        stamp = [("trex.revision", str(int(dict(own)["trex.revision"]) + 1))]
        late = [pair for pair in own if pair[0] not in {"trex.revision", "trex.action"}] + stamp
        changed = [*late, *(VEHICLE | {"mileage_km": "1"}).items()]
        await guest.post("/h/selling/sale_vehicle", changed)
        assert guest.answer.status_code == 409
        notice = guest.page.one("div", id="step-notice")
        assert "already been sent" in notice.text
        await guest.follow(notice.one("a"))
        assert guest.step == "replacement_check"

    async def test_what_was_sent_is_shown_to_read_and_leads_on(self, guest: PlainBrowser) -> None:
        await guest.walk("selling", {"has_buyer": True}, VEHICLE, {"buyer_type": "dealer"})
        dealer = {"dealer_name": "Bay", "dealer_email": "bay@example.com", "offer": "11,000"}
        await guest.press("submit", CONTACT | dealer)
        await guest.open("/h/selling/sale_vehicle")
        assert "already been sent" in guest.page.one("div", class_="alert info").text
        assert "Ford" in guest.page.one("dl").text
        controls = guest.page.all("input", "select", "textarea")
        assert {control.get("type") for control in controls} == {"hidden"}
        assert not guest.page.all("button", value="submit")
        passed: list[str] = []
        while guest.step != "replacement_check":
            passed.append(guest.step)
            await guest.follow(guest.page.one("a", data_action="go-on"))
        assert passed == ["sale_vehicle", "buyer_type", "dealer_information"]
        await guest.press("submit", {"wants_replacement": False})
        await guest.press("back", {})
        assert guest.step == "replacement_check"
        assert "This journey is complete" in guest.page.one("div", class_="alert info").text
        await guest.follow(guest.page.one("a", data_action="go-on"))
        assert guest.page.one("strong").get("data-reference")


class TestTwoTabs:
    @pytest_asyncio.fixture(loop_scope="module")
    async def second(self, guest: PlainBrowser) -> PlainBrowser:
        """Another tab of the same browser."""
        return PlainBrowser(guest.client)

    @pytest.mark.parametrize(
        "late", [("save", {"make": "Toyota"}), ("submit", {"year_min": "2020", "year_max": "2010"})]
    )
    async def test_no_button_makes_a_late_answer_count_in_silence(
        self, guest: PlainBrowser, second: PlainBrowser, late: tuple[str, dict[str, str]]
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await second.open("/h/buying/vehicle_search")
        await second.press("submit", {"make": "Honda"})
        await second.press("back")
        button, typed = late
        await guest.press(button, typed)
        assert guest.answer.status_code == 409
        assert "moved on" in guest.page.one("div", id="step-notice").text
        assert guest.values().items() >= typed.items()
        assert bool(guest.page.all("input", id="resume-address")) is (button == "save")

    async def test_saving_a_step_that_was_answered_elsewhere_keeps_what_was_typed(
        self, guest: PlainBrowser, second: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await second.open("/h/buying/vehicle_search")
        await second.press("submit", {"make": "Honda"})
        await guest.press("save", {"make": "Toyota"})
        assert (guest.answer.status_code, guest.step) == (409, "search_results")
        assert guest.page.one("input", id="resume-address").get("value")
        await guest.press_only()
        assert (guest.step, guest.values()["make"]) == ("vehicle_search", "Toyota")

    async def test_looking_up_a_number_makes_no_late_form_count(
        self, guest: PlainBrowser, second: PlainBrowser
    ) -> None:
        await guest.walk("selling", {"has_buyer": True})
        await second.open("/h/selling/sale_vehicle")
        await second.press("submit", VEHICLE)
        await second.press("back")
        await guest.press("decode", VEHICLE | {"vin": VIN})
        assert guest.answer.status_code == 409
        assert guest.values()["vin"] == VIN

    async def test_what_was_typed_is_not_shown_again_over_a_later_answer(
        self, guest: PlainBrowser, second: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        await second.open("/h/buying/vehicle_search")
        await second.press("submit", {"make": "Honda"})
        await guest.press("submit", {"make": "Toyota"})
        await second.press("back")
        await second.press("submit", {"make": "Ford"})
        await guest.press_only()
        assert (guest.answer.status_code, guest.step) == (409, "search_results")
        await guest.press_only()
        assert (guest.answer.status_code, guest.values()["make"]) == (200, "Toyota")


class TestWhoMaySend:
    async def test_a_form_needs_the_token_of_its_own_browser(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        await guest.open("/h/buying")
        async with client_of(api) as client:
            other = await PlainBrowser(client).open("/h/buying")
            stolen = other.filled("submit", {"knows_vehicle": True})
        await guest.post("/h/buying/vehicle_knowledge", stolen)
        assert guest.answer.status_code == 403
        assert guest.page.one("h1").text == "This form could not be taken"
        await guest.follow(guest.page.one("main").one("a"))
        assert guest.step == "vehicle_knowledge"

    @pytest.mark.parametrize("origin", ["https://evil.example", "null"])
    async def test_a_page_of_another_site_sends_nothing(
        self, guest: PlainBrowser, origin: str
    ) -> None:
        await guest.open("/h/buying")
        form = guest.filled("submit", {"knows_vehicle": True})
        await guest.post("/h/buying/vehicle_knowledge", form, origin=origin)
        assert guest.answer.status_code == 403
        await guest.open("/h/buying")
        assert guest.step == "vehicle_knowledge"

    async def test_a_session_of_somebody_else_opens_nothing(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        async with client_of(api) as client:
            other = await PlainBrowser(client).open("/h/buying")
            theirs = dict(other.filled())["trex.session"]
        await guest.open("/h/buying")
        form = guest.filled("submit", {"knows_vehicle": True})
        forged = [(n, theirs if n == "trex.session" else value) for n, value in form]
        await guest.post("/h/buying/vehicle_knowledge", forged)
        assert guest.answer.status_code == 403
        assert guest.page.one("h1").text == "This journey cannot be opened here"
        await guest.press_only()
        assert guest.step == "vehicle_knowledge"

    async def test_a_browser_without_cookies_is_told(self, api: FastAPI) -> None:
        async with client_of(api) as client:
            asked = await client.get("/h/buying")
            assert asked.status_code == 303
            client.cookies.clear()
            answer = await client.get(asked.headers["location"])
            assert answer.status_code == 403
            assert "needs a cookie" in answer.text

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("trex.session", "x"),
            ("trex.revision", "-1"),
            ("trex.revision", ""),
            ("trex.revision", "²"),
            ("trex.key", "short"),
            ("trex.action", "destroy"),
        ],
    )
    async def test_a_form_that_is_not_ours_is_refused(
        self, guest: PlainBrowser, name: str, value: str
    ) -> None:
        await guest.open("/h/buying")
        form = guest.filled("submit", {"knows_vehicle": True})
        await guest.post(
            "/h/buying/vehicle_knowledge", [(n, value if n == name else v) for n, v in form]
        )
        assert guest.answer.status_code == 400
        assert guest.page.one("h1").text == "This form could not be taken"

    @pytest.mark.parametrize(
        ("body", "media_type"),
        [
            (b"{}", "application/json"),
            (b"a=%ff", "application/x-www-form-urlencoded"),
            (b"\xff", "application/x-www-form-urlencoded"),
            (b"a=1&" * 500, "application/x-www-form-urlencoded"),
        ],
    )
    async def test_what_is_no_form_is_refused(
        self, guest: PlainBrowser, body: bytes, media_type: str
    ) -> None:
        await guest.open("/h/buying")
        headers = {"content-type": media_type, "origin": ORIGIN}
        answer = await guest.client.post(
            "/h/buying/vehicle_knowledge", content=body, headers=headers
        )
        assert answer.status_code == 400
        assert "text/html" in answer.headers["content-type"]

    async def test_a_form_that_is_too_long_is_refused_in_words(self, guest: PlainBrowser) -> None:
        await guest.open("/h/buying")
        await guest.post("/h/buying/vehicle_knowledge", [("a", "x" * 70_000)])
        assert guest.answer.status_code == 413
        assert "64 KiB" in guest.page.text


class TestTrouble:
    @pytest.mark.parametrize(
        "path", ["/h/nothing", "/h/a-b", "/h/buying/-/nowhere", "/h/x/y/z", "/de/h/nothing"]
    )
    async def test_what_does_not_exist_is_said(self, guest: PlainBrowser, path: str) -> None:
        await guest.open(path)
        assert guest.answer.status_code == 404
        assert guest.page.one("main").one("a").get("href") in {"/h", "/de/h"}

    async def test_a_journey_left_for_too_long_can_begin_anew_with_its_answers(
        self, world: World, world_guest: PlainBrowser
    ) -> None:
        guest = await world_guest.walk("buying", {"knows_vehicle": True}, {"make": "Toyota"})
        form, path = guest.filled("back"), guest.form().get("action")
        world.clock.now += timedelta(days=8)
        await guest.post(path, form)
        assert guest.answer.status_code == 410
        await guest.open("/h/buying")
        assert guest.answer.status_code == 410
        assert guest.page.one("h1").text == "This journey has expired"
        await guest.press_only()
        assert guest.answer.status_code == 200
        await guest.open("/h/buying/vehicle_search")
        assert guest.values()["make"] == "Toyota"

    async def test_saved_results_are_said_to_be_saved(
        self, world: World, world_guest: PlainBrowser
    ) -> None:
        guest = await world_guest.walk("buying", {"knows_vehicle": True})
        world.inventory.is_away = True
        try:
            await guest.press("submit", {"make": "Toyota"})
        finally:
            world.inventory.is_away = False
        assert guest.step == "search_results"
        assert "saved results" in guest.page.text
        assert guest.page.all("input", name="vehicle_id")

    async def test_a_saved_page_of_live_results_is_said_to_be_saved(
        self, world: World, world_guest: PlainBrowser
    ) -> None:
        guest = await world_guest.walk("buying", {"knows_vehicle": True}, {"price_max": "60,000"})
        assert "saved results" not in guest.page.text
        world.inventory.is_away = True
        try:
            await guest.follow(guest.page.one("a", rel="next"))
        finally:
            world.inventory.is_away = False
        assert "saved results" in guest.page.text
        assert guest.page.one("a", aria_current="page").text == "2"

    async def test_somebody_who_asks_too_often_is_told_in_words(self, world: World) -> None:
        api = create_api(world.container)
        api.state.limits = RateLimits(TestSettings(starts_per_minute=1))
        async with client_of(api) as client:
            guest = await PlainBrowser(client).open("/h/buying")
            assert guest.answer.status_code == 200
            await guest.open("/h/buying/-/start-over")
            await guest.press_only()
            assert guest.answer.status_code == 429
            assert int(guest.answer.headers["retry-after"]) > 0
            assert guest.page.one("h1").text == "This is not available right now"

    async def test_a_failure_of_ours_is_a_page_with_a_number(
        self, guest: PlainBrowser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await guest.open("/h/buying")

        async def broken(*_: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr("trex_app.services.journeys.Journeys.show", broken)
        await guest.open("/h/buying")
        assert guest.answer.status_code == 500
        assert guest.answer.headers["x-correlation-id"] in guest.page.text
        assert "RuntimeError" not in guest.answer.text

    async def test_a_mark_for_a_session_of_another_opens_ones_own(
        self, api: FastAPI, guest: PlainBrowser
    ) -> None:
        await guest.walk("buying", {"knows_vehicle": True})
        async with client_of(api) as client:
            other = await PlainBrowser(client).open("/h/buying")
            theirs = dict(other.filled())["trex.session"]
        visitor = guest.client.cookies[COOKIE_NAME]
        guest.client.cookies.clear()
        marked = {"cookie": f"{COOKIE_NAME}={visitor}; trex_journey_buying={theirs}"}
        answer = await guest.client.get("/h/buying", headers=marked)
        assert answer.headers["location"] == "/h/buying/vehicle_search"
