"""The screens that lead to a vehicle: counting, choosing, comparing, ranking, and the end."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, ViewportSize, expect

from tests.e2e.walks import CONTACT, WALKS, answer, begin, control, fill, move_on, send, shows

DRIVING = WALKS["buying with advice"].answers["carin_questions"]
NARROW = ViewportSize(width=360, height=800)
LINES = """element => {
    const text = document.createRange();
    text.selectNodeContents(element);
    return new Set([...text.getClientRects()].map(line => line.top)).size;
}"""


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; a test fails for it."""
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            heard.append(f"{message.text} ({message.location})")

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def search(page: Page) -> Page:
    """A page that stands at the search."""
    begin(page, "buying")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    return page


@pytest.fixture
def results(search: Page) -> Page:
    """A page that shows what a search found."""
    answer(search, {"make": "Toyota", "postal_code": "94107"})
    shows(search, "search_results")
    return search


@pytest.fixture
def questions(page: Page) -> Page:
    """A page that asks how a person drives."""
    begin(page, "buying")
    answer(page, {"knows_vehicle": "false"})
    shows(page, "carin_questions")
    return page


def submit_button(page: Page) -> Locator:
    return page.locator('form button[type="submit"]')


def sound(page: Page) -> None:
    """Nothing runs over the edge of a phone, and nothing is in anybody's way."""
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


class TestSearch:
    def test_it_counts_before_anything_is_typed(self, search: Page) -> None:
        expect(submit_button(search)).to_have_text("Show 2,400 vehicles")
        expect(search.locator("[data-findings]")).to_contain_text("of 2,400 vehicles")

    def test_it_counts_while_one_types_and_suggests_makes(self, search: Page) -> None:
        make = control(search, "make")
        make.press_sequentially("Toy")
        expect(search.get_by_role("option", name="Toyota")).to_be_visible()
        expect(search.get_by_text("Counted as Toyota.")).to_be_visible()
        make.press("ArrowDown")
        make.press("Enter")
        expect(make).to_have_value("Toyota")
        expect(search.get_by_text("Counted as Toyota.")).to_be_hidden()
        expect(submit_button(search)).not_to_have_text("Show 2,400 vehicles")

    def test_a_choice_brings_what_its_count_says(self, search: Page) -> None:
        suv = search.locator('label:has([name="body_type"][value="suv"])')
        expect(suv).to_contain_text(re.compile(r"\d"))
        count = re.sub(r"\D", "", suv.inner_text())
        suv.click()
        button = re.compile(rf"Show {int(count):,} vehicles")
        expect(submit_button(search)).to_have_text(button)
        send(search)
        shows(search, "search_results")
        expect(search.locator("#listing")).to_contain_text(f"of {int(count):,} vehicles")

    def test_a_choice_can_be_taken_back(self, search: Page) -> None:
        fill(search, "fuel_type", "electric")
        expect(submit_button(search)).not_to_have_text("Show 2,400 vehicles")
        control(search, "fuel_type").first.check()
        expect(submit_button(search)).to_have_text("Show 2,400 vehicles")

    def test_nothing_that_fits_is_said_before_it_is_searched_for(self, search: Page) -> None:
        for name, value in {"make": "Toyota", "price_max": "500", "year_min": "2024"}.items():
            fill(search, name, value)
        expect(submit_button(search)).to_have_text("Show the nearest")
        send(search)
        shows(search, "search_results")
        expect(search.get_by_text("we set aside: highest price")).to_be_visible()
        expect(search.locator("#listing")).to_have_text("No vehicle fits exactly")
        expect(control(search, "vehicle_id")).not_to_have_count(0)
        sound(search)

    def test_the_count_moves_nothing(self, search: Page) -> None:
        search.evaluate(
            "() => new PerformanceObserver((list) => { for (const shift of list.getEntries())"
            " document.body.dataset.shifted = Number(document.body.dataset.shifted ?? 0)"
            " + (shift.hadRecentInput ? 0 : shift.value); }).observe({type: 'layout-shift'})"
        )
        control(search, "price_max").press_sequentially("30000", delay=40)
        expect(submit_button(search)).not_to_have_text("Show 2,400 vehicles")
        fill(search, "make", "Nothing like it")
        expect(submit_button(search)).to_have_text("Show the nearest")
        assert float(search.locator("body").get_attribute("data-shifted") or 0) <= 0.01

    def test_what_was_asked_for_is_counted_again_on_the_way_back(self, results: Page) -> None:
        results.locator('[data-goto="vehicle_search"]').click()
        shows(results, "vehicle_search")
        expect(control(results, "make")).to_have_value("Toyota")
        expect(submit_button(results)).to_have_text(re.compile(r"Show \d{3} vehicles"))


class TestResults:
    def test_a_card_is_chosen_anywhere_on_it(self, results: Page) -> None:
        results.get_by_role("article").nth(1).click(position={"x": 100, "y": 60})
        expect(control(results, "vehicle_id").nth(1)).to_be_checked()
        send(results)
        shows(results, "vehicle_selection")

    def test_a_radio_button_says_which_vehicle_and_what_it_costs(self, results: Page) -> None:
        name = control(results, "vehicle_id").first.get_attribute("aria-label") or ""
        assert re.match(r"Toyota .+, \d{4} · .+, \$[\d,]+", name)

    def test_choosing_none_is_refused_beside_the_cards(self, results: Page) -> None:
        send(results)
        fault = results.locator('[data-error-for="vehicle_id"]')
        expect(fault).to_have_text("Choose a vehicle, or refine your search.")
        expect(results.locator("#error-summary")).to_be_focused()
        sound(results)

    def test_another_order_takes_effect_at_once(self, results: Page) -> None:
        results.get_by_label("Sort by").select_option("price_asc")
        listing = results.get_by_role("article")
        expect(listing.first.get_by_text("Lowest-priced")).to_be_visible()
        prices = [price_of(listing.nth(at)) for at in range(listing.count())]
        assert prices == sorted(prices)

    def test_a_page_is_turned_from_its_top_and_is_still_there_on_the_way_back(
        self, results: Page
    ) -> None:
        headline = results.locator("#listing")
        expect(headline).to_contain_text("1 to 12 of")
        results.get_by_role("button", name="Next page").click()
        expect(headline).to_contain_text("13 to 24 of")
        expect(headline).to_be_focused()
        control(results, "vehicle_id").first.check()
        chosen = control(results, "vehicle_id").first.get_attribute("value")
        send(results)
        shows(results, "vehicle_selection")
        results.go_back()
        shows(results, "search_results")
        expect(headline).to_contain_text("13 to 24 of")
        expect(results.locator(f'[name="vehicle_id"][value="{chosen}"]')).to_be_checked()

    def test_three_are_compared_and_a_fourth_finds_no_room(self, results: Page) -> None:
        compare = results.locator("[data-compare]")
        for at in range(3):
            compare.nth(at).click()
            expect(compare.nth(at)).to_have_attribute("aria-pressed", "true")
        expect(compare.nth(3)).to_be_disabled()
        opener = results.get_by_role("button", name="Compare 3 of 3")
        opener.click()
        dialog = results.get_by_role("dialog", name="Side by side")
        expect(dialog.get_by_role("columnheader")).to_have_count(3)
        expect(dialog.get_by_role("row", name=re.compile("Mileage"))).to_contain_text("km")
        sound(results)
        dialog.get_by_role("button", name=re.compile("Take away")).first.click()
        expect(dialog.get_by_role("columnheader")).to_have_count(2)
        expect(dialog.get_by_role("heading", name="Side by side")).to_be_focused()
        results.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(compare.first).to_have_attribute("aria-pressed", "false")
        expect(compare.nth(3)).to_be_enabled()

    def test_taking_the_last_one_away_leads_back_to_the_list(self, results: Page) -> None:
        results.locator("[data-compare]").first.click()
        results.get_by_role("button", name="Compare 1 of 3").click()
        dialog = results.get_by_role("dialog", name="Side by side")
        take_away = dialog.get_by_role("button", name=re.compile("Take away"))
        expect(take_away).to_be_visible()
        take_away.press("Enter")
        expect(dialog).to_have_count(0)
        expect(results.locator("#listing")).to_be_focused()
        # Nothing of the dialog is left over the page.
        results.locator("[data-compare]").first.click()
        expect(results.get_by_role("button", name="Compare 1 of 3")).to_be_visible()

    def test_what_was_asked_for_stands_above_the_cards(self, results: Page) -> None:
        asked = results.get_by_role("list", name="What you asked for")
        expect(asked.get_by_role("listitem")).to_have_text(["Toyota", "Near 94107"])


class TestQuestions:
    def test_passengers_are_counted_up_and_down(self, questions: Page) -> None:
        passengers = control(questions, "passengers")
        more = questions.get_by_role("button", name="One more")
        more.click()
        expect(passengers).to_have_value("2")
        more.click()
        questions.get_by_role("button", name="One fewer").click()
        expect(passengers).to_have_value("2")
        passengers.press("ArrowUp")
        expect(passengers).to_have_value("3")

    def test_a_slider_and_its_number_follow_each_other(self, questions: Page) -> None:
        distance = control(questions, "annual_distance_km")
        slider = questions.get_by_role("slider", name="Kilometres a year")
        slider.focus()
        slider.press("ArrowRight")
        expect(distance).to_have_value("16,000")
        distance.fill("30000")
        expect(slider).to_have_value("30000")
        expect(slider).to_have_attribute("aria-valuetext", "30,000 km")

    def test_priorities_are_ranked_by_the_keyboard_and_kept(self, questions: Page) -> None:
        answer(questions, DRIVING)
        shows(questions, "carin_results")
        questions.locator('[data-goto="carin_questions"]').click()
        shows(questions, "carin_questions")
        ranked = control(questions, "priorities")
        assert [ranked.nth(at).input_value() for at in range(2)] == ["safety", "space"]

    def test_every_question_left_open_is_named(self, questions: Page) -> None:
        send(questions)
        expect(questions.locator("#error-summary").get_by_role("link")).to_have_count(5)
        for name in ("usage", "passengers", "annual_distance_km", "budget_max", "fuel_preference"):
            expect(questions.locator(f'[data-error-for="{name}"]')).to_be_visible()
        sound(questions)


class TestSuggestions:
    @pytest.fixture
    def suggestions(self, questions: Page) -> Page:
        answer(questions, DRIVING)
        shows(questions, "carin_results")
        return questions

    def test_each_says_how_well_it_fits_and_why(self, suggestions: Page) -> None:
        best = suggestions.get_by_role("article").first
        expect(best.get_by_text("Best match")).to_be_visible()
        expect(best.get_by_role("list", name="Why we suggest it")).to_contain_text("your budget")
        respects = best.get_by_role("term")
        expect(respects).to_contain_text(["Running costs", "Comfort", "Safety"])

    def test_they_come_a_few_at_a_time_the_best_first(self, suggestions: Page) -> None:
        expect(suggestions.get_by_role("article")).to_have_count(4)
        expect(suggestions.locator("#listing")).to_contain_text("The best 12 of")
        suggestions.get_by_role("button", name="Next page").click()
        expect(suggestions.get_by_role("button", name="2", exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        expect(suggestions.get_by_text("Best match", exact=True)).to_have_count(0)


class TestOneVehicle:
    @pytest.fixture
    def vehicle(self, results: Page) -> Page:
        answer(results, {"vehicle_id": 0})
        shows(results, "vehicle_selection")
        return results

    def test_its_views_are_shown_by_the_keyboard(self, vehicle: Page) -> None:
        vehicle.wait_for_load_state("networkidle")  # the tabs come to life after the first paint
        vehicle.get_by_role("tab", name="Side").focus()
        vehicle.keyboard.press("ArrowRight")
        expect(vehicle.get_by_role("tab", name="Front")).to_have_attribute("aria-selected", "true")
        expect(vehicle.get_by_role("tabpanel", name="Front")).to_be_visible()

    def test_its_facts_and_its_price_are_there(self, vehicle: Page) -> None:
        for fact in ("Mileage", "Consumption", "VIN"):
            expect(vehicle.get_by_role("term").filter(has_text=fact)).to_be_visible()
        expect(vehicle.get_by_text(re.compile(r"^\$[\d,]+$"))).to_be_visible()

    def test_no_fact_is_broken_inside_a_word(self, vehicle: Page) -> None:
        vin = vehicle.locator("dt", has_text="VIN").locator("+ dd")
        expect(vin).to_be_visible()
        for width in (360, 768, 1280):
            vehicle.set_viewport_size({"width": width, "height": 900})
            assert vin.evaluate(LINES) == 1, f"The VIN takes more than a line at {width} px"

    def test_interest_has_to_be_said(self, vehicle: Page) -> None:
        send(vehicle)
        fault = vehicle.locator('[data-error-for="confirmed"]')
        expect(fault).to_be_visible()
        described = control(vehicle, "confirmed").get_attribute("aria-describedby") or ""
        assert fault.get_attribute("id") in described.split()
        sound(vehicle)


class TestEnding:
    @pytest.fixture
    def ended(self, page: Page) -> Page:
        walk = WALKS["buying by a search"]
        step = begin(page, walk.journey)
        while step != walk.end:
            step = move_on(page, walk)
        return page

    def test_the_reference_can_be_taken_along(self, ended: Page) -> None:
        ended.context.grant_permissions(["clipboard-read", "clipboard-write"])
        reference = ended.locator("[data-reference]").get_attribute("data-reference")
        ended.get_by_role("button", name="Copy").click()
        assert ended.evaluate("navigator.clipboard.readText()") == reference

    def test_it_says_what_happens_next_and_leads_on(self, ended: Page) -> None:
        expect(ended.get_by_text("The dealer checks that the vehicle")).to_be_visible()
        ended.get_by_role("link", name="Start something new").click()
        shows(ended, "intent_selection")


def test_the_last_look_shows_the_vehicle_and_asks_for_the_contact(results: Page) -> None:
    answer(results, {"vehicle_id": 0})
    shows(results, "vehicle_selection")
    name = results.get_by_role("heading", level=2).first.inner_text()
    answer(results, {"confirmed": True})
    shows(results, "buying_confirmation")
    expect(results.get_by_role("heading", name=name)).to_be_visible()
    send(results)
    expect(results.locator("#error-summary").get_by_role("link")).to_have_count(6)
    sound(results)
    results.get_by_role("button", name=re.compile("Change.*Make")).click()
    shows(results, "vehicle_search")
    for step in ("search_results", "vehicle_selection", "buying_confirmation"):
        send(results)
        shows(results, step)
    answer(results, CONTACT)
    shows(results, "buying_complete")


def price_of(card: Locator) -> int:
    """What the vehicle of a card costs."""
    found = re.search(r"\$([\d,]+)", card.inner_text())
    assert found is not None
    return int(found.group(1).replace(",", ""))
