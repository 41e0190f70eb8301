"""A whole journey in a frame: the page hears that it is done, and of answers only if allowed."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.conftest import add_tenant
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import Widget
from tests.e2e.walks import CONTACT, CREDIT, WALKS, Walk, move_on
from trex_app.embed.messages import Completed, Envelope


def completions(page: Page) -> list[dict[str, Any]]:
    """What the page has heard of an end, whole."""
    return page.evaluate("heard.filter((event) => event.type === 'completed')")


def walk_to_the_end(shown: Widget, walk: Walk) -> dict[str, Any]:
    """What the page is told of the end of a walk."""
    step = shown.step
    while step != walk.end:
        step = move_on(shown.frame, walk)
        shown.shows(step)
    shown.page.wait_for_function("heard.some((event) => event.type === 'completed')")
    (told,) = completions(shown.page)
    return told


def test_the_page_hears_of_the_end_once_and_of_no_answer(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    walk = WALKS["buying by a search"]
    first = shown.step
    told = walk_to_the_end(shown, walk)
    assert told["data"].keys() == {"reference"}
    reference = Completed.model_validate(told.pop("data")).reference
    expect(shown.frame.locator("main")).to_contain_text(reference)
    assert told.pop("on") == "widget"
    assert Envelope.model_validate(told).workflow == "buying"
    everything = json.dumps(page.evaluate("heard"), ensure_ascii=False)
    for given in ("first_name", "last_name", "email", "phone", "postal_code"):
        assert str(CONTACT[given]) not in everything
    page.reload()  # the reference is still there, and it is not told of again
    shown.until_ready()
    shown.shows(walk.end)
    expect(shown.frame.locator("main")).to_contain_text(reference)
    shown.frame.get_by_role("button", name="Start something new").click()
    shown.shows(first)
    assert completions(page) == []


def test_the_end_leads_to_where_the_request_stands_in_a_tab_that_knows_nobody(
    page: Page, app: RunningApp, host: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address), lang="de"))
    shown = Widget(page).until_ready()
    reference = walk_to_the_end(shown, WALKS["buying by a search"])["data"]["reference"]
    with page.context.expect_page() as opened:
        shown.frame.locator(f'a[href*="/status/{reference}"]').click()
    status = opened.value
    expect(status.locator("[data-standing]")).to_be_visible()
    expect(status.get_by_text("Ihre Anfrage ist angekommen", exact=True)).to_be_visible()
    status.wait_for_url(f"{app.address}/de/status/{reference}")  # the signed part is gone again


def test_another_visit_begins_a_journey_of_its_own(page: Page, app: RunningApp, host: Host) -> None:
    address = host.page(app.address, widget(app.address))
    page.goto(address)
    shown = Widget(page).until_ready()
    first = shown.step
    walk_to_the_end(shown, WALKS["buying by a search"])
    again = page.context.new_page()
    again.goto(address)
    Widget(again).until_ready().shows(first)


def test_the_page_of_a_tenant_that_may_have_them_hears_the_answers_but_those_of_credit(
    page: Page, app: RunningApp
) -> None:
    walk = WALKS["selling to a private buyer"]
    with running_host() as site:
        add_tenant(app, "sharing", site.address, "--share-answers")
        page.goto(site.page(app.address, widget(app.address, workflow="selling", tenant="sharing")))
        told = walk_to_the_end(Widget(page).until_ready(), walk)
    answers = Completed.model_validate(told["data"]).answers or {}
    # Whether and how much somebody borrows stays here with the rest of what the bureau is asked.
    assert answers.keys() == walk.answers.keys() - {"financing_needs"}
    assert answers["private_buyer"] == {
        "buyer_name": "Kim Lo",
        "buyer_email": "kim@example.com",
        "agreed_price": 12000,
    }
    assert answers["selling_confirmation"]["email"] == CONTACT["email"]
    everything = json.dumps(page.evaluate("heard"), ensure_ascii=False)
    for given in (*CREDIT.values(), "50k_75k"):
        assert str(given) not in everything
