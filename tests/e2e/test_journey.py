"""What a person does with a journey besides answering it, in a real browser."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.long_ago import caller_of, left_behind
from tests.e2e.walks import CONTACT, WALKS, answer, begin, control, fill, move_on, send, shows

SUMMARY = "#error-summary"


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about; a test fails for it."""
    heard: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "ERR_CONNECTION_REFUSED" not in message.text:
            heard.append(f"{message.text} ({message.location})")

    page.on("console", note)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield heard
    assert heard == []


@pytest.fixture
def search(page: Page) -> Page:
    """A page that stands at the second step."""
    begin(page, "buying")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    return page


def test_the_first_screen_is_in_the_html(base_url: str) -> None:
    html = httpx2.get(f"{base_url}/j/buying").text
    assert 'data-step="vehicle_knowledge"' in html
    assert html.count('name="knows_vehicle"') == 2


def test_what_is_typed_before_the_page_is_alive_is_kept(page: Page, base_url: str) -> None:
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        held.append(route) if is_held else route.continue_()

    page.route("**/assets/*.js", hold)
    page.goto("/j/buying", wait_until="commit")
    control(page, "knows_vehicle").first.check()
    send(page)  # a form that is not alive yet must not go off as a plain request
    assert page.url == f"{base_url}/j/buying"
    is_held = False
    for route in held:
        route.continue_()
    shows(page, "vehicle_search")  # it goes off by itself once the page is alive
    page.go_back()
    shows(page, "vehicle_knowledge")
    expect(control(page, "knows_vehicle").first).to_be_checked()


def test_reload_and_reopen_show_the_same_step(search: Page, context: BrowserContext) -> None:
    search.reload()
    shows(search, "vehicle_search")
    again = context.new_page()
    again.goto("/j/buying")
    shows(again, "vehicle_search")


def test_the_browsers_back_and_forward_go_with_the_steps(search: Page) -> None:
    answer(search, {"make": "Toyota"})
    shows(search, "search_results")
    search.go_back()
    shows(search, "vehicle_search")
    expect(control(search, "make")).to_have_value("Toyota")
    search.go_back()
    shows(search, "vehicle_knowledge")
    search.go_forward()
    shows(search, "vehicle_search")
    search.reload()
    shows(search, "vehicle_search")
    search.go_back()
    shows(search, "vehicle_knowledge")
    expect(control(search, "knows_vehicle").first).to_be_checked()


def test_the_steps_own_back_button_does_the_same(search: Page) -> None:
    search.locator('[data-action="back"]').click()
    shows(search, "vehicle_knowledge")
    expect(search.locator('[data-action="back"]')).to_have_count(0)
    expect(search.get_by_role("heading", level=1)).to_be_focused()


def test_a_double_click_answers_one_step(page: Page) -> None:
    begin(page, "buying")
    fill(page, "knows_vehicle", "true")
    page.locator('form button[type="submit"]').dblclick()
    shows(page, "vehicle_search")
    page.wait_for_load_state("networkidle")
    expect(page.locator(SUMMARY)).to_have_count(0)


def test_a_second_click_that_comes_late_answers_no_other_step(page: Page) -> None:
    begin(page, "buying")
    fill(page, "knows_vehicle", "true")
    send(page)
    page.wait_for_timeout(150)  # a slow double click: by now the next step may stand there
    shows(page, "vehicle_search")
    button = page.locator('form button[type="submit"]')
    button.hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    button.press("Enter")  # a key is no click: the step refuses an empty answer, for the first time
    expect(page.locator(SUMMARY)).to_be_focused()
    expect(page.locator(SUMMARY)).to_have_attribute("data-attempt", "1")


def test_two_tabs_keep_each_others_answers(search: Page, context: BrowserContext) -> None:
    second = context.new_page()
    second.goto("/j/buying")
    shows(second, "vehicle_search")
    answer(second, {"make": "Honda"})
    shows(second, "search_results")
    answer(search, {"make": "Toyota"})
    shows(search, "search_results")
    expect(search.get_by_text("This journey has moved on")).to_be_visible()
    search.locator('[data-goto="vehicle_search"]').click()
    shows(search, "vehicle_search")
    expect(control(search, "make")).to_have_value("Toyota")


def test_a_refused_answer_keeps_its_values_and_takes_the_focus(search: Page) -> None:
    typed = {"make": "Toyota", "year_min": "2022", "year_max": "2018", "price_max": "3"}
    answer(search, typed)
    summary = search.locator(SUMMARY)
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(2)
    for name, value in typed.items():
        expect(control(search, name)).to_have_value(value)
    fault = search.locator('[data-error-for="year_max"]')
    expect(fault).to_contain_text("The last year lies before the first")
    described_by = control(search, "year_max").get_attribute("aria-describedby") or ""
    assert fault.get_attribute("id") in described_by.split()
    expect(control(search, "year_max")).to_have_attribute("aria-invalid", "true")

    summary.get_by_role("link").first.click()
    expect(control(search, "price_max").or_(control(search, "year_max"))).not_to_have_count(0)
    focused = search.evaluate("document.activeElement.name")
    assert focused in {"price_max", "year_max"}
    shows(search, "vehicle_search")

    search.reload()
    expect(control(search, "year_max")).to_have_value("2018")


def test_a_second_refusal_takes_the_focus_again(search: Page) -> None:
    send(search)
    expect(search.locator(SUMMARY)).to_be_focused()
    control(search, "year_min").focus()
    send(search)
    expect(search.locator(SUMMARY)).to_be_focused()


def test_a_summary_line_leads_to_its_step_and_back(page: Page) -> None:
    walk = WALKS["buying by a search"]
    step = begin(page, walk.journey)
    while step != "buying_confirmation":
        step = move_on(page, walk)
    page.get_by_role("button", name=re.compile("Change.*Make")).click()
    shows(page, "vehicle_search")
    expect(control(page, "make")).to_have_value("Toyota")
    send(page)
    shows(page, "search_results")


def test_what_was_sent_is_shown_to_read_and_leads_on(page: Page) -> None:
    walk = WALKS["buying by a search"]
    step = begin(page, walk.journey)
    while step != walk.end:
        step = move_on(page, walk)
    reference = page.locator("[data-reference]").get_attribute("data-reference")
    page.locator('[data-action="back"]').click()
    shows(page, "buying_confirmation")
    expect(page.locator("[data-sealed]")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    shows(page, walk.end)
    assert page.locator("[data-reference]").get_attribute("data-reference") == reference


def test_a_personal_answer_that_was_sent_is_shown_masked(page: Page) -> None:
    walk = WALKS["selling to a private buyer"]
    step = begin(page, walk.journey)
    while step != "selling_confirmation":
        step = move_on(page, walk)
    page.locator('[data-action="back"]').click()
    shows(page, "financing_needs")
    expect(page.get_by_text("•••").first).to_be_visible()
    expect(page.get_by_text("1985")).to_have_count(0)
    page.get_by_role("button", name="Go on").click()
    shows(page, "selling_confirmation")


def test_starting_over_asks_first(search: Page) -> None:
    search.get_by_role("button", name="Start over").click()
    search.get_by_role("button", name="Go on here").click()
    shows(search, "vehicle_search")
    search.get_by_role("button", name="Start over").click()
    # By its dialog: the button behind it has the same name.
    search.get_by_role("dialog").get_by_role("button", name="Start over").click()
    shows(search, "vehicle_knowledge")
    expect(control(search, "knows_vehicle").first).not_to_be_checked()


def test_a_saved_journey_goes_on_in_another_browser(search: Page, browser, base_url) -> None:
    search.get_by_role("button", name="Save for later").click()
    link = search.get_by_label("Link to your journey")
    expect(link).to_be_focused()
    elsewhere = browser.new_context(base_url=base_url).new_page()
    elsewhere.goto(link.input_value())
    elsewhere.get_by_role("button", name="Go on with my journey").click()
    shows(elsewhere, "vehicle_search")
    elsewhere.goto(link.input_value())
    expect(elsewhere.get_by_text("This link no longer works")).to_be_visible()
    elsewhere.context.close()


def test_a_link_works_also_where_another_address_did_not(search: Page, browser, base_url) -> None:
    search.get_by_role("button", name="Save for later").click()
    address = search.get_by_label("Link to your journey").input_value()
    elsewhere = browser.new_context(base_url=base_url).new_page()
    elsewhere.goto("/j/flying")
    expect(elsewhere.get_by_role("heading", name="There is no such journey")).to_be_visible()
    elsewhere.goto(address)
    elsewhere.get_by_role("button", name="Go on with my journey").click()
    shows(elsewhere, "vehicle_search")
    elsewhere.context.close()


def test_a_saved_link_is_copied_and_that_is_said(search: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    search.get_by_role("button", name="Save for later").click()
    address = search.get_by_label("Link to your journey").input_value()
    search.get_by_role("button", name="Copy the link").click()
    expect(search.locator("trex-copy [role=status]")).to_have_text("The link was copied.")
    assert search.evaluate("navigator.clipboard.readText()") == address


def test_an_unknown_journey_and_an_unknown_step(search: Page) -> None:
    search.goto("/j/flying")
    expect(search.get_by_role("heading", name="There is no such journey")).to_be_visible()
    search.goto("/j/buying/no_such_step")
    shows(search, "vehicle_search")


def test_an_expired_journey_offers_to_begin_anew_with_its_answers(
    page: Page, app: RunningApp
) -> None:
    page.goto("/")
    left_behind(app, page, "buying", {"vehicle_knowledge": {"knows_vehicle": True}})
    page.goto("/j/buying")
    page.get_by_role("button", name="Start anew with my answers").click()
    shows(page, "vehicle_search")
    page.locator('[data-action="back"]').click()
    expect(control(page, "knows_vehicle").first).to_be_checked()


def test_a_server_that_went_away_is_said_and_what_was_typed_is_kept(
    page: Page, launch: Launch
) -> None:
    app = launch()
    page.goto(f"{app.address}/j/buying")
    shows(page, "vehicle_knowledge")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    fill(page, "make", "Toyota")
    app.stop()
    banner = page.get_by_text("We cannot reach the server right now")
    expect(banner).to_be_visible(timeout=10_000)
    send(page)
    app.start()
    expect(banner).to_be_hidden(timeout=20_000)
    shows(page, "search_results")
    page.locator('[data-action="back"]').click()
    expect(control(page, "make")).to_have_value("Toyota")


def test_the_log_knows_what_happened_and_not_to_whom(app: RunningApp, page: Page) -> None:
    walk = WALKS["buying by a search"]
    step = begin(page, walk.journey)
    while step != walk.end:
        step = move_on(page, walk)
    log = app.log.read_text()
    assert "session_started" in log
    assert "Traceback" not in log
    secrets = [str(CONTACT["email"]), str(CONTACT["last_name"]), str(caller_of(page).visitor)]
    token = page.evaluate("sessionStorage.getItem('token')")
    assert [secret for secret in [*secrets, token] if secret in log] == []
    assert not re.search(r"\?token=", log)
