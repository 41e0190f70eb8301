"""One trace from a click to the partner, through the job that a worker ran for it; nobody in it."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from tests.installation import TestSettings
from tests.integration.test_canaries import BUYER, CANARIES, CREDIT, PERSON
from tests.integration.world import ADA, CONTACT
from tests.sandbox_process import running_sandbox
from trex_app.container import Container
from trex_app.messaging.subscriptions import DEALER_ROUTING, JOURNEY_ANALYTICS, LEAD_SCORING
from trex_app.services.views import StepView

PATIENCE_SECONDS = 60
HANDLERS = {LEAD_SCORING, DEALER_ROUTING, JOURNEY_ANALYTICS}
CAR = {
    "vin": "1HGCM82633A004352",
    "mileage_km": 42000,
    "condition": "good",
    "asking_price": 9000,
    "postal_code": "60618",
}
CREDIT_WANTED = {
    "needs_financing": True,
    "applicant": "me",
    "amount": 5000,
    "credit_consent": True,
    "income_band": "50k_75k",
    **CREDIT,
}
SALE = (
    {"has_buyer": True},
    CAR,
    {"buyer_type": "private"},
    {**BUYER, "agreed_price": 8800},
    CREDIT_WANTED,
    {**CONTACT, **PERSON},
    {"wants_replacement": False},
)


@pytest_asyncio.fixture
async def office(exported: InMemorySpanExporter, tmp_path: Path) -> AsyncIterator[Container]:
    """An installation that asks the sandbox over real connections."""
    with running_sandbox() as sandbox:
        settings = TestSettings(
            data_dir=tmp_path, sandbox_url=sandbox.url, smtp_url=sandbox.smtp_url
        )
        container = Container(settings)
        await container.open()
        yield container
        await container.close()


SEARCH = ({"knows_vehicle": True}, {"price_max": 60000})


async def walk(office: Container, journey: str, answers: Sequence[dict[str, Any]]) -> StepView:
    journeys = office.journeys
    view = await journeys.start(ADA, journey)
    for answer in answers:
        view = await journeys.submit(ADA, view.session_id, view.step_id, answer)
    return view


async def delivered(office: Container) -> None:
    """Wait until the lead has arrived, the CRM knows of it, and every event was handled."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    under_way = text(
        "SELECT (SELECT count(*) FROM lead WHERE status != 'delivered')"
        " + (SELECT count(*) FROM crm_record WHERE status != 'done')"
        " + (SELECT count(*) FROM event_delivery WHERE status != 'done')"
    )
    while time.monotonic() < deadline:
        if not await office.database.read(lambda tx: tx.connection.execute(under_way).scalar_one()):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the lead is still under way")


async def ended(exported: InMemorySpanExporter) -> Sequence[ReadableSpan]:
    """Every span, once those of jobs and handlers are there: they end after what they commit."""
    wanted = {"job submit_lead", "job record_in_crm", *HANDLERS}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        spans = exported.get_finished_spans()
        if wanted <= {span.name for span in spans} | handlers_of(spans):
            return spans
        await asyncio.sleep(0.05)
    pytest.fail(f"not all of {wanted} ended")


def handlers_of(spans: Sequence[ReadableSpan]) -> set[str]:
    """Which handlers of events have spans of their own."""
    handled = (span for span in spans if span.name == "event.handle")
    return {str((span.attributes or {})["handler"]) for span in handled}


def traces(spans: Sequence[ReadableSpan]) -> list[set[str]]:
    """The names of each trace's spans."""
    names: dict[int, set[str]] = {}
    for span in spans:
        context = span.get_span_context()
        assert context is not None
        names.setdefault(context.trace_id, set()).add(span.name)
    return list(names.values())


def everything_said(span: ReadableSpan) -> str:
    said = (span.name, dict(span.attributes or {}), span.status.description, span.events)
    return repr(said)


async def test_a_submit_and_all_it_sets_off_are_one_trace_without_the_person(
    office: Container, exported: InMemorySpanExporter
) -> None:
    await walk(office, "buying", SEARCH)
    view = await walk(office, "selling", SALE)
    assert view.status == "completed"
    await delivered(office)
    spans = await ended(exported)
    found = traces(spans)
    looked_up = {"workflow.submit", "workflow.lookup", "partner.attempt"}
    assert any(looked_up <= names for names in found), found
    sent = {"workflow.submit", "job submit_lead", "job record_in_crm", "partner.attempt"}
    assert any(sent <= names for names in found), found
    followed = {"workflow.submit", "event.handle"}
    assert any(followed <= names for names in found), found
    assert {"event.handle"} not in found
    said = [everything_said(span) for span in spans]
    assert [canary for canary in CANARIES if any(canary in each for each in said)] == []
