"""The first screen of each shipped journey, known when the pages are built."""

from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import reflex as rx

from trex_app.core.texts import DEFAULT_LOCALE, locales
from trex_app.display.screens import step_view
from trex_app.display.views import StepView
from trex_app.engine import machine
from trex_app.engine.definition import Screen, Workflow
from trex_app.engine.loader import SHIPPED_FOLDER, from_source, read_folder
from trex_app.engine.program import Program
from trex_app.services import views as shown
from trex_app.services.capabilities import Capabilities
from trex_app.services.presentation import Presenter

BUILD_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # no clock decides what a first screen shows


@cache
def shipped_workflows() -> Mapping[str, Workflow]:
    """The journeys that come with the product, by id."""
    raws = read_folder(SHIPPED_FOLDER)
    return from_source({workflow_id: raw.source for workflow_id, raw in raws.items()})


def first_view(workflow_id: str, locale: str = DEFAULT_LOCALE) -> StepView | None:
    """The first screen of a shipped journey; None where it depends on the person or the data."""
    program = Program(shipped_workflows()[workflow_id])
    turn = machine.start(program, "", BUILD_TIME)
    if turn.pending is not None:
        return None
    session = turn.finish().session
    first = program.nodes[session.cursor].step
    if not isinstance(first, Screen) or any(source.provider for source in first.data):
        return None
    view = _at_once(Presenter(Capabilities()).view(program, session, locale))
    return step_view(view, locale)


def _at_once(presenting: Coroutine[Any, Any, shown.StepView]) -> shown.StepView:
    """What a coroutine yields that has nothing to wait for: no provider is asked."""
    try:
        presenting.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("A first screen waits for something.")


@cache
def first_views(locale: str = DEFAULT_LOCALE) -> Mapping[str, StepView]:
    """The first screens of the shipped journeys in a language, by the journey's id."""
    views = {workflow_id: first_view(workflow_id, locale) for workflow_id in shipped_workflows()}
    return {workflow_id: view for workflow_id, view in views.items() if view is not None}


class FirstViews(rx.State):
    """The first screens as the pages bind to them.

    Part of the state that every bundle starts with, so each is there once, however many controls
    are drawn from it.
    """

    by_locale: rx.Field[dict[str, dict[str, StepView]]] = rx.field(
        default_factory=lambda: {locale: {**first_views(locale)} for locale in locales()}
    )
    """Each by its language and its journey."""
