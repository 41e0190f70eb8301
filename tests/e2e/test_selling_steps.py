"""What each screen of selling does while a person fills it in."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.test_screens import check_screen
from tests.e2e.walks import (
    CONTACT,
    CREDIT,
    VEHICLE,
    WALKS,
    answer,
    begin,
    control,
    fill,
    send,
    shows,
    step_of,
)

SUMMARY = "#error-summary"
HONDA = "1HGCM82633A004352"
MISTYPED = "1HGCM82633A004353"
SALES = [name for name in WALKS if name.startswith("selling")]
FINANCED = WALKS["selling to a private buyer"].answers
OFFERED = WALKS["selling to the network, then buying"].answers
PLACE_NOBODY_KNOWS = "00000"


def walk_to(page: Page, wanted: str, answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Answer step after step until the wanted one is on display."""
    step = begin(page, "selling")
    while step != wanted:
        answer(page, answers[step])
        expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
        step = step_of(page)
    shows(page, wanted)


def error_of(page: Page, name: str) -> Locator:
    """What is said to be wrong with a field."""
    return page.locator(f'[data-error-for="{name}"]')


def is_reachable(page: Page, name: str) -> bool:
    """Whether the keyboard reaches a control of the field."""
    return bool(control(page, name).first.evaluate("e => e.checkVisibility() && !e.disabled"))


@pytest.mark.parametrize("name", SALES)
def test_each_screen_is_sound_with_answers_missing_and_with_answers_given(
    page: Page, name: str
) -> None:
    walk = WALKS[name]
    step = begin(page, walk.journey)
    while step not in {walk.end, "vehicle_knowledge"}:  # there the journey of buying begins
        send(page)
        expect(page.locator(SUMMARY)).to_be_focused()
        check_errors(page)
        check_screen(page)
        for field, value in walk.answers[step].items():
            fill(page, field, value)
        check_screen(page)
        send(page)
        expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
        step = step_of(page)


def check_errors(page: Page) -> None:
    """Each error belongs to a control or a group that names it."""
    for error in page.locator("[data-error-for]").all():
        field = error.get_attribute("data-error-for")
        described = page.locator(f'#field-{field}[aria-describedby~="field-{field}-error"]')
        expect(described).to_have_count(1)


class TestHasBuyer:
    def test_is_answered_by_the_keyboard_alone(self, page: Page) -> None:
        begin(page, "selling")
        first = page.get_by_role("radio", name="Yes, there is a buyer")
        first.focus()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("radio", name="No, find me offers")).to_be_checked()
        page.keyboard.press("Enter")
        shows(page, "sale_vehicle")

    def test_asks_again_where_nothing_is_chosen(self, page: Page) -> None:
        begin(page, "selling")
        send(page)
        expect(error_of(page, "has_buyer")).to_be_visible()
        page.locator(SUMMARY).get_by_role("link").click()
        expect(page.locator("#field-has_buyer input").first).to_be_focused()


class TestSaleVehicle:
    @pytest.fixture(autouse=True)
    def at_the_step(self, page: Page) -> None:
        walk_to(page, "sale_vehicle", OFFERED)

    def test_reads_the_vin_when_one_leaves_the_field(self, page: Page) -> None:
        make = control(page, "make")
        before = make.bounding_box()
        fill(page, "vin", HONDA)
        page.keyboard.press("Tab")
        expect(page.get_by_role("status").filter(has_text="2003 Honda Accord")).to_be_visible()
        expect(make).to_have_value("Honda")
        expect(control(page, "model")).to_have_value("Accord")
        expect(control(page, "year")).to_have_value("2003")
        assert make.bounding_box() == before, "what was found must not move the page"

    def test_leaves_alone_what_the_person_has_typed(self, page: Page) -> None:
        fill(page, "model", "Accord Coupé")
        fill(page, "vin", HONDA)
        page.keyboard.press("Tab")
        expect(control(page, "make")).to_have_value("Honda")
        expect(control(page, "model")).to_have_value("Accord Coupé")

    def test_says_beside_the_field_what_is_wrong_with_a_vin(self, page: Page) -> None:
        fill(page, "vin", MISTYPED)
        page.keyboard.press("Tab")
        expect(error_of(page, "vin")).to_contain_text("ninth character")
        expect(control(page, "vin")).to_have_attribute("aria-invalid", "true")
        expect(page.get_by_role("status").filter(has_text="ninth character")).to_have_count(1)
        fill(page, "vin", HONDA)
        page.keyboard.press("Tab")
        expect(error_of(page, "vin")).to_have_count(0)
        expect(control(page, "make")).to_have_value("Honda")

    def test_asks_nothing_of_an_empty_vin(self, page: Page) -> None:
        fill(page, "vin", MISTYPED)
        page.keyboard.press("Tab")
        expect(error_of(page, "vin")).to_be_visible()
        fill(page, "vin", "")
        page.keyboard.press("Tab")
        expect(error_of(page, "vin")).to_have_count(0)
        expect(page.get_by_text("appears here when you leave the field")).to_be_visible()

    def test_takes_a_vehicle_by_its_names(self, page: Page) -> None:
        page.get_by_role("combobox", name="Make").press_sequentially("Toy")
        page.get_by_role("option", name="Toyota").click()
        expect(control(page, "make")).to_have_value("Toyota")
        by_name = {"model": "RAV4", "year": "2019"}
        answer(page, by_name | {name: VEHICLE[name] for name in VEHICLE if name != "vin"})
        shows(page, "dealer_network")

    def test_wants_the_vin_or_the_names(self, page: Page) -> None:
        send(page)
        expect(error_of(page, "make")).to_have_text("Give the VIN, or else make, model and year.")
        expect(error_of(page, "vin")).to_have_count(0)

    def test_says_what_each_condition_means(self, page: Page) -> None:
        expect(page.get_by_role("radio", name="Good, normal wear A few small")).to_be_visible()

    def test_claims_nothing_of_accidents_where_nothing_was_said(self, page: Page) -> None:
        answer(page, VEHICLE)
        shows(page, "dealer_network")
        page.go_back()
        shows(page, "sale_vehicle")
        expect(page.locator('[name="is_accident_free"]:checked')).to_have_count(0)


class TestFinancingNeeds:
    @pytest.fixture(autouse=True)
    def at_the_step(self, page: Page) -> None:
        walk_to(page, "financing_needs", FINANCED)

    def test_asks_no_more_than_it_needs(self, page: Page) -> None:
        assert not is_reachable(page, "amount")
        fill(page, "needs_financing", "true")
        assert is_reachable(page, "amount")
        assert not is_reachable(page, "birth_date")
        fill(page, "applicant", "me")
        assert is_reachable(page, "birth_date")
        assert is_reachable(page, "credit_consent")
        fill(page, "applicant", "buyer")
        assert not is_reachable(page, "credit_consent")
        expect(page.get_by_text("we ask the buyer by e-mail. You go on")).to_be_visible()

    def test_sends_nothing_of_what_is_hidden_again(self, page: Page) -> None:
        fill(page, "needs_financing", "true")
        fill(page, "amount", "999999")  # more than the price, were it sent
        fill(page, "needs_financing", "false")
        send(page)
        shows(page, "selling_confirmation")
        expect(page.locator("[data-decision]")).to_have_count(0)

    def test_wants_a_consent_of_one_s_own(self, page: Page) -> None:
        answer(page, {"needs_financing": "true", "applicant": "me", "amount": "8000", **CREDIT})
        expect(error_of(page, "credit_consent")).to_be_visible()
        expect(error_of(page, "income_band")).to_be_visible()
        expect(control(page, "amount")).to_have_value("8000")

    def test_keeps_to_the_agreed_price(self, page: Page) -> None:
        answer(page, {"needs_financing": "true", "applicant": "buyer", "amount": "20,000"})
        expect(error_of(page, "amount")).to_contain_text("higher than the agreed price")


class TestSellingConfirmation:
    def test_shows_the_decision_when_it_is_there_and_keeps_what_is_typed(self, page: Page) -> None:
        walk_to(page, "selling_confirmation", FINANCED)
        fill(page, "first_name", "Robin")
        expect(page.locator('[data-decision="approved"]')).to_be_visible(timeout=20_000)
        expect(page.get_by_role("status").filter(has_text="The credit is approved")).to_be_visible()
        expect(control(page, "first_name")).to_have_value("Robin")

    def test_leads_back_from_each_answer_to_its_step(self, page: Page) -> None:
        walk_to(page, "selling_confirmation", FINANCED)
        page.get_by_role("button", name="Change Agreed price").click()
        shows(page, "private_buyer")
        answer(page, {"agreed_price": "11,500"})
        shows(page, "financing_needs")
        expect(page.get_by_text("•••").first).to_be_visible()  # the credit was asked for: to read
        page.get_by_role("button", name="Go on").click()
        shows(page, "selling_confirmation")
        expect(page.get_by_text("$11,500")).to_be_visible()


class TestDealerNetwork:
    @pytest.fixture(autouse=True)
    def at_the_step(self, page: Page) -> None:
        walk_to(page, "dealer_network", OFFERED)

    def test_shows_the_same_choice_on_the_map_and_in_the_list(self, page: Page) -> None:
        pins = page.locator("[data-stands-for]")
        boxes = control(page, "dealer_ids")
        assert pins.count() == boxes.count() == 10
        pins.nth(2).click()
        expect(boxes.nth(2)).to_be_checked()
        boxes.nth(4).check()
        expect(page.locator("[data-stands-for][data-chosen]")).to_have_count(2)
        pins.nth(2).click()
        expect(boxes.nth(2)).not_to_be_checked()
        expect(page.get_by_text("1 of 5 chosen")).to_be_visible()

    def test_stops_at_five(self, page: Page) -> None:
        boxes = control(page, "dealer_ids")
        for place in range(5):
            boxes.nth(place).check()
        expect(page.get_by_text("Take one out to choose another")).to_be_visible()
        expect(boxes.nth(5)).to_be_disabled()
        boxes.nth(0).uncheck()
        expect(boxes.nth(5)).to_be_enabled()

    def test_needs_no_map(self, page: Page) -> None:
        expect(page.locator("figure svg")).to_have_attribute("aria-hidden", "true")
        page.get_by_role("checkbox", name="Hill Country Cars Austin, TX").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        shows(page, "credit_consent")

    def test_wants_at_least_one(self, page: Page) -> None:
        send(page)
        expect(error_of(page, "dealer_ids")).to_have_text("Choose at least one dealer.")

    def test_lists_dealers_without_a_map_where_nobody_knows_the_place(self, page: Page) -> None:
        page.go_back()
        shows(page, "sale_vehicle")
        answer(page, {"postal_code": PLACE_NOBODY_KNOWS})
        shows(page, "dealer_network")
        expect(page.get_by_text("We do not know where this postal code is")).to_be_visible()
        expect(page.locator("figure")).to_have_count(0)
        expect(control(page, "dealer_ids")).to_have_count(10)


class TestCreditConsent:
    @pytest.fixture(autouse=True)
    def at_the_step(self, page: Page) -> None:
        walk_to(page, "credit_consent", OFFERED)

    def test_says_before_it_asks_what_becomes_of_it(self, page: Page) -> None:
        for said in ("What is checked", "Who sees it", "Your credit score", "If you say no"):
            expect(page.get_by_role("term").filter(has_text=said)).to_be_visible()

    def test_takes_a_no_without_asking_anything(self, page: Page) -> None:
        fill(page, "consent", "false")
        assert not is_reachable(page, "birth_date")
        send(page)
        shows(page, "dealer_confirmation")

    def test_asks_who_one_is_only_after_a_yes(self, page: Page) -> None:
        answer(page, {"consent": "true"})
        for name in CREDIT:
            expect(error_of(page, name)).to_be_visible()


class TestEndings:
    def test_give_a_reference_to_take_along(self, page: Page, context: BrowserContext) -> None:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        dealer = WALKS["selling to a dealer"]
        walk_to(page, "replacement_check", dealer.answers)
        answer(page, dealer.answers["replacement_check"])
        shows(page, "dealer_complete")
        reference = page.locator("[data-reference]").inner_text()
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_role("status").filter(has_text="was copied")).to_have_count(1)
        assert page.evaluate("navigator.clipboard.readText()") == reference

    def test_lead_to_a_new_beginning(self, page: Page) -> None:
        walk_to(page, "dealer_confirmation", OFFERED)
        answer(page, CONTACT)
        shows(page, "replacement_check")
        answer(page, {"wants_replacement": "false"})
        shows(page, "selling_complete")
        expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
        page.get_by_role("link", name="Start something new").click()
        shows(page, "intent_selection")
