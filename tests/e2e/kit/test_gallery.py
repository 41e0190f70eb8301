"""The gallery as a whole: every part in every theme, at every width, by the Tab key."""

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.e2e.kit.gallery_app import opened, set_on_root, violations

pytestmark = pytest.mark.e2e

MOST_STYLE_BYTES = 20_000
TARGET_PX = 44
WIDTHS = (320, 360, 768, 1280, 2560)
MOST_TABS = 400
# What has the focus, and whether that is seen: by a ring on the control itself, or on the frame,
# card or chip that holds it. A browser's own button inside a control has the browser's own ring.
FOCUSED = """
() => {
  const control = document.activeElement;
  if (control === document.body) return ['BODY', true];
  const words = control.outerHTML.slice(0, 700);
  if (!control.matches(':focus')) return [words, true];
  let element = control;
  for (let steps = 0; element && steps < 4; steps += 1, element = element.parentElement) {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) return [words, true];
  }
  return [words, false];
}
"""


# What a page is made of


def test_the_styles_of_every_part_together_stay_within_the_budget(static_dir: Path) -> None:
    sizes = [len(gzip.compress(file.read_bytes())) for file in static_dir.glob("assets/*.css")]
    assert 0 < sum(sizes) <= MOST_STYLE_BYTES


def test_the_parts_are_in_the_page_before_any_script_runs(static_dir: Path) -> None:
    html = (static_dir / "studio" / "gallery" / "index.html").read_text(encoding="utf-8")
    assert "The kit" in html
    assert 'name="price_max"' in html


def test_no_part_breaks_the_content_policy_or_a_script(page: Page, gallery_url: str) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if any(word in message.text for word in ("Content Security Policy", "React error")):
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    opened(page, gallery_url)
    assert complaints == []


# Every theme, every width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("contrast", ["standard", "more"])
def test_axe_finds_nothing(gallery: Page, scheme: str, contrast: str) -> None:
    gallery.emulate_media(reduced_motion="reduce")  # no colour is on its way to another one
    set_on_root(gallery, "data-theme", scheme)
    set_on_root(gallery, "data-contrast", contrast)
    assert violations(gallery) == []


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_is_wider_than_the_screen(gallery: Page, direction: str) -> None:
    set_on_root(gallery, "dir", direction)
    for width in WIDTHS:
        gallery.set_viewport_size({"width": width, "height": 800})
        assert gallery.evaluate("document.documentElement.scrollWidth") <= width


def test_the_theme_follows_the_system_until_somebody_chooses(gallery: Page) -> None:
    def ground() -> str:
        return gallery.evaluate("getComputedStyle(document.body).backgroundColor")

    gallery.emulate_media(color_scheme="light")
    light = ground()
    gallery.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    set_on_root(gallery, "data-theme", "light")
    assert ground() == light


def test_more_contrast_may_be_the_systems_wish(gallery: Page) -> None:
    def ink() -> str:
        return gallery.evaluate("getComputedStyle(document.body).color")

    gallery.emulate_media(color_scheme="light", contrast="more")
    assert ink() == "rgb(0, 0, 0)"
    set_on_root(gallery, "data-contrast", "standard")
    assert ink() != "rgb(0, 0, 0)"


def test_a_host_overrides_a_token_by_a_plain_value_on_the_root(gallery: Page) -> None:
    gallery.evaluate("document.documentElement.style.setProperty('--trex-accent', 'rgb(1, 2, 3)')")
    expect(gallery.get_by_role("button", name="Primary", exact=True)).to_have_css(
        "background-color", "rgb(1, 2, 3)"
    )


def test_nothing_moves_for_people_who_asked_for_that(browser: Browser, gallery_url: str) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        page = opened(context.new_page(), gallery_url)
        durations = page.evaluate(
            """[...document.querySelectorAll('*')].flatMap(element => {
              const { transitionDuration, animationDuration } = getComputedStyle(element);
              return [...transitionDuration.split(','), ...animationDuration.split(',')];
            }).map(parseFloat)"""
        )
        assert max(durations) <= 0.001


def test_marks_stay_visible_in_forced_colours(gallery: Page) -> None:
    gallery.emulate_media(forced_colors="active")
    for selector in ("[type=checkbox]:not([role])", "[type=radio]:not(.sr-only)", "[role=switch]"):
        expect(gallery.locator(selector).first).to_have_css("appearance", "auto")


def test_a_finger_finds_every_target(browser: Browser, gallery_url: str) -> None:
    with browser.new_context(has_touch=True, is_mobile=True) as context:
        page = opened(context.new_page(), gallery_url)
        small = page.evaluate(
            """least => [...document.querySelectorAll(
                'button, select, textarea, summary, [role=tab], input:not([type=hidden])')]
              .map(control => control.matches('input') && control.closest('label') || control)
              .filter(target => target.checkVisibility())
              .map(target => [target.getBoundingClientRect(), target.outerHTML.slice(0, 160)])
              .filter(([box]) => box.width && (box.height < least - .5 || box.width < least - .5))
              .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)""",
            TARGET_PX,
        )
        assert small == []


# By keyboard alone


def test_the_tab_key_reaches_every_control_and_shows_where_it_is(gallery: Page) -> None:
    gallery.get_by_role("heading", level=1).click()  # from the top
    reached: dict[str, bool] = {}
    for _ in range(MOST_TABS):
        gallery.keyboard.press("Tab")
        control, has_ring = gallery.evaluate(FOCUSED)
        if control == "BODY":
            break
        reached[control] = has_ring
    assert [control for control, has_ring in reached.items() if not has_ring] == []
    last = gallery.get_by_role("button", name="Continue").evaluate("e => e.outerHTML")
    assert any(last.startswith(control) for control in reached)


def test_a_drawing_of_a_vehicle_is_fetched_once_and_takes_the_texts_colour(
    page: Page, gallery_url: str
) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    opened(page, gallery_url)
    expect(page.locator("svg use").first).to_be_visible()
    assert len([url for url in fetched if "vehicles.svg" in url]) == 1
