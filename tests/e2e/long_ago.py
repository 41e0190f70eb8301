"""What has happened to a person's journeys before a test looks at them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import RunningApp
from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.core.clock import Clock, utc_now
from trex_app.core.visitor import COOKIE_NAME
from trex_app.services.views import Caller

Answers = Mapping[str, Mapping[str, Any]]


def a_month_ago() -> Any:
    """The clock as it stood thirty days before now."""
    return utc_now() - timedelta(days=30)


def caller_of(page: Page) -> Caller:
    """Who the browser is to the services; its page has been somewhere in the app."""
    cookies = {cookie.get("name"): cookie.get("value", "") for cookie in page.context.cookies()}
    return Caller(visitor=cookies[COOKIE_NAME])


def left_behind(app: RunningApp, page: Page, journey: str, answers: Answers) -> None:
    """Let the person have answered so much of a journey, a month ago."""
    caller = caller_of(page)

    async def answer(container: Container) -> None:
        view = await container.journeys.start(caller, journey)
        for step, given in answers.items():
            view = await container.journeys.submit(caller, view.session_id, step, dict(given))

    in_the_app(app, answer, a_month_ago)


def erase(app: RunningApp, page: Page, journey: str) -> None:
    """Erase what the person has answered in a journey, as the operator does on request."""
    caller = caller_of(page)

    async def forget(container: Container) -> None:
        session_id = await container.journeys.latest_session(caller, journey)
        assert session_id is not None
        await container.database.write(lambda tx: container.erasure.erase_session(tx, session_id))

    in_the_app(app, forget)


def in_the_app(
    app: RunningApp, act: Callable[[Container], Awaitable[None]], clock: Clock = utc_now
) -> None:
    """Do something with the data of the running app, by a clock."""

    async def acting() -> None:
        container = Container(TestSettings(data_dir=app.folder), clock)
        await container.open(with_jobs=False)
        try:
            await act(container)
        finally:
            await container.close()

    with ThreadPoolExecutor() as aside:  # this thread's loop drives the browser
        aside.submit(asyncio.run, acting()).result()
