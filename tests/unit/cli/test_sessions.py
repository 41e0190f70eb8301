"""Sessions from the command line: seen without personal data, verified, erased."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.unit.cli.conftest import Terminal
from trex_app.container import Container
from trex_app.services.views import Caller, StepView

CALLER = Caller(visitor="seller")
VEHICLE = {
    "vin": "1HGCM82633A004352",
    "mileage_km": 90_000,
    "condition": "good",
    "asking_price": 7_500,
    "postal_code": "60618",
}
LONG_AGO = "created_at = '2019-12-31 00:00:00.000000', expires_at = '2020-01-01 00:00:00.000000'"


@pytest.fixture
def session_id(terminal: Terminal) -> str:
    """A session under way, with personal data in it and a resume link."""

    async def sell(container: Container) -> str:
        journeys = container.journeys
        view: StepView = await journeys.start(CALLER, "selling")
        for answers in ({"has_buyer": False}, VEHICLE):
            view = await journeys.submit(CALLER, view.session_id, view.step_id, answers)
        await journeys.create_resume_link(CALLER, view.session_id)
        return view.session_id

    return terminal.within(sell)


def execute(terminal: Terminal, statement: str) -> None:
    async def work(container: Container) -> None:
        await container.database.write(lambda tx: tx.connection.execute(text(statement)))

    terminal.within(work)


def test_a_session_is_shown_without_personal_data(terminal: Terminal, session_id: str) -> None:
    shown = terminal.run("sessions", "show", session_id, "--json")
    assert shown.json["step"] == "dealer_network"
    assert shown.json["status"] == "active"
    assert shown.json["path"] == ["has_buyer", "sale_vehicle", "dealer_network"]
    kinds = [fact["kind"] for fact in shown.json["history"]]
    assert kinds == ["started", "submitted", "submitted", "saved"]
    for output in (shown.out, terminal.run("sessions", "show", session_id).out):
        assert VEHICLE["vin"] not in output
        assert "60618" not in output


def test_the_history_is_verified(terminal: Terminal, session_id: str) -> None:
    printed = terminal.run("sessions", "verify", session_id)
    assert (printed.exit_code, printed.out) == (0, "The history is complete and unchanged.\n")
    execute(terminal, "UPDATE session_event SET kind = 'went' WHERE kind = 'submitted'")
    printed = terminal.run("sessions", "verify", session_id)
    assert (printed.exit_code, "changed from outside" in printed.err) == (1, True)


@pytest.mark.parametrize("command", ["show", "verify", "erase --yes"])
def test_an_unknown_session_is_refused(terminal: Terminal, command: str) -> None:
    printed = terminal.run("sessions", *command.split(), "nobody")
    assert (printed.exit_code, printed.err) == (1, "There is no session of this id.\n")


def test_a_session_in_time_is_not_purged(terminal: Terminal, session_id: str) -> None:
    printed = terminal.run("sessions", "purge", "--older-than-days", "0")
    assert printed.out == "Erased 0 sessions, removed 0 resume links.\n"
    assert terminal.run("sessions", "show", session_id, "--json").json["status"] == "active"


def test_an_expired_session_is_erased_and_its_history_stays_verifiable(
    terminal: Terminal, session_id: str
) -> None:
    execute(terminal, f"UPDATE session SET {LONG_AGO}")
    execute(terminal, "UPDATE resume_link SET expires_at = '2020-01-01 00:00:00.000000'")
    assert terminal.run("sessions", "show", session_id, "--json").json["status"] == "expired"

    done = terminal.run("sessions", "purge", "--json").json

    assert done == {"erased_sessions": 1, "removed_links": 1}
    shown = terminal.run("sessions", "show", session_id, "--json").json
    assert (shown["status"], "path" in shown) == ("erased", False)
    assert len(shown["history"]) == 4
    assert terminal.run("sessions", "verify", session_id).exit_code == 0
    again = terminal.run("sessions", "purge", "--json").json
    assert again == {"erased_sessions": 0, "removed_links": 0}


def test_completed_sessions_are_purged_only_when_asked_for(
    terminal: Terminal, session_id: str
) -> None:
    execute(terminal, f"UPDATE session SET status = 'completed', {LONG_AGO}")
    assert terminal.run("sessions", "purge", "--json").json["erased_sessions"] == 0
    purged = terminal.run("sessions", "purge", "--with-completed", "--json").json
    assert purged["erased_sessions"] == 1


def test_who_left_a_journey_alone_is_reminded_of_it_once(
    terminal: Terminal, session_id: str
) -> None:
    assert terminal.run("sessions", "remind").out == "Found 0 journeys left alone.\n"
    yesterday = (datetime.now(UTC) - timedelta(hours=25)).strftime("%Y-%m-%d %H:%M:%S.%f")
    execute(terminal, f"UPDATE session SET updated_at = '{yesterday}'")
    assert terminal.run("sessions", "remind").out == "Found 1 journey left alone.\n"
    events = terminal.run("events", "list", "--topic", "JourneyAbandoned", "--json").json
    assert [event["subject"] for event in events] == [session_id]
    assert terminal.run("sessions", "remind", "--json").json == {"left_alone": 0}


def test_a_person_is_erased_once_the_question_is_answered(
    terminal: Terminal, session_id: str
) -> None:
    refused = terminal.run("sessions", "erase", session_id, typed="n\n")
    assert refused.exit_code == 1
    assert terminal.run("sessions", "show", session_id, "--json").json["status"] == "active"

    done = terminal.run("sessions", "erase", session_id, typed="y\n")

    assert (done.exit_code, "Erased." in done.out) == (0, True)
    assert terminal.run("sessions", "show", session_id, "--json").json["status"] == "erased"
