"""Several widgets on the page of somebody who was never there: all of them know the same person."""

from playwright.sync_api import Page, Response, Route

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import READY_MS, Widget

VISITORS = "**/api/embed/visitors"
TOGETHER_MS = 2_000  # more than a second frame needs to ask, where it asks beside the first
FIRST, SECOND = "vehicle_knowledge", "vehicle_search"
KEYS = ("left", "right")


def two(page: Page, app: RunningApp, host: Host) -> list[Widget]:
    """Two widgets that begin at once: nobody is answered before both could have asked."""
    held: list[Route] = []
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    page.route(VISITORS, hold)
    body = "".join(widget(app.address, id=key, session_key=key) for key in KEYS)
    page.goto(host.page(app.address, body))
    page.wait_for_timeout(TOGETHER_MS)
    is_held = False
    for route in held:
        route.continue_()
    return [Widget(page, key).until_ready() for key in KEYS]


def both_go_on(shown: list[Widget]) -> None:
    for one in shown:
        one.until_ready()
        one.shows(SECOND)


def test_two_that_begin_at_once_make_one_visitor(page: Page, app: RunningApp, host: Host) -> None:
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        if answer.url.endswith("/api/embed/visitors"):
            answers.append(answer)

    page.on("response", keep)
    shown = two(page, app, host)
    assert [bool(answer.json()["visitor"]) for answer in answers] == [True, False]
    for one in shown:
        one.answer(knows_vehicle="true")
    both_go_on(shown)
    page.reload()
    both_go_on(shown)
    # Another tab knows nothing of the first but the cookie.
    address = page.url
    again = page.context.new_page()
    page.close()
    again.goto(address)
    both_go_on([Widget(again, key) for key in KEYS])


def test_one_that_gets_no_answer_does_not_hold_up_the_other(
    page: Page, app: RunningApp, host: Host
) -> None:
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(VISITORS, hold_the_first)
    body = "".join(widget(app.address, id=key, session_key=key) for key in KEYS)
    page.goto(host.page(app.address, body))
    ready = page.locator("trex-workflow[data-state=ready]")
    ready.first.wait_for(timeout=READY_MS)
    held[0].continue_()
    for key in KEYS:
        Widget(page, key).until_ready()
