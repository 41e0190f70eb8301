"""Whatever happens in which order, each handler gets each event once, in its subject's order."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from tests.event_post import (
    DELIVERY,
    EFFECT,
    SUBSCRIPTIONS,
    Post,
    empty,
    event_database,
    scored,
)
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging import waiting
from trex_app.messaging.delivery import Deliveries
from trex_app.messaging.events import Event, LeadScored, record
from trex_app.messaging.registry import Registry

HANDLERS = ("first", "second")
SUBJECTS = st.sampled_from(["a", "b", "c"])


class Crash(BaseException):
    """The process ends in the middle of a transaction."""


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    with event_database(request.param, tmp_path_factory.mktemp("events")) as opened:
        yield opened


class EventsUnderWay(RuleBasedStateMachine):
    """Two handlers that write down, in their own transaction, what they got."""

    database: Database

    @initialize()
    def begin(self) -> None:
        empty(self.database)
        self.faults: dict[str, type[BaseException]] = {}
        functions = {name: self._handler(name) for name in SUBSCRIPTIONS}
        self.post = Post(self.database)
        registry = Registry(functions, SUBSCRIPTIONS)
        self.deliveries = Deliveries(self.database, registry, self.post.clock)
        self.recorded: dict[str, list[int]] = defaultdict(list)
        self.count = 0

    @rule(subjects=st.lists(SUBJECTS, min_size=1, max_size=3), is_kept=st.booleans())
    def record(self, subjects: list[str], is_kept: bool) -> None:
        """Record facts, with a commit or with a crash before it."""
        numbers = [self.count + n for n in range(len(subjects))]
        self.count += len(subjects)
        facts = [scored(s, number) for s, number in zip(subjects, numbers, strict=True)]

        def work(tx: Transaction) -> None:
            record(tx, *facts, now=self.post.now, subscriptions=SUBSCRIPTIONS)
            if not is_kept:
                raise RuntimeError

        if is_kept:
            self.database.write_sync(work)
            for subject, number in zip(subjects, numbers, strict=True):
                self.recorded[subject].append(number)
        else:
            with pytest.raises(RuntimeError):
                self.database.write_sync(work)

    @rule(handler=st.sampled_from(HANDLERS), at=st.integers(0, 30))
    def bring(self, handler: str, at: int) -> None:
        """Bring any event to a handler, also one that has to wait or is done."""
        sequences = self.post.sequences()
        if sequences:
            self.deliveries.deliver(handler, sequences[at % len(sequences)])

    @rule(handler=st.sampled_from(HANDLERS), subject=SUBJECTS)
    def bring_subject(self, handler: str, subject: str) -> None:
        self.deliveries.deliver_subject(handler, subject)

    @rule(handler=st.sampled_from(HANDLERS))
    def look(self, handler: str) -> None:
        for sequence in self.deliveries.due(handler, limit=5):
            self.deliveries.deliver(handler, sequence)

    @rule(handler=st.sampled_from(HANDLERS))
    def begin_to_fail(self, handler: str) -> None:
        self.faults[handler] = ValueError

    @rule(handler=st.sampled_from(HANDLERS))
    def recover(self, handler: str) -> None:
        self.faults.pop(handler, None)

    @rule(handler=st.sampled_from(HANDLERS), subject=SUBJECTS)
    def crash(self, handler: str, subject: str) -> None:
        """End in the middle of handling: nothing is left of it, not even that it was tried."""
        before = self.faults.get(handler)
        self.faults[handler] = Crash
        try:
            self.deliveries.deliver_subject(handler, subject)
        except Crash:
            pass
        finally:
            self.faults.pop(handler)
            if before is not None:
                self.faults[handler] = before

    @rule(seconds=st.sampled_from([1, 60, 4000]))
    def wait(self, seconds: int) -> None:
        self.post.wait(seconds=seconds)

    @rule(handler=st.sampled_from(HANDLERS))
    def park(self, handler: str) -> None:
        """Set the first waiting event aside, as its eighth failure would."""
        pending = (DELIVERY.c.handler == handler) & (DELIVERY.c.status == "pending")
        first = select(DELIVERY.c.sequence).where(pending).order_by(DELIVERY.c.sequence).limit(1)
        this = (DELIVERY.c.sequence == first.scalar_subquery()) & pending
        change = update(DELIVERY).where(this).values(status=waiting.PARKED)
        self.database.write_sync(lambda tx: tx.connection.execute(change))

    @rule(handler=st.sampled_from([None, *HANDLERS]))
    def replay(self, handler: str | None) -> None:
        where = DELIVERY.c.status == waiting.PARKED
        if handler is not None:
            where &= DELIVERY.c.handler == handler
        self.database.write_sync(lambda tx: self.post.records._replay(tx, where))

    @invariant()
    def each_handler_has_a_beginning_of_each_subject(self) -> None:
        for handler in HANDLERS:
            for subject, numbers in self._done(handler).items():
                assert numbers == self.recorded[subject][: len(numbers)]

    def teardown(self) -> None:
        """Once nothing fails any more, everything arrives."""
        if not hasattr(self, "recorded"):
            return
        self.faults.clear()
        self.replay(None)
        for handler in HANDLERS:
            self.post.wait(days=1)
            for subject in self.recorded:
                self.deliveries.deliver_subject(handler, subject)
            done = self._done(handler)
            assert done == {s: numbers for s, numbers in self.recorded.items() if numbers}

    def _handler(self, name: str):
        def handle(tx: Transaction, event: Event) -> None:
            assert isinstance(event, LeadScored)
            # A second time would break the primary key.
            row = {"day": "", "workflow_id": name, "step": str(event.score), "what": event.subject}
            position = len(self.post.sequences())
            tx.connection.execute(EFFECT.insert().values({**row, "count": position}))
            self.order.append((name, event))
            if name in self.faults:
                self.order.pop()
                raise self.faults[name]

        self.order: list[tuple[str, Event]] = []
        return handle

    def _done(self, handler: str) -> dict[str, list[int]]:
        """What the handler has done for good, by subject, in the order in which it did it."""
        kept = select(EFFECT.c.step, EFFECT.c.what).where(EFFECT.c.workflow_id == handler)
        rows = self.database.read_sync(lambda tx: tx.connection.execute(kept).all())
        numbers = {(row.what, int(row.step)) for row in rows}
        done: dict[str, list[int]] = defaultdict(list)
        for name, event in self.order:
            if name == handler and isinstance(event, LeadScored):
                assert (event.subject, event.score) in numbers
                done[event.subject].append(event.score)
        assert sum(map(len, done.values())) == len(numbers)
        return dict(done)


def test_every_event_is_handled_once_and_in_order(database: Database) -> None:
    run_state_machine_as_test(
        type("OverThisDatabase", (EventsUnderWay,), {"database": database}),
        settings=settings(
            max_examples=100,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
