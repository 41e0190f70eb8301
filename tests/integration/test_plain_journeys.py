"""Every way through every shipped journey without JavaScript: links, forms and nothing else."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from fastapi import FastAPI

from tests.integration.conftest import client_of
from tests.integration.plain_browser import PlainBrowser
from tests.integration.test_every_path import EVERY_WAY, assert_walked
from trex_app.container import Container
from trex_app.core.errors import FieldError, SealedStep, ValidationFailed
from trex_app.core.visitor import COOKIE_NAME
from trex_app.engine.program import Program
from trex_app.services.simulation import Person, Way, visit
from trex_app.services.views import Caller, StepView

pytestmark = pytest.mark.asyncio(loop_scope="module")


class PlainEdge:
    """The plain pages as an edge that made-up people walk through.

    What a person thinks of answering comes from the service; what they do goes through the page:
    a field that it does not draw, or a choice that it does not offer, fails the test.
    """

    def __init__(self, browser: PlainBrowser, container: Container, workflow: str) -> None:
        self.browser = browser
        self._container = container
        self._workflow = workflow

    async def start(self) -> StepView:
        """Open the journey's address, as a fallback link does."""
        await self.browser.open(f"/h/{self._workflow}")
        return await self._view()

    async def submit(self, view: StepView, answers: Mapping[str, Any]) -> StepView:
        """Fill in the form and press its main button."""
        await self._turn_to(answers)
        await self.browser.press("submit", answers)
        if self.browser.answer.status_code == 200:
            return await self._view()
        if self.browser.answer.status_code == 400:
            errors = self.browser.errors
            assert self.browser.title.startswith("Error: ")
            raise ValidationFailed([FieldError(name, "", text) for name, text in errors.items()])
        assert "already been sent" in self.browser.page.one("div", id="step-notice").text
        raise SealedStep

    async def back(self, view: StepView) -> StepView:
        """Press Back."""
        await self.browser.press("back")
        return await self._view()

    async def goto(self, view: StepView, step: str) -> StepView:
        """Go to the address of a step, as the links of a summary do."""
        await self.browser.open(f"/h/{self._workflow}/{step}")
        return await self._view()

    async def _turn_to(self, answers: Mapping[str, Any]) -> None:
        """Turn the pages of a listing until the chosen vehicle is on display."""
        chosen = answers.get("vehicle_id")
        while chosen and not self.browser.page.all("input", name="vehicle_id", value=chosen):
            await self.browser.follow(self.browser.page.one("a", rel="next"))

    async def _view(self) -> StepView:
        visitor = self.browser.client.cookies[COOKIE_NAME]
        caller, journeys = Caller(visitor=visitor, locale="en"), self._container.journeys
        session_id = await journeys.latest_session(caller, self._workflow)
        assert session_id is not None
        view = await journeys.show(caller, session_id)
        assert self.browser.step == view.step_id
        assert self.browser.page.one("h1").text == view.ui_config["title"]
        return view


@pytest.mark.parametrize(("program", "way"), EVERY_WAY)
async def test_every_way_leads_through_plain_pages(
    api: FastAPI, container: Container, program: Program, way: Way
) -> None:
    async with client_of(api) as client:
        edge = PlainEdge(PlainBrowser(client), container, program.id)
        person = Person(random.Random(f"plain {way.choices}"), way.choices)
        ending = await visit(person, edge, await edge.start())
        shown = {node.get("data-reference") for node in edge.browser.page.all("strong")}
    assert_walked(program, way, ending)
    assert shown == {row["reference"] for row in ending.data["references"]}
