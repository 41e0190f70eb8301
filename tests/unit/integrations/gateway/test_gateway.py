"""Each call stands behind deadline, queue, breaker and retries, and fails in one of two ways."""

import asyncio
import json
from io import StringIO
from typing import Any

import httpx
import pytest

from tests.unit.integrations.gateway.scripted import (
    BEGIN,
    HOME,
    PARTNER,
    HandClock,
    ScriptedPartner,
    StoppedClock,
    a_gateway,
    a_number,
    answering,
    as_json,
    until,
)
from trex_app.core import telemetry
from trex_app.core.errors import PartnerRefused, PartnerUnavailable, SettingsInvalid
from trex_app.integrations.gateway import Gateway, PartnerPolicy, Reply, State
from trex_app.integrations.gateway.circuit import Pause


async def get(gateway: Gateway, **more: Any) -> Any:
    return (await gateway.call(PARTNER, "GET", "/cars", read=as_json, **more)).value


async def reason_of(work: Any) -> str:
    with pytest.raises(PartnerUnavailable) as failed:
        await work
    return failed.value.reason


def metric(name: str, **labels: str) -> float:
    return telemetry.REGISTRY.get_sample_value(name, {"partner": PARTNER, **labels}) or 0.0


async def test_a_call_carries_what_it_was_given() -> None:
    partner = answering({"fine": True})
    async with a_gateway(partner) as gateway:
        with telemetry.correlated("visit-12345678"):
            answer = await gateway.call(
                PARTNER,
                "POST",
                "/v1/leads",
                read=as_json,
                params={"dry": 1},
                json={"kind": "buying"},
                headers={"Accept": "application/json"},
                auth=("account", "token"),
                idempotency_key="lead-1",
            )
    (request,) = partner.requests
    assert answer.value == {"fine": True}
    assert (answer.as_of, answer.is_stale) == (BEGIN, False)
    assert str(request.url) == f"{HOME}/v1/leads?dry=1"
    assert request.content == b'{"kind":"buying"}'
    assert request.headers["idempotency-key"] == "lead-1"
    assert request.headers["x-correlation-id"] == "visit-12345678"
    assert request.headers["authorization"].startswith("Basic ")


async def test_a_call_outside_any_request_has_a_correlation_id_too() -> None:
    partner = answering(500, {})
    async with a_gateway(partner) as gateway:
        await get(gateway)
    first, second = [request.headers["x-correlation-id"] for request in partner.requests]
    assert first == second


async def test_a_form_and_bare_content_are_sent_as_they_are() -> None:
    partner = answering({})
    async with a_gateway(partner) as gateway:
        await gateway.call(PARTNER, "POST", "/sms", read=as_json, form={"Body": "a b"})
        await gateway.call(PARTNER, "POST", "/adf", read=as_json, content=b"<adf/>")
    assert [request.content for request in partner.requests] == [b"Body=a+b", b"<adf/>"]


async def test_a_read_is_tried_again_after_waits_that_grow() -> None:
    clock, partner = HandClock(), answering(500, httpx.ConnectError("away"), {"number": 3})
    async with a_gateway(partner, clock) as gateway:
        assert await get(gateway) == {"number": 3}
    assert len(partner.requests) == 3
    first, second = clock.slept
    assert 0.05 <= first <= 0.1
    assert 0.1 <= second <= 0.2


async def test_no_more_tries_than_the_policy_says() -> None:
    partner = answering(500)
    async with a_gateway(partner, retries=1) as gateway:
        assert await reason_of(get(gateway)) == "error"
    assert len(partner.requests) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_is_tried_again_only_under_a_key(method: str) -> None:
    partner = answering(500)
    async with a_gateway(partner, retries=2) as gateway:
        await reason_of(gateway.call(PARTNER, method, "/v1/leads", read=as_json))
        assert len(partner.requests) == 1
        keyed = gateway.call(PARTNER, method, "/v1/leads", read=as_json, idempotency_key="k")
        await reason_of(keyed)
    assert [request.headers.get("idempotency-key") for request in partner.requests] == [
        None,
        *["k"] * 3,
    ]


async def test_retries_end_with_their_budget() -> None:
    partner, before = answering(500), metric("trex_partner_retries_total", decision="withheld")
    numbers = {"failures_in_a_row": 10_000, "window_calls": 10_000}
    async with a_gateway(partner, StoppedClock(), **numbers) as gateway:
        for _ in range(100):
            await reason_of(get(gateway))
    assert len(partner.requests) == 100 + 10 + 3
    assert metric("trex_partner_retries_total", decision="withheld") > before


async def test_a_refusal_is_told_as_one_and_not_repeated() -> None:
    partner = answering(422)
    async with a_gateway(partner) as gateway:
        for _ in range(30):
            with pytest.raises(PartnerRefused) as refused:
                await get(gateway)
        assert gateway.health(PARTNER).state is State.CLOSED
    assert (refused.value.partner_status, refused.value.is_retryable) == (422, False)
    assert len(partner.requests) == 30


@pytest.mark.parametrize("status", [408, 425, 429])
async def test_a_partner_that_says_later_is_left_alone_until_then(status: int) -> None:
    clock = HandClock()
    partner = answering(httpx.Response(status, headers={"Retry-After": "30"}), {})
    async with a_gateway(partner, clock) as gateway:
        with pytest.raises(PartnerUnavailable) as later:
            await get(gateway)
        assert (later.value.reason, later.value.retry_after_seconds) == ("limited", 30)
        assert await reason_of(get(gateway)) == "limited"
        assert len(partner.requests) == 1
        assert gateway.health(PARTNER).state is State.CLOSED
        clock.seconds += 30
        assert await get(gateway) == {}


async def test_a_short_wait_that_was_asked_for_is_waited() -> None:
    clock = HandClock()
    partner = answering(httpx.Response(429, headers={"Retry-After": "1"}), {})
    async with a_gateway(partner, clock) as gateway:
        assert await get(gateway) == {}
    assert clock.slept == [1]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"number": "many"}', b'{"number": {}}'])
async def test_a_malformed_answer_counts_as_a_failure(body: bytes) -> None:
    partner = answering(httpx.Response(200, content=body))
    async with a_gateway(partner, retries=0) as gateway:
        for _ in range(5):
            ask = gateway.call(PARTNER, "GET", "/cars", read=a_number)
            assert await reason_of(ask) == "malformed"
        assert gateway.health(PARTNER).state is State.OPEN


async def test_an_open_breaker_refuses_without_a_call() -> None:
    partner = answering(500)
    async with a_gateway(partner, retries=0) as gateway:
        for _ in range(5):
            await reason_of(get(gateway))
        with pytest.raises(PartnerUnavailable) as failed:
            await get(gateway)
        assert failed.value.reason == "open"
        assert 10 <= (failed.value.retry_after_seconds or 0) <= 12
        assert failed.value.status == 503
        assert "open" not in failed.value.message
    assert len(partner.requests) == 5
    assert metric("trex_partner_breaker_state", state="open") == 1
    assert metric("trex_partner_breaker_state", state="closed") == 0


async def test_of_a_hundred_calls_at_once_at_most_three_find_out() -> None:
    clock, partner = HandClock(), answering(500)
    async with a_gateway(partner, clock, retries=0) as gateway:
        for _ in range(5):
            await reason_of(get(gateway))
        clock.seconds += 12
        partner.answers, partner.gate = [httpx.Response(200, json={})], asyncio.Event()
        calls = [asyncio.create_task(get(gateway)) for _ in range(100)]
        await until(lambda: sum(call.done() for call in calls) == 97)
        assert len(partner.requests) == 5 + 3
        assert gateway.health(PARTNER).state is State.HALF_OPEN
        partner.gate.set()
        found = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(answer == {} for answer in found) == 3
        assert {e.reason for e in found if isinstance(e, PartnerUnavailable)} == {"open"}
        assert gateway.health(PARTNER).state is State.CLOSED


async def test_thirty_two_run_thirty_two_wait_and_the_next_is_turned_away() -> None:
    partner = answering({})
    partner.gate = asyncio.Event()
    async with a_gateway(partner) as gateway:
        calls = [asyncio.create_task(get(gateway)) for _ in range(64)]
        await until(lambda: len(partner.requests) == 32)
        assert await reason_of(get(gateway)) == "busy"
        assert gateway.health(PARTNER).state is State.CLOSED
        partner.gate.set()
        assert await asyncio.gather(*calls) == [{}] * 64


async def test_an_open_breaker_is_told_at_once_also_when_all_places_are_taken() -> None:
    partner = answering({})
    partner.gate = asyncio.Event()
    async with a_gateway(partner, concurrent=1, queued=0) as gateway:
        running = asyncio.create_task(get(gateway))
        await until(lambda: len(partner.requests) == 1)
        assert await reason_of(get(gateway)) == "busy"
        gateway._partners[PARTNER].circuit.adopt(Pause(60, 1))
        assert await reason_of(get(gateway)) == "open"
        partner.gate.set()
        assert await running == {}


async def test_a_partner_that_hangs_holds_up_no_other() -> None:
    hanging, well = asyncio.Event(), PartnerPolicy(base_url="http://well.example")

    async def handle(request: httpx.Request) -> httpx.Response:
        if request.url.host != "well.example":
            await hanging.wait()
        return httpx.Response(200, json={})

    hung = PartnerPolicy(base_url=HOME, timeout_seconds=30)
    transport = httpx.MockTransport(handle)
    gateway = Gateway({PARTNER: hung, "crm": well}, HandClock(), transport=transport)
    calls = [asyncio.create_task(get(gateway)) for _ in range(64)]
    for _ in range(20):
        assert (await gateway.call("crm", "GET", "/", read=as_json)).value == {}
    assert not any(call.done() for call in calls)
    hanging.set()
    await asyncio.gather(*calls)
    await gateway.aclose()


async def test_each_decision_is_counted() -> None:
    def counted() -> dict[str, float]:
        return {
            outcome: metric("trex_partner_calls_total", outcome=outcome)
            for outcome in ("answered", "saved", "stale", "error", "open", "refused")
        }

    clock, partner, before = HandClock(), answering({"number": 1}, 404, 500), counted()
    async with a_gateway(partner, clock, retries=0, fresh_seconds=60) as gateway:

        async def saved_get() -> None:
            await gateway.call(PARTNER, "GET", "/saved", read=as_json, is_cached=True)

        await saved_get()
        await saved_get()
        with pytest.raises(PartnerRefused):
            await get(gateway)
        clock.seconds += 61
        await saved_get()
        for _ in range(5):
            await reason_of(get(gateway))
    after = counted()
    assert {name: after[name] - before[name] for name in after} == {
        "answered": 1,
        "saved": 1,
        "refused": 1,
        "stale": 1,
        "error": 4,
        "open": 1,
    }


async def test_the_deadline_covers_all_tries() -> None:
    partner = answering({})
    partner.gate = asyncio.Event()
    async with a_gateway(partner, timeout_seconds=0.05, failures_in_a_row=2) as gateway:
        assert await reason_of(get(gateway)) == "timeout"
        assert await reason_of(get(gateway)) == "timeout"
        assert gateway.health(PARTNER).state is State.OPEN


async def test_a_wait_that_would_end_after_the_deadline_is_not_begun() -> None:
    clock = HandClock()
    partner = answering(httpx.Response(503, headers={"Retry-After": "5"}))
    async with a_gateway(partner, clock, timeout_seconds=3) as gateway:
        assert await reason_of(get(gateway)) == "error"
    assert clock.slept == []


async def test_five_slow_answers_in_a_row_open_the_breaker() -> None:
    clock = HandClock()

    def slowly() -> httpx.Response:
        clock.seconds += 16
        return httpx.Response(200, json={})

    partner = ScriptedPartner([slowly])
    async with a_gateway(partner, clock, timeout_seconds=30.0) as gateway:
        assert [await get(gateway) for _ in range(4)] == [{}] * 4
        assert gateway.health(PARTNER).state is State.CLOSED
        assert await get(gateway) == {}
        assert gateway.health(PARTNER).state is State.OPEN


async def test_a_cancelled_call_says_nothing_about_the_partner() -> None:
    partner = answering({})
    partner.gate = asyncio.Event()
    async with a_gateway(partner, failures_in_a_row=1) as gateway:
        call = asyncio.create_task(get(gateway))
        await until(lambda: len(partner.requests) == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert gateway.health(PARTNER).state is State.CLOSED
        assert metric("trex_partner_attempts_open") == 0


async def test_more_calls_a_second_than_agreed_are_not_made() -> None:
    partner = answering({})
    async with a_gateway(partner, calls_per_second=2, retries=0) as gateway:
        assert [await get(gateway), await get(gateway)] == [{}, {}]
        assert await reason_of(get(gateway)) == "limited"
        assert gateway.health(PARTNER).state is State.CLOSED


async def test_a_partner_without_an_address_is_a_mistake_of_the_settings() -> None:
    gateway = Gateway({"crm": PartnerPolicy()}, HandClock())
    with pytest.raises(SettingsInvalid, match="TREX_CRM_URL"):
        await gateway.call("crm", "GET", "/", read=as_json)
    await gateway.aclose()


async def test_what_is_logged_names_no_address_and_no_answer() -> None:
    written = StringIO()
    telemetry.configure_logging("json", "DEBUG", written)
    partner = answering(500, httpx.Response(200, content=b"anna@example.com"))
    async with a_gateway(partner) as gateway:
        await reason_of(get(gateway, params={"postal_code": "60601"}))
    telemetry.configure_logging("text", "INFO")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    failed = [line for line in lines if line["event"] == "partner_attempt_failed"]
    assert [(line["reason"], line.get("status")) for line in failed[:2]] == [
        ("error", 500),
        ("malformed", 200),
    ]
    assert "60601" not in written.getvalue()
    assert "anna" not in written.getvalue()


async def test_work_of_another_protocol_stands_behind_the_same_rules() -> None:
    failures: list[Exception] = [ConnectionError(), TimeoutError()]

    async def deliver() -> str:
        if failures:
            raise failures.pop()
        return "sent"

    async with a_gateway(answering({})) as gateway:
        assert await gateway.guard(PARTNER, deliver, is_idempotent=True) == "sent"
        failures[:] = [OSError()] * 6
        assert await reason_of(gateway.guard(PARTNER, deliver, is_idempotent=False)) == "connection"
        assert len(failures) == 5


async def test_a_mistake_in_guarded_work_is_ours_and_not_the_partners() -> None:
    async def mistaken() -> None:
        raise ZeroDivisionError

    async with a_gateway(answering({}), failures_in_a_row=1) as gateway:
        with pytest.raises(ZeroDivisionError):
            await gateway.guard(PARTNER, mistaken, is_idempotent=True)
        assert gateway.health(PARTNER).state is State.CLOSED


async def test_guarded_work_is_cancelled_at_the_deadline() -> None:
    ended = asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with a_gateway(answering({}), timeout_seconds=0.05) as gateway:
        assert await reason_of(gateway.guard(PARTNER, hang, is_idempotent=True)) == "timeout"
    assert ended.is_set()


def test_a_reply_reads_as_json_and_text() -> None:
    reply = Reply(200, {}, b'{"a": "\xc3\xa4"}')
    assert reply.json() == {"a": "ä"}
    assert reply.text == '{"a": "ä"}'
