"""The README's first journey in the browser: one new file, and its page is there."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.docs.first_journey import ANSWERS, END, first_journey
from tests.e2e.conftest import StartApp
from tests.e2e.walks import answer, begin, shows


def test_the_journey_of_the_readme_is_walked_at_its_own_address(
    browser: Browser, start_app: StartApp, tmp_path: Path
) -> None:
    folder = first_journey(tmp_path)
    context = browser.new_context(
        base_url=start_app(TREX_WORKFLOWS_DIR=str(folder), TREX_LOAD_DEMO_DATA="false")
    )
    page = context.new_page()
    assert begin(page, "test_drive") == "car"
    for step, given in ANSWERS.items():
        shows(page, step)
        answer(page, {name: as_typed(value) for name, value in given.items()})
    shows(page, END)
    expect(page.get_by_text("TRX-").first).to_be_visible()
    context.close()


def as_typed(value: object) -> object:
    """An answer as a person gives it: a choice between yes and no is two radio buttons."""
    if value is False:
        return "false"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
