"""Facts: recorded with what made them true, and the same when they are read back."""

import dataclasses
import json
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.event_post import EVENT, NOW, Post, delivered, scored
from trex_app.core.telemetry import PERSONAL_KEYS, correlated
from trex_app.db.transaction import Transaction
from trex_app.messaging import events
from trex_app.messaging.events import TOPICS, Event, LeadScored, decode, encode, record
from trex_app.messaging.subscriptions import SUBSCRIPTIONS

# As large as the columns, and the JSON of other systems, hold.
NUMBERS = st.integers(-(2**63), 2**63 - 1)


def facts(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: NUMBERS for name, hint in hints.items() if hint is int})


ANY_FACT = st.one_of([facts(kind) for kind in TOPICS.values()])


@given(fact=ANY_FACT)
def test_a_fact_is_the_same_when_it_is_read_back(fact: Event) -> None:
    assert decode(fact.topic, encode(fact)) == fact


@pytest.mark.parametrize("fact", TOPICS.values(), ids=lambda fact: fact.__name__)
def test_no_fact_has_a_place_for_personal_data(fact: type[Event]) -> None:
    names = {field.name for field in dataclasses.fields(fact)}  # pyright: ignore[reportArgumentType]
    assert names.isdisjoint(PERSONAL_KEYS)


@pytest.mark.parametrize("fact", TOPICS.values(), ids=lambda fact: fact.__name__)
def test_every_fact_names_its_subject(fact: type[Event]) -> None:
    names = {field.name for field in dataclasses.fields(fact)}  # pyright: ignore[reportArgumentType]
    assert fact.subject_field in names


def test_a_field_of_a_newer_build_is_left_out() -> None:
    assert decode("LeadDelivered", '{"lead_key": "k", "colour": "red"}') == delivered("k")


def test_a_topic_of_a_newer_build_is_not_known() -> None:
    with pytest.raises(KeyError):
        decode("LeadPainted", "{}")


def test_handlers_only_hear_of_topics_that_exist() -> None:
    heard = {topic for topics in SUBSCRIPTIONS.values() for topic in topics}
    assert heard <= TOPICS.keys()


def test_a_fact_stands_there_for_every_handler_of_its_topic(post: Post) -> None:
    post.record(scored("k"))
    assert [post.statuses(name) for name in ("first", "second", "third")] == [
        ["pending"],
        ["pending"],
        [],
    ]


def test_a_fact_goes_with_the_change_that_is_rolled_back(post: Post) -> None:
    told: list[int] = []
    post.database.listen(lambda: told.append(1))

    def fail(tx: Transaction) -> None:
        record(tx, scored("k"))
        raise RuntimeError

    with pytest.raises(RuntimeError):
        post.database.write_sync(fail)
    assert (post.sequences(), told) == ([], [])


def test_listeners_are_told_once_a_fact_is_committed(post: Post) -> None:
    seen: list[int] = []
    post.database.listen(lambda: seen.append(len(post.sequences())))
    post.record(scored("k"), delivered("k"))
    assert seen == [2]


def test_listeners_are_not_told_of_other_commits(post: Post) -> None:
    told: list[int] = []
    post.database.listen(lambda: told.append(1))
    post.database.write_sync(lambda tx: tx.connection.execute(select(1)).scalar_one())
    assert told == []


def test_a_fact_keeps_the_id_of_the_request_that_made_it_true(post: Post) -> None:
    with correlated("request-0001"):
        post.record(scored("k"))
    row = post.database.read_sync(lambda tx: tx.connection.execute(select(EVENT)).one())
    assert (row.topic, row.subject, row.correlation_id) == ("LeadScored", "k", "request-0001")
    assert (row.recorded_at, json.loads(row.data)["score"]) == (NOW, 50)


def test_whether_a_fact_was_ever_recorded_can_be_asked(post: Post) -> None:
    post.record(scored("k"))

    def asked(lead_key: str) -> bool:
        return post.database.read_sync(lambda tx: events.was_recorded(tx, LeadScored, lead_key))

    assert (asked("k"), asked("other")) == (True, False)
