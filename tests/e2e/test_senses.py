"""Every screen for people who enlarge it, need more contrast, or only hear it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.test_languages import WALKED
from tests.e2e.walks import WALKS, begin, move_on
from trex_app.ui.state.first_views import shipped_workflows

# 1280 px at 200 % and at 400 %: what WCAG 1.4.10 asks to fit without a second way to scroll.
ZOOMED = (ViewportSize(width=640, height=450), ViewportSize(width=320, height=256))
WAYS_TO_SEE: dict[str, dict[str, Any]] = {
    "enlarged, with more contrast": {"device_scale_factor": 2, "contrast": "more"},
    "in the system's own colours": {"forced_colors": "active", "color_scheme": "dark"},
}
# What follows a change of size may move for one more frame.
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
CUT_OFF = """
() => [...document.querySelectorAll("main h1, main h2, main p, main label, main button, main a")]
  .filter((element) => element.checkVisibility() && !element.closest(".sr-only, [popover]"))
  .filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 1 && (left < -1 || right > innerWidth + 1);
  })
  .map((element) => [element.innerText, element.getBoundingClientRect().toJSON()])
"""
STEP_OF = re.compile(r"^Step \d+ of about \d+$")
# What a person hears of each step, besides its title: role and name of what there is to do.
HEARD: dict[str, list[tuple[Any, str]]] = {
    "intent_selection": [("radio", "Buy a vehicle"), ("button", "Continue")],
    "vehicle_knowledge": [
        ("radiogroup", "Do you know the vehicle?"),
        ("radio", "No, help me choose"),
    ],
    "vehicle_search": [
        ("combobox", "Make"),
        ("textbox", "Price up to"),
        ("radiogroup", "Body type"),
        ("button", "Show 2,400 vehicles"),
    ],
    "search_results": [
        ("combobox", "Sort by"),
        ("list", "What you asked for"),
        ("button", "Refine your search"),
        ("navigation", "Pages"),
        ("button", "Look at this vehicle"),
    ],
    "carin_questions": [
        ("radiogroup", "What is the vehicle mostly for?"),
        ("textbox", "How many people ride along, you included?"),
        ("slider", "Kilometres a year"),
        ("button", "Suggest vehicles"),
    ],
    "carin_results": [("list", "Why we suggest it"), ("button", "Change your answers")],
    "vehicle_selection": [
        ("tablist", "Views of the vehicle"),
        ("checkbox", "I am interested in this vehicle"),
    ],
    "buying_confirmation": [("textbox", "First name"), ("textbox", "E-mail")],
    "has_buyer": [("radio", "No, find me offers")],
    "sale_vehicle": [("textbox", "VIN"), ("combobox", "Model"), ("textbox", "Asking price")],
    "buyer_type": [("radiogroup", "The buyer is")],
    "private_buyer": [("textbox", "Agreed price")],
    "financing_needs": [("radiogroup", "Is the price to be financed?")],
    "selling_confirmation": [("textbox", "Last name"), ("group", "How may we reach you?")],
    "dealer_network": [("group", "Dealers"), ("checkbox", "Austin")],
    "credit_consent": [("radiogroup", "May a soft check be made?")],
    "dealer_confirmation": [("textbox", "Phone")],
    "replacement_check": [("radio", "No, I am done")],
}


def one_page(browser: Browser, base_url: str, **settings: Any) -> Iterator[Page]:
    """A page as somebody has set it up."""
    context = browser.new_context(base_url=base_url, reduced_motion="reduce", **settings)
    yield context.new_page()
    context.close()


@pytest.fixture(params=WAYS_TO_SEE)
def seen(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Page]:
    """A page as somebody sees it who has set up their machine."""
    yield from one_page(browser, base_url, **WAYS_TO_SEE[request.param])


def settled_by_the_system(page: Page) -> dict[str, Any]:
    """What axe need not judge: where the system draws in its own colours, ours are not seen."""
    is_forced = page.evaluate("matchMedia('(forced-colors: active)').matches")
    return {"rules": {"color-contrast": {"enabled": not is_forced}}}


@pytest.mark.parametrize("name", WALKED)
def test_every_screen_is_there_in_full_however_it_is_seen(seen: Page, name: str) -> None:
    walk = WALKS[name]
    step = begin(seen, walk.journey)
    while True:
        for size in ZOOMED:
            seen.set_viewport_size(size)
            seen.evaluate(DRAWN)
            assert seen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, step
            assert seen.evaluate(CUT_OFF) == [], step
        found = Axe().run(seen, options=settled_by_the_system(seen))
        assert found.violations_count == 0, f"{step}\n{found.generate_report()}"
        if step == walk.end:
            return
        step = move_on(seen, walk)


@pytest.mark.parametrize("name", WALKED)
def test_every_step_says_what_there_is_to_do(page: Page, name: str) -> None:
    walk = WALKS[name]
    step = begin(page, walk.journey)
    while step != walk.end:
        title = page.get_by_role("heading", level=1).inner_text()
        # The tab, the region and the heading name the same step.
        expect(page).to_have_title(f"{title} · {shipped_workflows()[walk.journey].title} · T-Rex")
        expect(page.get_by_role("region", name=title, exact=True)).to_have_count(1)
        main = page.get_by_role("main")
        for role, words in HEARD[step]:
            expect(main.get_by_role(role, name=words).first).to_be_attached()
        expect(
            page.get_by_role("progressbar", name=re.compile(r"^Step \d+ of about \d+$"))
        ).to_have_count(1)
        step = move_on(page, walk)
        # Whoever hears the page is told of the new step by its title, which takes the focus.
        expect(page.get_by_role("heading", level=1)).to_be_focused()
