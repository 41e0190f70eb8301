"""What operators see of events, and how they let parked ones try again."""

import pytest

from tests.event_post import NOW, Post, cancelled, delivered, scored
from trex_app.core.errors import NotFound
from trex_app.messaging.delivery import MAX_ATTEMPTS
from trex_app.messaging.events import Event
from trex_app.messaging.records import KEPT, forget_handled, heard_before


def fail(_handler: str, _event: Event) -> None:
    raise ValueError


def park(post: Post, *handlers: str) -> None:
    post.fault = fail
    for _ in range(MAX_ATTEMPTS):
        for handler in handlers:
            post.deliver_due(handler)
        post.wait(days=1)
    post.fault = lambda _handler, _event: None


async def test_events_are_listed_with_how_each_handler_stands(post: Post) -> None:
    post.record(scored("a"), cancelled("b"))
    post.drain("second")
    newest, oldest = await post.records.list_events(limit=10)
    assert (newest.topic, newest.subject, newest.recorded_at) == ("LeadCancelled", "b", NOW)
    ways = [(way.handler, way.status, way.attempts) for way in oldest.deliveries]
    assert ways == [("first", "pending", 0), ("second", "done", 1)]
    assert oldest.as_json()["recorded_at"] == NOW.isoformat()


async def test_events_can_be_listed_by_topic_and_number(post: Post) -> None:
    post.record(scored("a"), scored("b"), cancelled("c"))
    assert [e.subject for e in await post.records.list_events(limit=1, topic="LeadScored")] == ["b"]


async def test_parked_events_are_listed_the_oldest_first(post: Post) -> None:
    post.record(scored("a"), cancelled("b"))
    park(post, "first", "third")
    found = await post.records.parked()
    assert [(e.handler, e.subject, e.attempts) for e in found] == [
        ("first", "a", MAX_ATTEMPTS),
        ("third", "b", MAX_ATTEMPTS),
    ]
    assert str(found[0].as_json()["reason"]).startswith("ValueError: ")


async def test_one_event_can_be_replayed(post: Post) -> None:
    post.record(scored("a"), scored("b"))
    park(post, "first")
    chosen = (await post.records.parked())[1]
    assert await post.records.replay(event_id=chosen.event_id) == 1
    assert post.statuses("first") == ["parked", "pending"]


async def test_the_events_of_a_handler_can_be_replayed(post: Post) -> None:
    post.record(scored("a"))
    park(post, "first", "second")
    assert await post.records.replay(handler="second") == 1
    assert (post.statuses("first"), post.statuses("second")) == (["parked"], ["pending"])


async def test_what_is_not_parked_cannot_be_replayed(post: Post) -> None:
    post.record(scored("a"))
    post.drain("first")
    (event,) = await post.records.list_events(limit=1)
    with pytest.raises(NotFound):
        await post.records.replay(event_id=event.event_id)
    assert await post.records.replay() == 0
    assert post.statuses("first") == ["done"]


def test_a_handler_can_ask_what_it_heard_of_a_subject_before(post: Post) -> None:
    post.record(scored("a"), scored("b"), delivered("a"))
    post.deliveries.deliver("first", post.sequences()[0])
    heard = post.database.read_sync(lambda tx: heard_before(tx, "first", "a"))
    assert heard == [scored("a")]


async def test_an_event_is_forgotten_once_every_handler_has_long_been_done_with_it(
    post: Post,
) -> None:
    post.record(scored("a"), cancelled("b"))
    for handler in post.registry.names:
        post.drain(handler)
    post.record(scored("parked"), scored("half"))
    park(post, "first")
    post.drain("second")
    assert forget_handled(post.database, NOW) == 0
    assert forget_handled(post.database, post.clock() + KEPT) == 2
    left = await post.records.list_events(limit=10)
    assert {event.subject for event in left} == {"parked", "half"}
    assert len(await post.records.parked()) == 2
