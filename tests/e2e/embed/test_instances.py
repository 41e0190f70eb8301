"""Many widgets on one page: whatever happens to one of them happens to no other."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget

SETTLED_SECONDS = 30
FIRST, SECOND = "vehicle_knowledge", "vehicle_search"
# By id: the journey and the session key. Two are the same journey under the same key.
WIDGETS = {
    "one": ("buying", "one"),
    "two": ("buying", "two"),
    "same": ("buying", ""),
    "again": ("buying", ""),
    "selling": ("selling", ""),
}


@pytest.fixture
def shown(page: Page, app: RunningApp, host: Host) -> dict[str, Widget]:
    """Five widgets, all of them ready."""
    body = "".join(
        widget(app.address, id=name, workflow=workflow, session_key=key)
        for name, (workflow, key) in WIDGETS.items()
    )
    page.goto(host.page(app.address, body))
    return {name: Widget(page, name).until_ready() for name in WIDGETS}


def heard_on(page: Page, name: str, kind: str) -> list[Any]:
    """What was heard of one widget."""
    wanted = [name, kind]
    return page.evaluate(
        "([name, kind]) => heard.filter(({ on, type }) => on === name && type === kind)", wanted
    )


def frames_of(page: Page) -> dict[str, str]:
    """The names of the frames, by what follows the nonce."""
    names = [frame.name.split(" ") for frame in page.frames if frame.name]
    return {instance: nonce for _, nonce, instance in names}


def test_each_has_a_name_a_nonce_and_keys_of_its_own(page: Page, shown: dict[str, Widget]) -> None:
    named = frames_of(page)
    assert set(named) == {
        "acme/buying/one",
        "acme/buying/two",
        "acme/buying/",
        "acme/buying/~",
        "acme/selling/",
    }
    assert len(set(named.values())) == len(WIDGETS)
    keys = page.frames[1].evaluate("Object.keys(sessionStorage)")
    assert {key for key in keys if key.startswith("token")} == {f"token:{one}" for one in named}


def test_an_answer_in_one_moves_no_other(page: Page, shown: dict[str, Widget]) -> None:
    shown["two"].answer(knows_vehicle="true")
    shown["two"].shows(SECOND)
    assert {name: one.step for name, one in shown.items() if name != "two"} == {
        "one": FIRST,
        "same": FIRST,
        "again": FIRST,
        "selling": shown["selling"].step,
    }
    assert shown["selling"].step not in {FIRST, SECOND, ""}
    for name in WIDGETS:
        assert len(heard_on(page, name, "step-changed")) == (2 if name == "two" else 1)


def test_one_that_is_taken_away_leaves_the_others_as_they_are(
    page: Page, shown: dict[str, Widget]
) -> None:
    deadline = time.monotonic() + SETTLED_SECONDS
    page.evaluate("for (const name of ['one', 'same']) document.getElementById(name).remove()")
    while len(page.frames) > 4:  # a page counts no frame in a shadow tree, but the browser does
        assert time.monotonic() < deadline, page.frames
        page.wait_for_timeout(50)
    shown["two"].answer(knows_vehicle="true")
    shown["two"].shows(SECOND)
    assert heard_on(page, "two", "unmounted") == []
    expect(page.locator("trex-workflow[data-state=ready]")).to_have_count(3)
    assert page.evaluate("two.stats.ignored + again.stats.ignored + selling.stats.ignored") == 0
