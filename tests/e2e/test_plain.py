"""The journeys in a browser that runs no JavaScript at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.letters import data_link, status_link
from tests.e2e.walks import CONTACT, WALKS, Walk

SIZES = (360, 768, 1280)
LOOKS = [
    *((name, "light") for name in WALKS),
    ("buying with advice", "dark"),
    ("selling to a private buyer", "dark"),
]
"""Every journey by day, and those that show the most by night as well."""


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page without JavaScript, as wide as a tablet."""
    context = without_scripts(browser, base_url, width=768)
    yield context.new_page()
    context.close()


def without_scripts(browser: Browser, base_url: str, *, width: int) -> BrowserContext:
    return browser.new_context(
        base_url=base_url,
        java_script_enabled=False,
        viewport={"width": width, "height": 800},
    )


def begin(page: Page, journey: str) -> None:
    page.goto(f"/h/{journey}")


def step_of(page: Page) -> str:
    return page.locator("[data-step]").get_attribute("data-step") or ""


def controls(page: Page, name: str) -> Locator:
    return page.locator(f'#step [name="{name}"]')


def fill(page: Page, name: str, value: Any) -> None:
    """Answer one field, whatever draws it."""
    found = controls(page, name)
    values = value if isinstance(value, list) else [value]
    if page.locator(f'#step select[name="{name}"]').count():
        for place, chosen in enumerate(values):
            found.nth(place).select_option(chosen)
    elif found.first.get_attribute("type") in {"radio", "checkbox"}:
        for chosen in values:
            choice(page, found, chosen).check()
    else:
        found.fill(str(value))


def choice(page: Page, found: Locator, chosen: Any) -> Locator:
    if isinstance(chosen, bool):
        return found.first
    if isinstance(chosen, int):
        return found.nth(chosen)
    return found.and_(page.locator(f'[value="{chosen}"]'))


def send(page: Page) -> None:
    page.locator(".actions button[value=submit]").click()


def move_on(page: Page, walk: Walk) -> str:
    """Answer the step on display; the id of the next one."""
    step = step_of(page)
    for name, value in walk.answers[step].items():
        fill(page, name, value)
    send(page)
    expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
    return step_of(page)


@pytest.mark.parametrize("walk", WALKS.values(), ids=WALKS)
def test_a_whole_journey_needs_no_script(page: Page, walk: Walk) -> None:
    begin(page, walk.journey)
    while (step := step_of(page)) != walk.end:
        assert step in walk.answers
        move_on(page, walk)
    expect(page.get_by_role("heading", name="What happens next")).to_be_visible()
    references = page.locator("[data-reference]")
    assert (references.count() > 0) == walk.has_reference
    assert all(each.get_attribute("data-reference") for each in references.all())


@pytest.mark.parametrize(("path", "start"), [("/j/buying", "/h"), ("/de/j/selling", "/de/h")])
def test_a_page_that_needs_scripts_leads_to_those_that_do_not(
    page: Page, path: str, start: str
) -> None:
    page.goto(path)
    page.locator(f'main a[href="{start}"]').click()
    page.wait_for_url(f"**{start}")
    expect(page.locator("main li a").first).to_be_visible()


@pytest.mark.parametrize("path", ["/status/TRX-7K3M-9QWX", "/your-data", "/de/resume/abc"])
def test_a_link_of_a_message_leads_on_without_scripts(page: Page, path: str) -> None:
    page.goto(path)
    page.locator('a[href$="/h/-/link"]').click()
    expect(page.locator("#field-link")).to_be_visible()


def test_the_links_of_a_message_open_without_scripts(
    page: Page, browser: Browser, app: RunningApp
) -> None:
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    while step_of(page) != walk.end:
        move_on(page, walk)
    reference = page.locator("[data-reference]").get_attribute("data-reference") or ""
    page.get_by_role("link", name="See where it stands").click()
    expect(page.locator("[data-standing]")).to_be_visible()

    stranger = without_scripts(browser, app.address, width=360).new_page()
    for link, shown in (
        (status_link(app, reference, "en"), "[data-standing]"),
        (data_link(app, reference, "en"), "[data-held]"),
    ):
        stranger.goto("/h/-/link")
        stranger.locator("#field-link").fill(link)
        stranger.get_by_role("button", name="Open it").click()
        expect(stranger.locator(shown)).to_be_visible()
        assert link.partition("#")[2] not in stranger.url
    with stranger.expect_download() as downloading:
        stranger.get_by_role("link", name="Download as a file").click()
    assert reference in downloading.value.path().read_text()
    stranger.get_by_role("link", name="Erase everything").click()
    stranger.get_by_role("button", name="Erase for good").click()
    expect(stranger.locator("[data-erased]")).to_be_visible()
    stranger.context.close()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("We cannot show this here")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_behind_a_link_are_for_everybody_and_fit(
    browser: Browser, app: RunningApp, scheme: Any
) -> None:
    """Axe is a script itself: it looks at the same pages in a browser that runs some."""
    context = browser.new_context(base_url=app.address, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    while step_of(page) != walk.end:
        move_on(page, walk)
    reference = page.locator("[data-reference]").get_attribute("data-reference") or ""
    send_back(page)
    faults: dict[str, Any] = look_at(page, "a sealed step")
    page.goto("/h/-/link")
    page.get_by_role("button", name="Open it").click()
    faults |= look_at(page, "a link that is none")
    page.locator("#field-link").fill(data_link(app, reference, "de"))
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("[data-held]")).to_be_visible()
    faults |= look_at(page, "the data")
    for path in (
        *(f"/de/h/-/status/{reference}", "/h/-/status/TRX-0000-0000", "/h/-/link"),
        "/h/-/your-data/erase",
    ):
        page.goto(path)
        faults |= look_at(page, path)
    page.get_by_role("button", name="Erase for good").click()
    expect(page.locator("[data-erased]")).to_be_visible()
    faults |= look_at(page, "erased")
    context.close()
    assert faults == {}


def send_back(page: Page) -> None:
    page.locator("[data-action=back]").click()
    expect(page.locator("[data-sealed]")).to_be_visible()
    expect(page.locator("[data-action=go-on]")).to_be_visible()


def look_at(page: Page, named: str) -> dict[str, Any]:
    faults: dict[str, Any] = {f"{named} {rule}": n for rule, n in violations(page).items()}
    wide = {f"{named} at {width}": True for width in SIZES if scrolls_sideways(page, width)}
    return faults | wide


@pytest.mark.parametrize(("name", "scheme"), LOOKS)
def test_every_step_is_for_everybody_and_fits(
    browser: Browser, base_url: str, name: str, scheme: Any
) -> None:
    """Axe is a script itself: it looks at the same page in a browser that runs some."""
    walk = WALKS[name]
    context = browser.new_context(base_url=base_url, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    begin(page, walk.journey)
    faults: dict[str, Any] = {}
    while True:
        step = step_of(page)
        faults |= {f"{step} {rule}": nodes for rule, nodes in violations(page).items()}
        faults |= {f"{step} at {width}": True for width in SIZES if scrolls_sideways(page, width)}
        if step == walk.end:
            break
        page.goto(page.url)
        send_nothing(page, step)
        faults |= {f"{step} refused {rule}": nodes for rule, nodes in violations(page).items()}
        move_on(page, walk)
    context.close()
    assert faults == {}


def violations(page: Page) -> dict[str, list[str]]:
    found = Axe().run(page).response["violations"]
    return {fault["id"]: [node["html"][:200] for node in fault["nodes"]] for fault in found}


def scrolls_sideways(page: Page, width: int) -> bool:
    page.set_viewport_size({"width": width, "height": 800})
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def send_nothing(page: Page, step: str) -> None:
    """Send the form as it is; where that was enough already, go back to the step."""
    send(page)
    if step_of(page) != step:
        page.locator("[data-action=back]").click()
        expect(page.locator(f'[data-step="{step}"]')).to_be_visible()


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    begin(page, "buying")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    controls(page, "knows_vehicle").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")  # in a form, that is its first button
    expect(page.locator('[data-step="vehicle_search"]')).to_be_visible()
    page.locator("#field-make").focus()
    page.keyboard.type("Toyota")
    page.keyboard.press("Enter")
    expect(page.locator('[data-step="search_results"]')).to_be_visible()


def test_enter_in_the_number_of_a_vehicle_goes_on_and_looks_nothing_up(page: Page) -> None:
    walk = WALKS["selling to a private buyer"]
    begin(page, "selling")
    move_on(page, walk)
    for name, value in walk.answers["sale_vehicle"].items():
        fill(page, name, value)
    page.locator("#field-vin").press("Enter")
    expect(page.locator('[data-step="buyer_type"]')).to_be_visible()


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(page: Page) -> None:
    begin(page, "buying")
    send(page)
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Error: Do you already know which vehicle you want? · T-Rex")
    summary.get_by_role("link").first.click()
    expect(controls(page, "knows_vehicle").first).to_be_focused()


def test_the_browsers_own_buttons_lead_through_the_steps(page: Page) -> None:
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    move_on(page, walk)
    move_on(page, walk)
    page.go_back()
    expect(page.locator('[data-step="vehicle_search"]')).to_be_visible()
    expect(controls(page, "make")).to_have_value("Toyota")
    page.reload()
    controls(page, "make").fill("Honda")
    send(page)
    expect(page.locator(".tags")).to_contain_text("Honda")
    page.reload()
    expect(page.locator('[data-step="search_results"]')).to_be_visible()


def test_a_reload_after_sending_sends_nothing_again(page: Page) -> None:
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    while step_of(page) != walk.end:
        move_on(page, walk)
    reference = page.locator("[data-reference]").get_attribute("data-reference")
    page.reload()
    assert page.locator("[data-reference]").get_attribute("data-reference") == reference
    expect(page.locator("[data-reference]")).to_have_count(1)


def test_another_language_is_one_link_away_and_stays(page: Page) -> None:
    begin(page, "selling")
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator('[data-step="has_buyer"]')).to_be_visible()
    fill(page, "has_buyer", "false")
    send(page)
    page.wait_for_url("**/de/h/selling/sale_vehicle")
    for name, value in {"make": "Ford", "mileage_km": "85.000"}.items():
        fill(page, name, value)
    page.get_by_role("button", name="Für später speichern").click()
    assert "/de/h/-/resume/" in page.locator("#resume-address").input_value()
    expect(controls(page, "make")).to_have_value("Ford")


def test_nothing_is_refused_by_the_policy_and_nothing_is_missing(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    while step_of(page) != walk.end:
        move_on(page, walk)
    assert (said, missing) == ([], [])


def test_the_drawings_of_vehicles_are_drawn(browser: Browser, base_url: str) -> None:
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    move_on(page, walk)
    with page.expect_response(lambda answer: answer.url.endswith("vehicles.svg")) as fetched:
        move_on(page, walk)
    assert fetched.value.ok
    context.close()


def test_contact_details_may_be_filled_in_by_the_browser(page: Page) -> None:
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    while step_of(page) != "buying_confirmation":
        move_on(page, walk)
    told = {
        name: controls(page, name).first.get_attribute("autocomplete")
        for name in CONTACT
        if name in {"first_name", "last_name", "email", "phone", "postal_code"}
    }
    assert told == {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "phone": "tel",
        "postal_code": "postal-code",
    }
