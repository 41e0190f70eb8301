"""What is answered in a frame before its scripts have arrived counts, and its host is asked."""

from playwright.sync_api import Page

from tests.e2e.conftest import RunningApp
from tests.e2e.early import HeldScripts, answer_early
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

LISTEN = """
window.asked = [];
addEventListener("trex:before-submit", ({ detail }) => asked.push(detail.data.step));
"""


def test_an_answer_before_the_scripts_leads_on(page: Page, app: RunningApp, host: Host) -> None:
    page.add_init_script(LISTEN)
    scripts = HeldScripts(page)
    address = host.page(app.address, widget(app.address, workflow="entry"))
    with page.expect_event("framenavigated", lambda frame: frame.url.startswith(app.address)):
        page.goto(address, wait_until="commit")
    shown = Widget(page)
    answer_early(shown.frame, "intent", "selling")
    scripts.let_go()
    shown.shows("has_buyer")
    assert page.evaluate("asked") == ["intent_selection"]
