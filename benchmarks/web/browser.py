"""Chromium at work: loads of the first screen, and walks through the buying journey."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from benchmarks.web.contenders import Contender
from benchmarks.web.figures import Bytes, Change, FirstScreen

PROBE = Path(__file__).parent / "probe.js"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FIRST_SCREEN = "/j/entry"
FIRST_CONTROL = 'form [name="intent"]'
BUYING = "/j/buying"
KINDS = {
    "document": "HTML",
    "script": "JS",
    "stylesheet": "CSS",
    "font": "fonts and images",
    "image": "fonts and images",
}
SETTLE_MS = 1000  # what still loads or shifts after the page is alive belongs to the load
PAUSE_MS = 300  # as a person does before pressing a button
POLL_MS = 5
WAIT_MS_MAX = 20_000
SHOWN_LENGTH_MAX = 500

ANSWERS: Mapping[str, Mapping[str, str | bool]] = {
    "vehicle_knowledge": {"knows_vehicle": "true"},
    "vehicle_search": {"make": "Toyota", "price_max": "60000"},
    "search_results": {"vehicle_id": True},
    "vehicle_selection": {"confirmed": True},
    "buying_confirmation": {
        "first_name": "Robin",
        "last_name": "Vale",
        "email": "robin.vale@example.com",
        "phone": "+1 512 555 0142",
        "postal_code": "73301",
        "contact_channels": True,
        "consent_contact": True,
    },
}
"""The buying journey, an answer for every step; True stands for the first choice there is."""


class BrowserUnavailable(Exception):
    """There is no browser to measure with; the message says how to get one."""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """The machine's own Chromium, with further `flags`. Raises BrowserUnavailable."""
    path = os.environ.get("TREX_TEST_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise BrowserUnavailable("install Chromium, or set TREX_TEST_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


class CpuMeter:
    """The CPU time that a page's main thread has used so far."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def read(self) -> tuple[float, float]:
        """Milliseconds of all tasks, and of those spent in scripts."""
        found = {
            metric["name"]: metric["value"]
            for metric in self._session.send("Performance.getMetrics")["metrics"]
        }
        return found["TaskDuration"] * 1000, found["ScriptDuration"] * 1000


def first_screen(browser: Browser, contender: Contender) -> FirstScreen:
    """A new visitor opens the journey that asks what one wants, and chooses the first answer."""
    with _visitor(browser, contender) as page:
        meter = CpuMeter(page)
        requests = _requests_of(page)
        page.goto(FIRST_SCREEN)
        _wait_for(page, "ready")
        page.wait_for_timeout(SETTLE_MS)
        task_ms, script_ms = meter.read()
        count = len(requests)
        control = page.locator(FIRST_CONTROL).first
        control.check()
        click_ms = _wait_for(page, "clickToPaint")
        seen = page.evaluate("window.__probe")
    return FirstScreen(
        requests=count,
        first_paint_ms=seen["fcp"],
        largest_paint_ms=seen["lcp"],
        alive_ms=seen["ready"],
        click_to_paint_ms=click_ms,
        layout_shift=seen["cls"],
        task_ms=task_ms,
        script_ms=script_ms,
    )


def files(browser: Browser, contender: Contender) -> dict[str, Bytes]:
    """What the first screen's files weigh by kind, as the server compresses them."""
    with _visitor(browser, contender) as page:
        requests = _requests_of(page)
        page.goto(FIRST_SCREEN)
        _wait_for(page, "ready")
        page.wait_for_timeout(SETTLE_MS)
        addresses = {
            (KINDS[request.resource_type], request.url)
            for request in requests
            if request.resource_type in KINDS and urlsplit(request.url).scheme == "http"
        }
    return {
        kind: Bytes(
            gzip=sum(weight(url, "gzip") for found, url in addresses if found == kind),
            brotli=sum(weight(url, "br, gzip") for found, url in addresses if found == kind),
        )
        for kind in dict.fromkeys(KINDS.values())
    }


def shows_heading_without_scripts(browser: Browser, contender: Contender) -> bool:
    """Whether the HTML alone shows the first step's title."""
    context = browser.new_context(base_url=contender.address, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(FIRST_SCREEN)
        heading = page.locator("h1")
        return heading.count() > 0 and heading.first.is_visible()
    finally:
        context.close()


def walk(browser: Browser, contender: Contender) -> list[Change]:
    """A new visitor goes through the whole buying journey; a change for every submit."""
    with _visitor(browser, contender) as page:
        meter = CpuMeter(page)
        page.goto(BUYING)
        _wait_for(page, "ready")
        page.wait_for_timeout(PAUSE_MS)
        return [_submit(page, meter, step, ANSWERS[step]) for step in ANSWERS]


def _submit(page: Page, meter: CpuMeter, step: str, given: Mapping[str, str | bool]) -> Change:
    page.locator(f'[data-step="{step}"]').wait_for()
    for name, value in given.items():
        _fill(page, name, value)
    page.wait_for_timeout(PAUSE_MS)
    begin = meter.read()
    page.locator('form button[type="submit"]').click()
    waited_ms = _wait_for(page, "stepChange")
    task_ms, script_ms = (after - before for after, before in zip(meter.read(), begin, strict=True))
    return Change(waited_ms, task_ms, script_ms)


def _fill(page: Page, name: str, value: str | bool) -> None:
    controls = page.locator(f'form [name="{name}"]')
    if value is True:
        controls.first.check()
    elif controls.first.get_attribute("type") == "radio":
        controls.and_(page.locator(f'[value="{value}"]')).check()
    else:
        controls.first.fill(str(value))


def _wait_for(page: Page, figure: str) -> float:
    """Wait until the probe holds a figure; the figure."""
    for _ in range(WAIT_MS_MAX // POLL_MS):
        value: Any = page.evaluate(f"window.__probe.{figure}")
        if value is not None:
            return float(value)
        page.wait_for_timeout(POLL_MS)
    shown = page.locator("body").inner_text()[:SHOWN_LENGTH_MAX]
    raise TimeoutError(f"{page.url}: no {figure} after {WAIT_MS_MAX / 1000:.0f} s, only: {shown}")


@contextmanager
def _visitor(browser: Browser, contender: Contender) -> Iterator[Page]:
    """A page of somebody who has never been here: no cookie, nothing cached."""
    context: BrowserContext = browser.new_context(base_url=contender.address)
    try:
        context.add_init_script(path=PROBE)
        yield context.new_page()
    finally:
        context.close()


def _requests_of(page: Page) -> list[Request]:
    """Every request of the page from now on, in a list that grows."""
    requests: list[Request] = []

    def keep(request: Request) -> None:
        requests.append(request)

    page.on("request", keep)
    return requests


def weight(url: str, encodings: str) -> int:
    """How many bytes a server sends for a file to somebody who takes these compressions."""
    headers = {"Accept-Encoding": encodings, "Accept": "*/*"}
    with httpx2.stream("GET", url, headers=headers) as answer:
        answer.raise_for_status()
        return sum(len(chunk) for chunk in answer.iter_raw())
