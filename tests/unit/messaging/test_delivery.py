"""Delivery: each event once for each handler, in order, and with patience."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import update

from tests.event_post import (
    DELIVERY,
    EFFECT,
    EVENT,
    NOW,
    SUBSCRIPTIONS,
    Post,
    cancelled,
    delivered,
    scored,
)
from trex_app.core.errors import PartnerRefused
from trex_app.core.telemetry import REGISTRY, correlated, correlation_id
from trex_app.core.tracing import span
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging.delivery import MAX_ATTEMPTS, RETRY_SECONDS, Deliveries, Outcome
from trex_app.messaging.events import Event
from trex_app.messaging.registry import Registry


def refuse(lead_key: str, handler: str = "first"):
    """A fault of one handler with the events of one lead."""

    def fault(name: str, event: Event) -> None:
        if (name, event.subject) == (handler, lead_key):
            raise ValueError("ada@example.org does not fit")

    return fault


def try_until_parked(post: Post, handler: str) -> None:
    for _ in range(MAX_ATTEMPTS):
        post.deliver_due(handler)
        post.wait(days=1)


def test_an_event_reaches_every_handler_of_its_topic(post: Post) -> None:
    post.record(scored("k"))
    for name in SUBSCRIPTIONS:
        post.drain(name)
    assert post.handled == [("first", scored("k")), ("second", scored("k"))]
    assert post.statuses("first") == ["done"]


def test_an_event_is_handled_once_however_often_it_is_brought(post: Post) -> None:
    post.record(scored("k"))
    (sequence,) = post.sequences()
    outcomes = [post.deliveries.deliver("first", sequence) for _ in range(3)]
    assert outcomes == [Outcome.DONE, Outcome.WAITING, Outcome.WAITING]
    assert post.heard("first") == [scored("k")]


def test_a_later_event_of_a_subject_waits_for_the_earlier_one(post: Post) -> None:
    post.record(scored("k"), delivered("k"))
    earlier, later = post.sequences()
    assert post.deliveries.deliver("first", later) is Outcome.WAITING
    assert post.deliveries.due("first", limit=10) == [earlier]
    post.drain("first")
    assert post.heard("first") == [scored("k"), delivered("k")]


def test_a_failure_undoes_what_the_handler_did(post: Post, database: Database) -> None:
    def half_way(tx: Transaction, _event: Event) -> None:
        row = {"day": "2026-05-04", "workflow_id": "w", "step": "", "what": "reached", "count": 1}
        tx.connection.execute(EFFECT.insert().values(row))
        raise ValueError

    functions = {**post.registry.functions, "first": half_way}
    deliveries = Deliveries(database, Registry(functions, SUBSCRIPTIONS), post.clock)
    post.record(scored("k"))
    assert deliveries.deliver("first", post.sequences()[0]) is Outcome.FAILED
    left = database.read_sync(lambda tx: tx.connection.execute(EFFECT.select()).all())
    assert left == []


def test_a_failed_event_is_tried_again_after_growing_pauses(post: Post) -> None:
    post.fault = refuse("k")
    post.record(scored("k"))
    for seconds in RETRY_SECONDS:
        assert post.deliver_due("first") == [Outcome.FAILED]
        post.wait(seconds=seconds - 0.5)
        assert post.deliver_due("first") == []
        post.wait(seconds=0.5)
    assert post.deliver_due("first") == [Outcome.PARKED]
    assert list(RETRY_SECONDS) == sorted(RETRY_SECONDS)


def test_a_parked_event_says_why_without_what_was_in_it(post: Post) -> None:
    post.fault = refuse("k")
    post.record(scored("k"))
    try_until_parked(post, "first")
    (row,) = post.rows("first")
    assert (row.status, row.attempts) == ("parked", MAX_ATTEMPTS)
    assert row.error.startswith("ValueError: ")
    assert "ada" not in row.error


def test_an_error_of_ours_gives_its_sentence_without_its_values(post: Post) -> None:
    def fault(_name: str, _event: Event) -> None:
        raise PartnerRefused("crm", 400)

    post.fault = fault
    post.record(scored("k"))
    post.deliver_due("first")
    assert post.rows("first")[0].error == f"PartnerRefused: {PartnerRefused.default_message}"


def test_what_stands_behind_a_parked_event_waits_with_it(post: Post) -> None:
    post.fault = refuse("k")
    post.record(scored("k"), delivered("k"), scored("other"))
    try_until_parked(post, "first")
    assert post.statuses("first") == ["parked", "pending", "done"]


async def test_a_replayed_event_goes_on_in_its_order(post: Post) -> None:
    post.fault = refuse("k")
    post.record(scored("k"), delivered("k"))
    try_until_parked(post, "first")
    post.handled.clear()
    post.fault = lambda _name, _event: None
    assert await post.records.replay() == 1
    post.drain("first")
    assert post.heard("first") == [scored("k"), delivered("k")]


def test_one_handler_that_fails_delays_no_other(post: Post) -> None:
    post.fault = refuse("k", handler="first")
    post.record(scored("k"))
    post.drain("first")
    post.drain("second")
    assert (post.statuses("first"), post.statuses("second")) == (["pending"], ["done"])


def test_an_event_of_a_newer_build_is_left_alone(post: Post) -> None:
    post.record(scored("k"), delivered("k"), scored("other"))
    newer = update(EVENT).where(EVENT.c.sequence == post.sequences()[0])
    post.database.write_sync(lambda tx: tx.connection.execute(newer.values(topic="LeadPainted")))
    post.drain("first")
    assert post.statuses("first") == ["pending", "pending", "done"]
    assert post.rows("first")[0].attempts == 0


def test_a_handler_of_a_newer_build_keeps_its_deliveries(post: Post) -> None:
    post.record(cancelled("k"))
    newer = update(DELIVERY).values(handler="painting")
    post.database.write_sync(lambda tx: tx.connection.execute(newer))
    for name in SUBSCRIPTIONS:
        post.drain(name)
    assert post.statuses("painting") == ["pending"]


def test_a_whole_subject_is_delivered_in_order(post: Post) -> None:
    post.record(scored("k"), scored("other"), delivered("k"))
    last = post.sequences()[-1]
    assert post.deliveries.deliver_subject("first", "k") == (Outcome.DONE, last)
    assert post.heard("first") == [scored("k"), delivered("k")]
    assert post.deliveries.deliver_subject("first", "k") == (Outcome.WAITING, None)


def test_a_handler_logs_under_the_id_of_the_request_behind_the_event(post: Post) -> None:
    seen: list[str | None] = []
    post.fault = lambda _name, _event: seen.append(correlation_id())
    with correlated("request-0002"):
        post.record(cancelled("k"))
    post.drain("third")
    assert seen == ["request-0002"]


def test_what_a_handler_does_is_a_child_of_the_span_that_recorded_the_event(
    post: Post, exported: InMemorySpanExporter
) -> None:
    with span("workflow.submit"):
        post.record(cancelled("k"))
    post.drain("third")
    submit, handling = exported.get_finished_spans()
    assert submit.context is not None
    assert handling.parent is not None
    assert handling.name == "event.handle"
    assert handling.parent.trace_id == submit.context.trace_id
    assert handling.parent.span_id == submit.context.span_id


def test_an_event_that_nothing_traced_is_handled_in_a_trace_of_its_own(
    post: Post, exported: InMemorySpanExporter
) -> None:
    post.record(cancelled("k"))
    post.drain("third")
    (handling,) = exported.get_finished_spans()
    assert handling.parent is None


def test_workers_share_the_work_and_do_nothing_twice(post: Post) -> None:
    post.record(*[fact for n in range(20) for fact in (scored(f"k{n}"), delivered(f"k{n}"))])
    workers = [Post(post.database, handled=post.handled) for _ in range(4)]
    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(lambda worker: worker.drain("first"), workers))
    post.drain("first")
    assert post.statuses("first") == ["done"] * 40
    heard = post.heard("first")
    assert len(heard) == 40
    for n in range(20):
        of_one = [event for event in heard if event.subject == f"k{n}"]
        assert of_one == [scored(f"k{n}"), delivered(f"k{n}")]


def test_an_event_in_other_hands_is_left_to_them(post: Post) -> None:
    if post.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer: whoever comes second waits, and finds it done")
    post.record(cancelled("k"))
    (sequence,) = post.sequences()
    begun, go_on = threading.Event(), threading.Event()

    def hold(_name: str, _event: Event) -> None:
        begun.set()
        assert go_on.wait(30)

    post.fault = hold
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post.deliveries.deliver, "third", sequence)
        assert begun.wait(30)
        assert post.deliveries.deliver("third", sequence) is Outcome.WAITING
        go_on.set()
        assert first.result(30) is Outcome.DONE
    assert post.heard("third") == [cancelled("k")]


def test_facts_of_one_subject_are_numbered_in_the_order_they_become_known(post: Post) -> None:
    """Whoever records about a subject later also commits later."""
    if post.database.dialect == "sqlite":
        pytest.skip("SQLite has one writer")
    from trex_app.messaging.events import record

    begun, go_on, second_done = threading.Event(), threading.Event(), threading.Event()

    def slowly(tx: Transaction) -> None:
        record(tx, scored("k"), subscriptions=SUBSCRIPTIONS)
        begun.set()
        assert go_on.wait(30)

    def quickly(tx: Transaction) -> None:
        record(tx, delivered("k"), subscriptions=SUBSCRIPTIONS)
        second_done.set()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(post.database.write_sync, slowly)
        assert begun.wait(30)
        second = pool.submit(post.database.write_sync, quickly)
        assert not second_done.wait(0.2)
        go_on.set()
        first.result(30)
        second.result(30)
    post.drain("first")
    assert post.heard("first") == [scored("k"), delivered("k")]


def test_metrics_count_by_handler_and_measure_the_lag(post: Post) -> None:
    labels = {"handler": "third", "topic": "LeadCancelled", "outcome": "delivered"}
    before = REGISTRY.get_sample_value("trex_event_deliveries_total", labels) or 0
    post.record(cancelled("k"))
    post.wait(seconds=90)
    post.deliveries.measure_lag("third")
    assert REGISTRY.get_sample_value("trex_event_lag_seconds", {"handler": "third"}) == 90
    post.drain("third")
    post.deliveries.measure_lag("third")
    assert REGISTRY.get_sample_value("trex_event_lag_seconds", {"handler": "third"}) == 0
    assert REGISTRY.get_sample_value("trex_event_deliveries_total", labels) == before + 1
    assert post.rows("third")[0].done_at > NOW


def test_what_the_broker_gave_up_counts_as_parked_once(post: Post) -> None:
    def parked() -> float:
        labels = {"handler": "third", "topic": "LeadCancelled", "outcome": "parked"}
        return REGISTRY.get_sample_value("trex_event_deliveries_total", labels) or 0.0

    before = parked()
    post.record(cancelled("k"))
    (sequence,) = post.sequences()
    for _ in range(2):
        post.deliveries.park_given_up("third", sequence)
    assert post.statuses("third") == ["parked"]
    assert parked() - before == 1
