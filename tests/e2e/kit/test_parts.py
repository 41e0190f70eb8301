"""Single parts: what keys, pointers and files do to them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.kit.gallery_app import opened, set_on_root, violations

pytestmark = pytest.mark.e2e


def swipe(page: Page, start: Locator, by: float) -> None:
    """Put a finger on something, move it up or down, and lift it."""
    box = start.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    browser = page.context.new_cdp_session(page)
    browser.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    for part in range(1, 11):
        point = {"x": x, "y": y + by * part / 10}
        browser.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


class TestCombobox:
    def test_suggestions_narrow_while_one_types_and_enter_takes_one(self, gallery: Page) -> None:
        make = gallery.get_by_role("combobox", name="Make", exact=True)
        make.press_sequentially("cit")
        options = gallery.get_by_role("option")
        expect(options.filter(visible=True)).to_have_text(["Citroën"])
        make.press("ArrowDown")
        expect(make).to_have_attribute("aria-activedescendant", re.compile(".+"))
        make.press("Enter")
        expect(make).to_have_value("Citroën")
        expect(make).to_have_attribute("aria-expanded", "false")

    def test_the_arrow_opens_the_whole_list_and_escape_closes_it(self, gallery: Page) -> None:
        make = gallery.get_by_role("combobox", name="Make", exact=True)
        make.press("ArrowDown")
        expect(gallery.get_by_role("option").filter(visible=True)).to_have_count(9)
        make.press("Escape")
        expect(make).to_have_attribute("aria-expanded", "false")
        expect(make).to_be_focused()

    def test_how_many_fit_is_said_aloud(self, gallery: Page) -> None:
        gallery.get_by_role("combobox", name="Make", exact=True).press_sequentially("o")
        expect(gallery.locator("trex-combobox [role=status]").first).to_have_text("5 makes")

    def test_a_pointer_takes_an_option(self, gallery: Page) -> None:
        make = gallery.get_by_role("combobox", name="Make", exact=True)
        make.click()
        gallery.get_by_role("option", name="Tesla").filter(visible=True).click()
        expect(make).to_have_value("Tesla")
        expect(make).to_be_focused()

    def test_a_strict_one_submits_only_what_is_in_the_list(self, gallery: Page) -> None:
        make = gallery.get_by_role("combobox", name="Make, from the list only")
        value = gallery.locator("input[type=hidden][name=make_id]")
        expect(value).to_have_value("volvo")
        make.fill("toyota")
        make.press("Tab")
        expect(value).to_have_value("toyota")
        expect(make).to_have_value("Toyota")
        make.fill("Trabant")
        make.press("Tab")
        expect(value).to_have_value("")
        expect(make).to_have_value("")


class TestRanking:
    START = ("safety", "economy", "space", "comfort", "performance")

    def order(self, page: Page) -> list[str]:
        inputs = page.locator("input[name=priorities]")
        return [inputs.nth(at).input_value() for at in range(inputs.count())]

    def test_the_buttons_move_an_entry_and_the_focus_goes_along(self, gallery: Page) -> None:
        assert tuple(self.order(gallery)) == self.START
        gallery.get_by_role("button", name="Move down: Safety").press("Enter")
        assert self.order(gallery)[:2] == ["economy", "safety"]
        expect(gallery.get_by_role("button", name="Move down: Safety")).to_be_focused()
        expect(gallery.locator("trex-ranking [role=status]")).to_have_text("Safety: 2 / 5")

    def test_the_arrow_keys_move_an_entry_to_the_end_and_no_further(self, gallery: Page) -> None:
        gallery.get_by_role("button", name="Move down: Comfort").focus()
        for _ in range(3):
            gallery.keyboard.press("ArrowDown")
        assert self.order(gallery)[-1] == "comfort"
        expect(gallery.get_by_role("button", name="Move up: Comfort")).to_be_focused()

    def test_the_first_entry_cannot_move_up(self, gallery: Page) -> None:
        first = gallery.get_by_role("button", name="Move up: Safety")
        expect(first).to_have_attribute("aria-disabled", "true")
        first.press("Enter")
        assert tuple(self.order(gallery)) == self.START

    def test_an_entry_can_be_dragged(self, gallery: Page) -> None:
        slots = gallery.locator("[data-slot]")
        slots.first.scroll_into_view_if_needed()
        start, end = slots.nth(0).bounding_box(), slots.nth(2).bounding_box()
        assert start is not None
        assert end is not None
        gallery.mouse.move(start["x"] + 150, start["y"] + 20)
        gallery.mouse.down()
        gallery.mouse.move(end["x"] + 150, end["y"] + 22, steps=6)
        gallery.mouse.up()
        assert self.order(gallery) == ["economy", "space", "safety", "comfort", "performance"]

    def test_a_finger_scrolls_over_the_entries_and_drags_them_by_their_grip(
        self, browser: Browser, gallery_url: str
    ) -> None:
        with browser.new_context(has_touch=True) as context:
            page = opened(context.new_page(), gallery_url)
            entry = page.locator("[data-slot]").first
            entry.evaluate("entry => entry.scrollIntoView({ block: 'center' })")
            before = page.evaluate("scrollY")
            swipe(page, entry.locator("[data-title]"), -150)
            page.wait_for_function("before => scrollY > before + 50", arg=before)
            assert tuple(self.order(page)) == self.START
            entry.evaluate("entry => entry.scrollIntoView({ block: 'center' })")
            box = entry.bounding_box()
            assert box is not None
            swipe(page, entry.locator("[data-grip]"), box["height"] * 1.2)
            assert self.order(page)[:2] == ["economy", "safety"]

    def test_what_is_seen_is_what_is_sent(self, gallery: Page) -> None:
        gallery.get_by_role("button", name="Move up: Performance").press("Enter")
        titles = gallery.locator("trex-ranking [data-title]").all_inner_texts()
        assert [title.lower() for title in titles] == self.order(gallery)


class TestSliders:
    def test_the_keys_change_the_value_and_the_words_for_it(self, gallery: Page) -> None:
        slider = gallery.get_by_role("slider", name="Distance a year")
        slider.press("ArrowRight")
        expect(slider).to_have_value("16000")
        expect(slider).to_have_attribute("aria-valuetext", "16,000 km")

    def test_the_two_thumbs_of_a_range_never_pass_each_other(self, gallery: Page) -> None:
        low = gallery.get_by_role("slider", name="Price from")
        low.press("End")
        expect(low).to_have_value("32000")
        expect(gallery.get_by_role("slider", name="Price to")).to_have_value("32000")


class TestAmounts:
    def test_buttons_step_a_number_and_its_form_tells_of_it(self, gallery: Page) -> None:
        passengers = gallery.get_by_label("People in the car")
        gallery.get_by_role("button", name="One more").click()
        expect(passengers).to_have_value("2")
        passengers.press("ArrowUp")
        expect(passengers).to_have_value("3")
        told = gallery.get_by_label("What the form tells")
        expect(told).to_have_value(re.compile(r'\["passengers","3"\]'))

    def test_a_typed_amount_moves_its_slider(self, gallery: Page) -> None:
        gallery.get_by_label("Budget").first.fill("30000")
        expect(gallery.get_by_role("slider", name="Budget")).to_have_value("30000")


class TestCopying:
    def test_a_text_is_copied_and_that_is_said(self, gallery: Page) -> None:
        gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
        gallery.get_by_role("button", name="Copy the reference").click()
        expect(gallery.get_by_role("status").filter(has_text="It was copied.")).to_have_count(1)
        assert gallery.evaluate("navigator.clipboard.readText()") == "TRX-2F7K"

    def test_without_a_clipboard_the_older_way_copies(self, gallery: Page) -> None:
        gallery.context.grant_permissions(["clipboard-read", "clipboard-write"])
        gallery.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        gallery.get_by_role("button", name="Copy the reference").click()
        expect(gallery.get_by_role("status").filter(has_text="It was copied.")).to_have_count(1)
        headline = gallery.get_by_label("Headline")
        headline.fill("")
        headline.press("Control+V")
        expect(headline).to_have_value("TRX-2F7K")

    def test_where_nothing_may_be_copied_that_is_seen(self, gallery: Page) -> None:
        gallery.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        gallery.evaluate("document.execCommand = () => false")
        copy = gallery.get_by_role("button", name="Copy the reference")
        copy.click()
        expect(gallery.get_by_text("It could not be copied.")).to_be_in_viewport(ratio=1)
        expect(gallery.locator("trex-copy[data-copied]")).to_have_count(0)
        gallery.evaluate("document.execCommand = () => true")
        copy.click()
        expect(gallery.get_by_text("It could not be copied.")).to_have_count(0)


class TestFiles:
    def test_pictures_are_shown_and_each_file_can_be_let_go(
        self, gallery: Page, tmp_path: Path
    ) -> None:
        picture, text = tmp_path / "car.svg", tmp_path / "<b>notes.txt"
        picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
        text.write_text("two owners")
        gallery.locator("input[type=file]").set_input_files([picture, text])
        files = gallery.locator("[data-files] li")
        expect(files).to_have_count(2)
        expect(files.first.locator("img")).to_have_attribute("src", re.compile("^data:image"))
        expect(files.nth(1)).to_contain_text("<b>notes.txt")
        gallery.get_by_role("button", name="Remove car.svg").click()
        expect(files).to_have_count(1)
        assert gallery.locator("input[type=file]").evaluate("input => input.files.length") == 1


class TestErrors:
    def test_a_link_of_the_summary_leads_to_its_field_and_leaves_the_address(
        self, gallery: Page
    ) -> None:
        address = gallery.url
        gallery.get_by_role("link", name=re.compile("^Price: enter")).press("Enter")
        expect(gallery.locator("#field-wrong_price")).to_be_focused()
        assert gallery.url == address

    def test_a_link_to_a_group_leads_to_its_first_choice(self, gallery: Page) -> None:
        gallery.get_by_role("link", name="Body: choose one").click()
        expect(gallery.locator("#field-wrong_body input").first).to_be_focused()

    def test_another_attempt_takes_the_focus_back(self, gallery: Page) -> None:
        gallery.locator("#field-wrong_price").focus()
        summary = gallery.locator("trex-error-summary")
        summary.evaluate("summary => summary.setAttribute('data-attempt', '2')")
        expect(summary).to_be_focused()

    def test_a_control_is_described_by_its_error(self, gallery: Page) -> None:
        expect(gallery.locator("#field-wrong_price")).to_have_accessible_description(
            "Enter at least 500, or leave it empty"
        )

    def test_the_counter_counts(self, gallery: Page) -> None:
        headline = gallery.get_by_label("Headline")
        headline.fill("x" * 55)
        counter = gallery.locator("trex-counter[for=field-headline]")
        expect(counter).to_have_text("55 / 60")
        expect(counter).to_have_attribute("aria-live", "polite")


class TestOverlays:
    @pytest.mark.parametrize("kind", ["dialog", "wide", "drawer", "sheet"])
    def test_a_dialog_takes_the_focus_and_gives_it_back(self, gallery: Page, kind: str) -> None:
        opener = gallery.get_by_role("button", name=f"Open {kind}")
        opener.press("Enter")
        dialog = gallery.get_by_role("dialog", name="Save for later")
        expect(dialog).to_be_visible()
        assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")
        gallery.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()

    def test_a_dialog_closes_by_its_button_and_by_a_click_beside_it(self, gallery: Page) -> None:
        dialog = gallery.get_by_role("dialog", name="Save for later")
        for close in (
            lambda: dialog.get_by_role("button", name="Close").click(),
            lambda: gallery.mouse.click(5, 5),
        ):
            gallery.get_by_role("button", name="Open dialog").click()
            expect(dialog).to_be_visible()
            close()
            expect(dialog).to_be_hidden()

    def test_the_page_may_open_and_close_a_dialog(self, gallery: Page) -> None:
        host = gallery.locator("trex-dialog").first
        host.evaluate("host => host.setAttribute('data-open', 'true')")
        expect(gallery.get_by_role("dialog", name="Save for later")).to_be_visible()
        host.evaluate("host => host.setAttribute('data-open', 'false')")
        expect(gallery.get_by_role("dialog", name="Save for later")).to_be_hidden()

    def test_axe_finds_nothing_in_an_open_dialog(self, gallery: Page) -> None:
        gallery.get_by_role("button", name="Open dialog").click()
        expect(gallery.get_by_role("dialog", name="Save for later")).to_be_visible()
        assert violations(gallery) == []

    def test_a_popover_opens_beside_its_button_and_escape_closes_it(self, gallery: Page) -> None:
        opener = gallery.get_by_role("button", name="Why do you ask?")
        opener.press("Enter")
        popover = gallery.get_by_role("group", name="Why we ask")
        expect(popover).to_be_visible()
        gallery.keyboard.press("Escape")
        expect(popover).to_be_hidden()
        expect(opener).to_be_focused()

    def test_a_menu_is_walked_by_arrows_and_first_letters(self, gallery: Page) -> None:
        opener = gallery.get_by_role("button", name="More", exact=True)
        opener.press("ArrowDown")
        expect(gallery.get_by_role("menuitem", name="Edit")).to_be_focused()
        gallery.keyboard.press("ArrowUp")
        expect(gallery.get_by_role("menuitem", name="Start again")).to_be_focused()
        gallery.keyboard.press("c")
        expect(gallery.get_by_role("menuitem", name="Copy the link")).to_be_focused()
        gallery.keyboard.press("Enter")
        expect(gallery.get_by_role("menu")).to_be_hidden()
        expect(opener).to_be_focused()
        expect(opener).to_have_attribute("aria-expanded", "false")

    def test_a_tooltip_comes_with_the_focus_and_goes_with_escape(self, gallery: Page) -> None:
        gallery.get_by_role("button", name="About scores").focus()
        expect(gallery.get_by_role("tooltip")).to_be_visible()
        gallery.keyboard.press("Escape")
        expect(gallery.get_by_role("tooltip")).to_be_hidden()


class TestDisclosure:
    def test_tabs_are_walked_by_arrows(self, gallery: Page) -> None:
        gallery.get_by_role("tab", name="Overview").press("ArrowRight")
        expect(gallery.get_by_role("tab", name="Equipment")).to_be_focused()
        expect(gallery.get_by_role("tabpanel")).to_have_text("What there is under Equipment.")
        gallery.keyboard.press("End")
        expect(gallery.get_by_role("tabpanel")).to_have_text("What there is under History.")

    def test_tabs_are_walked_the_other_way_round_in_rtl(self, gallery: Page) -> None:
        set_on_root(gallery, "dir", "rtl")
        gallery.get_by_role("tab", name="Overview").press("ArrowLeft")
        expect(gallery.get_by_role("tab", name="Equipment")).to_be_focused()

    def test_one_section_of_a_group_is_open_at_a_time(self, gallery: Page) -> None:
        gallery.locator("summary", has_text="Does it cost anything?").press("Enter")
        expect(gallery.get_by_text("No.", exact=True)).to_be_visible()
        expect(gallery.get_by_text("One dealer, and nobody else.")).to_be_hidden()


class TestToasts:
    CLOSED = """
    seconds => new Promise(resolve => {
      const toast = document.createElement('trex-toast');
      toast.dataset.seconds = seconds;
      const close = toast.appendChild(document.createElement('button'));
      close.setAttribute('data-closes', '');
      close.addEventListener('click', () => { toast.remove(); resolve('closed'); });
      document.body.append(toast);
      if (!Number(seconds)) setTimeout(() => resolve('stays'), 600);
    })
    """

    def test_a_toast_closes_itself_when_its_time_is_over(self, gallery: Page) -> None:
        assert gallery.evaluate(self.CLOSED, "0.25") == "closed"

    def test_a_toast_without_a_time_stays(self, gallery: Page) -> None:
        assert gallery.evaluate(self.CLOSED, "0") == "stays"

    def test_a_toast_lies_above_an_open_dialog_which_says_it(self, gallery: Page) -> None:
        toast = gallery.locator("trex-toast").last
        is_lifted = "toast => toast.closest('[popover]').matches(':popover-open')"
        assert not toast.evaluate(is_lifted)
        gallery.get_by_role("button", name="Open sheet").click()
        dialog = gallery.get_by_role("dialog", name="Save for later")
        said = dialog.get_by_role("status").filter(has_text=toast.locator("p").inner_text())
        expect(said).to_have_count(1)
        # What is shown last lies on top, and that was the list of toasts.
        assert toast.evaluate(is_lifted)

    def test_toasts_are_announced(self, gallery: Page) -> None:
        expect(gallery.get_by_role("region", name="Notices")).to_have_attribute(
            "aria-live", "polite"
        )
