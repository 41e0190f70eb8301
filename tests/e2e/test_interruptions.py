"""What happens to people in the middle of a journey: each journey stands all of it at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.walks import WALKS, Walk, begin, control, fill, move_on, send, shows, step_of

# A network that went away in silence is noticed after at most two beats of the socket.
NOTICED_MS = 30_000
BY_SEARCH = WALKS["buying by a search"]
# Each journey with the step in whose middle it is interrupted.
INTERRUPTED = {
    "from the entry, buying by a search": (
        Walk(
            "entry",
            {"intent_selection": {"intent": "buying"}, **BY_SEARCH.answers},
            "buying_complete",
        ),
        "search_results",
    ),
    "buying with advice": (WALKS["buying with advice"], "carin_questions"),
    "selling to a dealer": (WALKS["selling to a dealer"], "sale_vehicle"),
    "selling to a private buyer": (WALKS["selling to a private buyer"], "private_buyer"),
    "selling to the network": (WALKS["selling to the network, then buying"], "dealer_network"),
}


@pytest.mark.parametrize("name", INTERRUPTED)
def test_a_journey_stands_every_interruption(page: Page, name: str) -> None:
    walk, middle = INTERRUPTED[name]
    passed, step = [], begin(page, walk.journey)
    while step != middle:
        passed.append(step)
        step = move_on(page, walk)
    shows(page, middle)

    page.reload()
    shows(page, middle)
    go_through_history(page, walk, [*passed, middle])
    step = answer_without_a_network(page, walk, middle)
    step = answer_with_a_double_click(page, walk, step)
    while step != walk.end:
        step = move_on(page, walk)
    shows(page, walk.end)
    references = page.locator("[data-reference]").all_inner_texts()
    assert references
    page.reload()
    shows(page, walk.end)
    assert page.locator("[data-reference]").all_inner_texts() == references


def go_through_history(page: Page, walk: Walk, steps: list[str]) -> None:
    """By the browser's own buttons back to the first step and forward again; answers stay."""
    for step in reversed(steps[:-1]):
        page.go_back()
        shows(page, step)
        is_kept(page, walk, step)
    for step in steps[1:]:
        page.go_forward()
        shows(page, step)


def is_kept(page: Page, walk: Walk, step: str) -> None:
    """The first answer of a step stands as it was given."""
    name, value = next(iter(walk.answers[step].items()))
    controls = control(page, name)
    if controls.first.get_attribute("type") in {"radio", "checkbox"}:
        expect(controls.and_(page.locator(":checked"))).to_have_count(1)
    else:
        expect(controls.first).to_have_value(re.compile(re.escape(str(value)), re.IGNORECASE))


def answer_without_a_network(page: Page, walk: Walk, step: str) -> str:
    """Fill in and send a step while there is no network; it goes out when there is one again."""
    banner = page.locator('[data-banner="connection"]')
    page.context.set_offline(True)
    expect(banner).to_be_visible(timeout=NOTICED_MS)
    for name, value in walk.answers[step].items():
        fill(page, name, value)
    send(page)
    expect(page.locator(f'[data-step="{step}"]')).to_be_visible()
    page.context.set_offline(False)
    expect(banner).to_be_hidden(timeout=NOTICED_MS)
    return arrived_after(page, walk, step)


def answer_with_a_double_click(page: Page, walk: Walk, step: str) -> str:
    """Send a step twice at once: it counts once, and the next one is not answered with it."""
    for name, value in walk.answers[step].items():
        fill(page, name, value)
    page.locator('form button[type="submit"]').dblclick()
    after = arrived_after(page, walk, step)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#error-summary")).to_have_count(0)
    assert step_of(page) == after
    return after


def arrived_after(page: Page, walk: Walk, step: str) -> str:
    """Wait for the step that the walk meets next; its id."""
    steps = [*walk.answers, walk.end]
    after = steps[steps.index(step) + 1]
    expect(page.locator(f'[data-step="{after}"]')).to_be_visible(timeout=NOTICED_MS)
    shows(page, after)
    return after
