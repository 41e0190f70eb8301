"""The page behind the link in a message: see, take along, erase."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.letters import data_link
from tests.e2e.test_status import check_sound, send_request

EMAIL = "your.data@example.com"


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_a_person_sees_takes_along_and_erases_their_data(
    page: Page, app: RunningApp, tmp_path: Path
) -> None:
    reference = send_request(page, EMAIL)
    page.goto(data_link(app, reference, "en"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data")
    page.wait_for_function("location.hash === ''")
    expect(page.get_by_text(EMAIL).first).to_be_visible()
    expect(page.get_by_text(reference).first).to_be_visible()
    check_sound(page)

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download as a file").click()
    downloading.value.save_as(tmp_path / "data.json")
    held = json.loads((tmp_path / "data.json").read_text())
    assert reference in {lead["reference"] for s in held["sessions"] for lead in s["leads"]}

    page.get_by_role("button", name="Erase everything").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Keep my data").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(reference).first).to_be_visible()

    page.get_by_role("button", name="Erase everything").click()
    dialog.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your data is erased")
    page.goto(data_link(app, reference, "de"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Dieser Link öffnet nichts")
    check_sound(page)


def test_without_a_link_nothing_is_shown(page: Page) -> None:
    page.goto("/your-data")
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open anything")
