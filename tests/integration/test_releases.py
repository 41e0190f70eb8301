"""A new release says something otherwise: who is under way still reads their own language."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.installation import TestSettings
from tests.integration.world import SettableClock
from trex_app.container import Container
from trex_app.core import texts
from trex_app.services.programs import PUBLICATIONS_MAX_AGE
from trex_app.services.publishing import Publishing
from trex_app.services.views import Caller, StepView

ADA = Caller(visitor="visitor-ada", locale="de")
BOB = Caller(visitor="visitor-bob", locale="de")
TOUR = """
id: tour
title: A tour
start: wish
steps:
  wish:
    component: Wish
    title: Where to?
    fields: {place: {type: string, title: Place, required: true}}
    next: [{to: over}]
  over: {end: over, component: Over, title: Over}
"""
Catalogue = Mapping[str, str]
FIRST: Catalogue = {"Where to?": "Wohin?", "Place": "Ort"}
SECOND: Catalogue = {"Where would you like to go?": "Wohin möchten Sie?", "Place": "Ort"}


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def release(tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch):
    """Run a release: a new process with its journey and its catalogue, over the same database."""
    shipped = texts.catalogue

    @asynccontextmanager
    async def run(tour: str, german: Catalogue) -> AsyncIterator[Container]:
        folder = tmp_path / "journeys"
        folder.mkdir(exist_ok=True)
        (folder / "tour.yaml").write_text(tour)

        def catalogue(locale: str) -> Catalogue:
            return {**shipped(locale), **german} if locale == "de" else shipped(locale)

        monkeypatch.setattr(texts, "catalogue", catalogue)
        monkeypatch.setattr(texts, "_kept", {})
        settings = TestSettings(
            data_dir=tmp_path / "var",
            workflows_dir=folder,
            environment="production",
            load_demo_data=False,
        )
        container = Container(settings, clock)
        await container.open(with_jobs=False)
        yield container
        await container.close()

    return run


def said(view: StepView) -> tuple[str, str]:
    return view.ui_config["title"], view.ui_config["fields"][0]["title"]


async def publish(container: Container, clock: SettableClock) -> None:
    files = container.files.current()
    publishing = Publishing(container.database, container.store, files, clock)
    await publishing.publish(await publishing.plan("tour"))
    clock.now += 2 * PUBLICATIONS_MAX_AGE


async def test_a_text_that_a_release_changed_keeps_its_german_until_it_is_published(
    release, clock: SettableClock
) -> None:
    async with release(TOUR, FIRST) as container:
        begun = await container.journeys.start(ADA, "tour")
        assert said(begun) == ("Wohin?", "Ort")

    changed = TOUR.replace("Where to?", "Where would you like to go?")
    async with release(changed, SECOND) as container:
        assert said(await container.journeys.show(ADA, begun.session_id)) == ("Wohin?", "Ort")
        assert said(await container.journeys.start(BOB, "tour")) == ("Wohin?", "Ort")
        await publish(container, clock)
        now = ("Wohin möchten Sie?", "Ort")
        assert said(await container.journeys.start(BOB, "tour")) == now
        assert said(await container.journeys.show(ADA, begun.session_id)) == now


async def test_a_journey_by_older_rules_keeps_its_german_for_good(
    release, clock: SettableClock
) -> None:
    async with release(TOUR, FIRST) as container:
        begun = await container.journeys.start(ADA, "tour")

    other_rules = TOUR.replace("Where to?", "Where would you like to go?").replace(
        "type: string, title: Place", "type: string, maxLength: 9, title: Place"
    )
    async with release(other_rules, SECOND) as container:
        await publish(container, clock)
        now = await container.journeys.start(BOB, "tour")
        assert said(now) == ("Wohin möchten Sie?", "Ort")
        assert said(await container.journeys.show(ADA, begun.session_id)) == ("Wohin?", "Ort")


async def test_a_process_of_the_former_release_reads_what_the_new_one_published(
    release, clock: SettableClock
) -> None:
    changed = TOUR.replace("Where to?", "Where would you like to go?")
    async with release(changed, SECOND) as container:
        await container.journeys.start(ADA, "tour")
    async with release(TOUR, FIRST) as container:
        assert said(await container.journeys.start(BOB, "tour"))[0] == "Wohin möchten Sie?"
