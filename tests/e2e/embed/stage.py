"""A widget on a host's page, as a test takes hold of it."""

import time
from typing import Any

from playwright.sync_api import Frame, Page, expect

READY_MS = 30_000  # a busy machine takes its time to draw a first step
# Whether a frame is as tall as its content, and how tall it is.
SETTLED = "[innerHeight === Math.ceil(document.body.getBoundingClientRect().height), innerHeight]"


class Widget:
    """The element of an id on the page, and what stands in its frame."""

    def __init__(self, page: Page, element_id: str = "widget") -> None:
        self.page = page
        self.element_id = element_id
        self.element = page.locator(f"#{element_id}")

    def until_ready(self) -> "Widget":
        """Wait until its step can be answered."""
        self.reaches("ready")
        return self

    def reaches(self, state: str) -> None:
        """Wait until it is in a state: loading, ready or error."""
        expect(self.element).to_have_attribute("data-state", state, timeout=READY_MS)

    @property
    def frame(self) -> Frame:
        """What stands in its frame. The element's shadow tree is closed, so it goes by the name."""
        instance = self._instance()
        return next(f for f in self.page.frames if f.name.partition(" ")[2].endswith(instance))

    @property
    def step(self) -> str:
        """The step on display."""
        return self.element.get_attribute("data-step") or ""

    def shows(self, step: str) -> None:
        """Wait until a step is on display and the page has heard of it."""
        expect(self.element).to_have_attribute("data-step", step, timeout=READY_MS)
        expect(self.frame.locator(f'[data-step="{step}"]')).to_be_visible()
        # Behaviours are fetched after a step is drawn; what is pressed before goes unheard.
        expect(self.frame.locator(":not(:defined)")).to_have_count(0)

    def answer(self, **given: Any) -> None:
        """Choose values and send the step."""
        for name, value in given.items():
            self.frame.locator(f'form [name="{name}"][value="{value}"]').check()
        self.send()

    def send(self) -> None:
        """Press the step's main button."""
        self.frame.locator('form button[type="submit"]').click()

    def press_back(self) -> None:
        """Press the step's own way back."""
        self.frame.locator('[data-action="back"]').click()

    def settled_height(self) -> int:
        """The frame's height, once it is that of its content."""
        deadline = time.monotonic() + READY_MS / 1000
        # Compared each time anew: content that comes late makes the height another.
        while time.monotonic() < deadline:
            is_settled, height = self.frame.evaluate(SETTLED)
            if is_settled:
                return height
            self.page.wait_for_timeout(50)
        raise AssertionError("the frame's height is not that of its content")

    def _instance(self) -> str:
        attributes = ("tenant", "workflow", "session-key")
        return "/".join(self.element.get_attribute(name) or "" for name in attributes)


def wait_until_alone(page: Page) -> None:
    """Wait until it has no frame; a page itself counts none that stands in a shadow tree."""
    deadline = time.monotonic() + READY_MS / 1000
    while len(page.frames) > 1 and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert page.frames == [page.main_frame]
