"""Messages from the command line: listed without what they say, and begun anew."""

import pytest

from tests.unit.cli.conftest import Terminal
from trex_app.container import Container
from trex_app.services.contacts import Contact
from trex_app.services.messages import Draft, Purpose


@pytest.fixture
def message_id(terminal: Terminal) -> str:
    """A message that could not be sent, for there is no mail server."""

    async def fail(container: Container) -> str:
        draft = Draft(
            Purpose.SAVE_LINK,
            "link",
            "session-1",
            Contact.by_email("later@example.org"),
            "en",
            values={"link": "http://localhost:3000/resume/abc"},
        )
        database = container.database
        message_id = await database.write(lambda tx: container.messages.write(tx, draft))
        await container.message_delivery.attempt(message_id, 0)
        return message_id

    terminal.set(load_demo_data="false")
    return terminal.within(fail)


def test_messages_are_listed_without_what_they_say(terminal: Terminal, message_id: str) -> None:
    done = terminal.run("messages", "list")
    assert message_id in done.out
    assert "email_not_configured" in done.out
    assert "later@example.org" not in done.out
    (row,) = terminal.run("messages", "list", "--status", "parked", "--json").json
    assert (row["message_id"], row["purpose"], row["status"]) == (
        message_id,
        "save_link",
        "parked",
    )
    assert terminal.run("messages", "list", "--status", "sent", "--json").json == []


def test_a_status_that_no_message_can_have_is_refused(terminal: Terminal) -> None:
    printed = terminal.run("messages", "list", "--status", "delivered")
    assert (printed.exit_code, "Value error" in printed.err) == (2, False)
    allowed = "'queued', 'waiting', 'sent', 'parked', 'suppressed'"
    assert f"'delivered' is not one of {allowed}." in printed.err


def test_an_empty_list_says_so(terminal: Terminal) -> None:
    terminal.set(load_demo_data="false")
    assert "There are no messages." in terminal.run("messages", "list").out


def test_a_parked_message_is_begun_anew_once(terminal: Terminal, message_id: str) -> None:
    assert terminal.run("messages", "retry", message_id).exit_code == 0
    (row,) = terminal.run("messages", "list", "--json").json
    assert (row["status"], row["attempts"], row["error"]) == ("queued", 0, None)
    again = terminal.run("messages", "retry", message_id, "--json")
    assert again.exit_code == 1
    assert "no parked message" in again.err
