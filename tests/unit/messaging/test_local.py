"""Local delivery: threads that wake at once, share nothing, and go on after a restart."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.event_post import Post, cancelled, scored
from trex_app.core.errors import Unavailable
from trex_app.messaging import local
from trex_app.messaging.events import Event
from trex_app.messaging.local import LocalDelivery

PATIENCE_SECONDS = 30


@contextmanager
def running(post: Post) -> Iterator[LocalDelivery]:
    delivery = LocalDelivery(post.database, post.deliveries)
    delivery.start()
    try:
        yield delivery
    finally:
        delivery.stop()


def signal_when(post: Post, is_it: Callable[[str, Event], bool]) -> threading.Event:
    """Set as soon as a handler gets what is waited for."""
    seen = threading.Event()

    def look(handler: str, event: Event) -> None:
        if is_it(handler, event):
            seen.set()

    post.fault = look
    return seen


def test_a_commit_wakes_the_handlers_at_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "POLL_SECONDS", 3600.0)
    first = signal_when(post, lambda handler, event: event == cancelled("one"))
    with running(post):
        post.record(cancelled("one"))
        assert first.wait(PATIENCE_SECONDS)
        second = signal_when(post, lambda handler, event: event == cancelled("two"))
        post.record(cancelled("two"))
        assert second.wait(PATIENCE_SECONDS)


def test_what_another_process_recorded_is_found_by_looking(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(post.database, "listen", lambda _listener: None)
    seen = signal_when(post, lambda handler, _event: handler == "third")
    with running(post):
        post.record(cancelled("k"))
        assert seen.wait(PATIENCE_SECONDS)


def test_what_waited_for_a_start_is_delivered(post: Post) -> None:
    post.record(scored("k"))
    seen = signal_when(post, lambda handler, _event: handler == "second")
    with running(post):
        assert seen.wait(PATIENCE_SECONDS)
    assert post.statuses("second") == ["done"]


def test_a_handler_that_hangs_delays_no_other(post: Post) -> None:
    if post.database.dialect == "sqlite":
        pytest.skip("in SQLite a transaction that writes holds up every other")
    begun, go_on, other = threading.Event(), threading.Event(), threading.Event()

    def hang(handler: str, _event: Event) -> None:
        if handler == "first":
            begun.set()
            assert go_on.wait(PATIENCE_SECONDS)
        else:
            other.set()

    post.fault = hang
    with running(post):
        post.record(scored("k"))
        assert begun.wait(PATIENCE_SECONDS)
        assert other.wait(PATIENCE_SECONDS)
        go_on.set()


def test_a_database_that_is_away_for_a_moment_stops_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "POLL_SECONDS", 0.05)
    faults: list[Exception] = [Unavailable(), RuntimeError(), Unavailable()]
    due = post.deliveries.due

    def sometimes(handler: str, limit: int):
        if handler == "third" and faults:
            raise faults.pop()
        return due(handler, limit)

    monkeypatch.setattr(post.deliveries, "due", sometimes)
    seen = signal_when(post, lambda handler, _event: handler == "third")
    with running(post):
        post.record(cancelled("k"))
        assert seen.wait(PATIENCE_SECONDS)
    assert faults == []


def test_delivery_can_be_stopped_and_started_again(post: Post) -> None:
    with running(post) as delivery:
        delivery.stop()
        post.record(cancelled("k"))
        assert post.heard("third") == []
        seen = signal_when(post, lambda handler, _event: handler == "third")
        delivery.start()
        assert seen.wait(PATIENCE_SECONDS)
