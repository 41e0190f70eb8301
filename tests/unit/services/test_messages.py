"""Messages are taken up by one process at a time, and a few at a time."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.integration.post import Mailbox
from trex_app.core.crypto import Keyring
from trex_app.db import migrate
from trex_app.db.transaction import Database, Transaction
from trex_app.services import messages as sent_messages
from trex_app.services.contacts import Channel, Contact
from trex_app.services.delivery import MessageDelivery
from trex_app.services.messages import Draft, Messages, Purpose
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.quiet_hours import QuietHours

NOON = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
KEYRING = Keyring(b"a secret for tests" * 3)


def park(messages: Messages, tx: Transaction, key: str, round: int) -> None:
    """As a process without the channel does."""
    message = messages.open(tx, key, round)
    assert message is not None
    messages.park(tx, message, "email_not_configured")


def test_two_processes_that_look_never_take_up_one_message_twice(own_postgres_url: str) -> None:
    """While one has it, it may be sent: the other must not begin it anew after that."""
    migrate.upgrade(own_postgres_url)
    first, second = Database(own_postgres_url), Database(own_postgres_url)
    begun: list[int] = []
    begun_ids: list[str] = []

    def enqueue(
        tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        begun.append(round)
        begun_ids.append(key)

    times = [NOON]
    messages = Messages(KEYRING, lambda: times[-1], enqueue)
    draft = Draft(Purpose.SAVE_LINK, "link", "session", Contact.by_email("ada@example.org"), "en")
    first.write_sync(lambda tx: messages.write(tx, draft))
    first.write_sync(lambda tx: park(messages, tx, begun_ids[0], 0))
    times.append(NOON + timedelta(hours=1))

    def look(tx: Transaction) -> int:
        return messages.resume(tx, frozenset({Channel.EMAIL}), times[-1])

    def look_with_patience(tx: Transaction) -> int:
        tx.connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        return look(tx)

    both = first.write_sync(lambda tx: (look(tx), second.write_sync(look_with_patience)))
    assert (both, begun) == ((1, 0), [0, 1])
    for database in (first, second):
        database.close()


class Outbox:
    """Messages of a database, at a time of its own, with the jobs that were asked for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON
        self.begun: list[tuple[str, int]] = []
        self.on_begin: Callable[[Transaction, str, int], None] = lambda _tx, _key, _round: None
        self.messages = Messages(KEYRING, self.clock, self.enqueue)
        self.delivery = MessageDelivery(
            database,
            self.messages,
            PersonalLinks(KEYRING, lambda: NOON, "https://t.example"),
            self.clock,
            QuietHours.parse("21:00-08:00", "UTC"),
            mailer=Mailbox(),
        )

    def clock(self) -> datetime:
        """Never the same time twice."""
        self.now += timedelta(milliseconds=1)
        return self.now

    def enqueue(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        self.begun.append((key, round))
        self.on_begin(tx, key, round)

    def write(self, count: int) -> None:
        for number in range(count):
            contact = Contact.by_email("ada@example.org")
            draft = Draft(Purpose.SAVE_LINK, f"link-{number}", "session", contact, "en")
            self.database.write_sync(lambda tx, draft=draft: self.messages.write(tx, draft))

    def park(self, tx: Transaction, key: str, round: int) -> None:
        park(self.messages, tx, key, round)


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    monkeypatch.setattr(sent_messages, "RESUMED_AT_A_TIME", 2)
    url = f"sqlite:///{tmp_path}/trex.db"
    migrate.upgrade(url)
    with closing(Database(url)) as database:
        yield Outbox(database)


def test_of_many_that_were_parked_each_transaction_takes_up_a_few(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox.on_begin = outbox.park
    outbox.write(5)
    outbox.on_begin = lambda _tx, _key, _round: None
    outbox.begun.clear()
    counts: list[int] = []
    resume = outbox.messages.resume
    monkeypatch.setattr(
        outbox.messages, "resume", lambda *given: counts.append(resume(*given)) or counts[-1]
    )
    assert outbox.delivery.resume() == 5
    assert counts == [2, 2, 1, 0]
    assert [round for _, round in outbox.begun] == [1] * 5
    assert len({key for key, _ in outbox.begun}) == 5


def test_what_a_process_without_the_channel_parks_again_is_taken_up_once_a_look(
    outbox: Outbox,
) -> None:
    outbox.on_begin = outbox.park
    outbox.write(3)
    outbox.begun.clear()
    assert outbox.delivery.resume() == 3
    assert [round for _, round in outbox.begun] == [1] * 3
    assert outbox.delivery.resume() == 3
