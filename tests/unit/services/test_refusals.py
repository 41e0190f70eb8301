"""Each refusal is one line and one count, by workflow and code; no value is in either."""

import pytest
from structlog.testing import capture_logs

from tests.unit.engine.examples import begin, visit_program
from trex_app.core.errors import Conflict, FieldError, StaleStep, TrexError, ValidationFailed
from trex_app.core.telemetry import REGISTRY
from trex_app.services.refusals import about, note, notes_refusals

SESSION = begin(visit_program())


def counted(code: str, workflow: str = "") -> float:
    labels = {"workflow": workflow, "code": code}
    return REGISTRY.get_sample_value("trex_refusals_total", labels) or 0


@notes_refusals
async def refuse(error: TrexError) -> None:
    about(SESSION)
    raise error


@notes_refusals
async def pass_on(error: TrexError) -> None:
    await refuse(error)


async def test_a_refusal_is_noted_once_with_its_workflow_and_step() -> None:
    before = counted("stale_step", "visit"), counted("stale_step")

    with capture_logs() as lines:
        with pytest.raises(StaleStep) as refused:
            await pass_on(StaleStep())
        note(refused.value)

    assert [(line["event"], line["code"], line["workflow"], line["step"]) for line in lines] == [
        ("journey_refused", "stale_step", "visit", SESSION.current_step)
    ]
    assert (counted("stale_step", "visit"), counted("stale_step")) == (before[0] + 1, before[1])


async def test_fields_are_named_but_not_by_what_a_sender_made_up() -> None:
    faults = [
        FieldError("email", "format", "Enter an address."),
        FieldError("data.Robin Vale", "unknown_field", "Leave it out."),
    ]

    with capture_logs() as lines, pytest.raises(ValidationFailed):
        await refuse(ValidationFailed(faults))

    assert [line["fields"] for line in lines] == [["email"]]


async def test_what_is_refused_before_a_session_is_known_has_no_workflow() -> None:
    before = counted("conflict")

    with capture_logs() as lines:
        note(Conflict())

    assert [(line["event"], line["workflow"]) for line in lines] == [("request_refused", "")]
    assert counted("conflict") == before + 1


def test_our_own_failure_is_counted_and_logged_by_its_edge_only() -> None:
    before = counted("internal_error")

    with capture_logs() as lines:
        note(TrexError())

    assert lines == []
    assert counted("internal_error") == before + 1
