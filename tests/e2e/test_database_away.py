"""What a page says while the database is away, wherever a person is on it, and the way on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.absent_database import SERVE_WITH_ABSENT_DATABASE, without_database
from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.test_screens import check_screen
from tests.e2e.walks import answer, begin, shows

SENTENCE = "This is not available right now."


@pytest.fixture(scope="module")
def app(launch: Launch) -> RunningApp:
    """The app over a database that can be away, with a mail server that takes no mail."""
    return launch(serve=SERVE_WITH_ABSENT_DATABASE, TREX_SMTP_URL="smtp://127.0.0.1:9")


@pytest.fixture
def page(browser: Browser, app: RunningApp) -> Iterator[Page]:
    """A page of that app, as low as that of a phone."""
    context = browser.new_context(base_url=app.address, viewport={"width": 360, "height": 640})
    yield context.new_page()
    context.close()


def fail_to_save(page: Page, app: RunningApp) -> Locator:
    """Press a tool, from wherever the page stands, that needs the database; what is said then."""
    with without_database(app.folder):
        # The element itself: a real press would bring its button into sight, and the page up.
        page.get_by_role("button", name="Save for later").evaluate("button => button.click()")
        said = page.get_by_role("region", name="Notices").get_by_role("listitem")
        expect(said).to_contain_text(SENTENCE)
    return said


@pytest.mark.parametrize(
    ("path", "afterwards"),
    [
        ("/resume/no-such-link", "This link no longer works"),
        ("/status/TRX-0000-0000", "We cannot show this here"),
        ("/your-data", "This link does not open anything"),
    ],
)
def test_a_page_behind_a_link_offers_to_try_again(
    page: Page, app: RunningApp, path: str, afterwards: str
) -> None:
    heading = page.get_by_role("heading", level=1)
    with without_database(app.folder):
        page.goto(path)
        expect(heading).to_have_text("This is not available right now")
        check_screen(page)
    page.get_by_role("button", name="Try again").click()
    expect(heading).to_have_text(afterwards)


def test_what_failed_outside_the_step_is_said_in_sight(page: Page, app: RunningApp) -> None:
    begin(page, "buying")
    answer(page, {"knows_vehicle": "true"})
    shows(page, "vehicle_search")
    answer(page, {"price_max": "60,000"})
    shows(page, "search_results")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    said = fail_to_save(page, app)
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("region", name="Notices")).to_have_attribute("aria-live", "polite")
    # The buttons that stay in sight can still be pressed.
    page.locator('form button[type="submit"]').click(trial=True)
    said.get_by_role("button", name="Close").click()
    expect(said).to_have_count(0)


def test_a_page_with_a_notice_is_sound(page: Page, app: RunningApp) -> None:
    begin(page, "buying")
    fail_to_save(page, app)
    expect(page.locator(":not(:defined)")).to_have_count(0)
    check_screen(page)


def test_a_failure_that_comes_again_is_announced_again(page: Page, app: RunningApp) -> None:
    begin(page, "buying")
    said = fail_to_save(page, app)
    said.evaluate("element => element.dataset.is = 'the first'")
    said = fail_to_save(page, app)
    expect(said).not_to_have_attribute("data-is", "the first")
    expect(said).to_have_count(1)


def test_a_link_that_could_not_be_sent_goes_out_at_the_second_press(
    page: Page, app: RunningApp
) -> None:
    begin(page, "buying")
    page.get_by_role("button", name="Save for later").click()
    page.get_by_label("Or send it to yourself by e-mail").fill("robin@example.com")
    send = page.get_by_role("button", name="Send the link")
    with without_database(app.folder):
        send.click()
        expect(page.get_by_text(SENTENCE)).to_be_visible()
    send.click()
    expect(page.get_by_text("The link is on its way to you.")).to_be_visible()
