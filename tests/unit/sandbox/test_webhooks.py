"""Webhooks: signed, repeated until they arrive, and sent twice where they are told to be."""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

import httpx

from tests.unit.sandbox.conftest import Receiver, Time
from tests.unit.sandbox.examples import amount, ask_bureau
from trex_app.sandbox.webhooks import PAUSES_S, SECRET

LATER = {"amount": amount(15_077)}


def test_a_later_decision_is_sent_signed(
    partners: httpx.Client, receiver: Receiver, time: Time
) -> None:
    check_id = ask_bureau(partners, "key", callbackUrl=receiver.url, **LATER).json()["checkId"]
    [(headers, body)] = receiver.wait_for(1)
    sent_at = headers["x-credit-timestamp"]
    assert sent_at == str(int(time.now.timestamp()))
    signed = hmac.new(SECRET.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["x-credit-signature"] == f"v1={signed}"
    assert headers["content-type"] == "application/json"
    event = json.loads(body)
    assert event["type"] == "check.decided"
    assert event["check"] == {
        "checkId": check_id,
        "idempotencyKey": "key",
        "status": "decided",
        "outcome": "APPROVE",
        "reasons": ["WITHIN_LIMIT"],
        "limit": amount(37_500),
        "decidedAt": event["occurredAt"],
    }


def test_it_waits_for_the_decision(partners: httpx.Client, receiver: Receiver, time: Time) -> None:
    ask_bureau(partners, "key", callbackUrl=receiver.url, **LATER)
    receiver.wait_for(1)
    assert time.pauses == [0.5]


def test_a_decision_at_once_sends_nothing(
    partners: httpx.Client, receiver: Receiver, time: Time
) -> None:
    ask_bureau(partners, "at once", callbackUrl=receiver.url)
    ask_bureau(partners, "later", callbackUrl=receiver.url, **LATER)
    [(_, body)] = receiver.wait_for(1)
    assert json.loads(body)["check"]["idempotencyKey"] == "later"


def test_what_is_not_received_is_sent_again_after_growing_pauses(
    partners: httpx.Client, receiver: Receiver, time: Time
) -> None:
    receiver.statuses = [500, 404, 302]
    ask_bureau(partners, "key", callbackUrl=receiver.url, **LATER)
    bodies = [body for _, body in receiver.wait_for(4)]
    assert len(set(bodies)) == 1
    assert time.pauses == [0.5, *PAUSES_S[:3]]


def test_it_is_given_up_in_the_end(partners: httpx.Client, receiver: Receiver, time: Time) -> None:
    attempts = len(PAUSES_S) + 1
    receiver.statuses = [500] * attempts
    ask_bureau(partners, "first", callbackUrl=receiver.url, **LATER)
    receiver.wait_for(attempts)
    ask_bureau(partners, "second", callbackUrl=receiver.url, **LATER)
    last = json.loads(receiver.wait_for(attempts + 1)[-1][1])
    assert last["check"]["idempotencyKey"] == "second"


def test_a_duplicate_comes_twice_with_the_pending_between(
    partners: httpx.Client, receiver: Receiver, set_fault: Callable[..., None]
) -> None:
    set_fault("credit", kind="duplicate_webhook", count=1)
    check_id = ask_bureau(partners, "key", callbackUrl=receiver.url).json()["checkId"]
    events = [json.loads(body) for _, body in receiver.wait_for(3)]
    kinds = [event["type"] for event in events]
    assert kinds == ["check.decided", "check.pending", "check.decided"]
    assert events[0] == events[2]
    late = events[1]
    assert late["check"] == {"checkId": check_id, "idempotencyKey": "key", "status": "pending"}
    assert late["eventId"] != events[0]["eventId"]
    at, decided_at = (datetime.fromisoformat(event["occurredAt"]) for event in events[1:])
    assert at < decided_at


def test_reading_uses_no_duplicate_up(
    partners: httpx.Client, receiver: Receiver, set_fault: Callable[..., None]
) -> None:
    set_fault("credit", kind="duplicate_webhook", count=1)
    partners.get("/v1/checks/key")
    ask_bureau(partners, "key", callbackUrl=receiver.url)
    assert len(receiver.wait_for(3)) == 3


def test_a_repeat_of_the_key_sends_nothing_more(partners: httpx.Client, receiver: Receiver) -> None:
    for key in ("key", "key", "other"):
        ask_bureau(partners, key, callbackUrl=receiver.url, **LATER)
    sent = {json.loads(body)["check"]["idempotencyKey"] for _, body in receiver.wait_for(2)}
    assert sent == {"key", "other"}
