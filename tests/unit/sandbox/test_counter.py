"""Faults and repeats over real connections, the same for every HTTP partner."""

import socket
import time as wall
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.unit.sandbox.conftest import Time, running
from tests.unit.sandbox.examples import (
    DEALER,
    Received,
    ask_bureau,
    create_lead,
    send_adf,
    send_sms,
)
from trex_app.sandbox.counter import BODY_LIMIT

SetFault = Callable[..., None]

WRITES = {
    "credit": ask_bureau,
    "dealers": send_adf,
    "crm": create_lead,
    "sms": send_sms,
}


def look_up(partners: httpx.Client, key: str) -> httpx.Response:
    return partners.get("/v1/vehicles/count", params={"make": key})


CALLS = WRITES | {"vehicles": look_up}


@pytest.mark.parametrize("partner", CALLS)
def test_an_error_comes_as_often_as_it_should_and_then_all_is_well(
    partners: httpx.Client, received: Received, set_fault: SetFault, partner: str
) -> None:
    set_fault(partner, kind="error", status=503, count=2)
    statuses = [CALLS[partner](partners, "key").status_code for _ in range(3)]
    assert statuses[:2] == [503, 503]
    assert statuses[2] < 300
    assert [entry["repeat"] for entry in received(partner)] == [False]
    assert partners.get("/_sandbox/faults").json() == {}


@pytest.mark.parametrize("partner", CALLS)
def test_latency_answers_as_ever_but_later(
    partners: httpx.Client, set_fault: SetFault, time: Time, partner: str
) -> None:
    set_fault(partner, kind="latency", latency_ms=2_500)
    assert CALLS[partner](partners, "key").status_code < 300
    assert time.pauses == [2.5]


@pytest.mark.parametrize("partner", CALLS)
def test_a_malformed_answer_has_the_usual_status_and_is_no_json(
    partners: httpx.Client, received: Received, set_fault: SetFault, partner: str
) -> None:
    expected = CALLS[partner](partners, "first").status_code
    set_fault(partner, kind="malformed")
    answer = CALLS[partner](partners, "second")
    assert answer.status_code == expected
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match=r".*"):
        answer.json()
    assert len(received(partner)) == 2


@pytest.mark.parametrize("partner", CALLS)
@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_drop_closes_the_connection_without_an_answer(
    partners: httpx.Client,
    received: Received,
    set_fault: SetFault,
    partner: str,
    when: str,
    arrived: int,
) -> None:
    set_fault(partner, kind="drop", when=when)
    with pytest.raises(httpx.RemoteProtocolError):
        CALLS[partner](partners, "key")
    assert len(received(partner)) == arrived


def as_bytes(call: Callable[[httpx.Client, str], httpx.Response], host: str) -> bytes:
    """The request of a call as it goes over the wire."""
    sent: list[httpx.Request] = []

    def note(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(204)

    with httpx.Client(base_url=host, transport=httpx.MockTransport(note)) as client:
        call(client, "key")
    [request] = sent
    head = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1"]
    head += [name + b": " + value for name, value in request.headers.raw]
    return b"\r\n".join(head) + b"\r\n\r\n" + request.read()


@pytest.mark.parametrize("partner", CALLS)
@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_hang_never_answers_and_holds_nobody_else_up(
    partners: httpx.Client,
    received: Received,
    set_fault: SetFault,
    wait_for_hit: Callable[[str], None],
    partner: str,
    when: str,
    arrived: int,
) -> None:
    set_fault(partner, kind="hang", when=when)
    address = (partners.base_url.host, partners.base_url.port or 0)
    with socket.create_connection(address, timeout=0.2) as caller:
        caller.sendall(as_bytes(CALLS[partner], str(partners.base_url)))
        wait_for_hit(partner)
        assert len(received(partner)) == arrived
        partners.delete("/_sandbox/faults")
        assert CALLS[partner](partners, "key").status_code < 300
        with pytest.raises(TimeoutError):
            caller.recv(1)


def test_a_sandbox_with_a_hanging_caller_can_be_stopped() -> None:
    with (
        running(Time()) as sandbox,
        httpx.Client(base_url=sandbox.address, timeout=60) as partners,
        ThreadPoolExecutor(1) as pool,
    ):
        partners.put("/_sandbox/faults/crm", json={"kind": "hang"})
        hanging = pool.submit(create_lead, partners, "key")
        deadline = wall.monotonic() + 60
        while not partners.get("/_sandbox/faults").json()["crm"]["hits"]:
            assert wall.monotonic() < deadline, "the call did not arrive"
            wall.sleep(0.01)
        sandbox.stop()
        assert isinstance(hanging.exception(timeout=60), httpx.RemoteProtocolError)


@pytest.mark.parametrize("partner", WRITES)
def test_a_lost_answer_can_be_had_by_repeating_the_key(
    partners: httpx.Client, received: Received, set_fault: SetFault, partner: str
) -> None:
    set_fault(partner, kind="error", when="after", count=1)
    assert WRITES[partner](partners, "key").status_code == 500
    assert WRITES[partner](partners, "key").headers["idempotent-replayed"] == "true"
    assert [entry["repeat"] for entry in received(partner)] == [False, True]


@pytest.mark.parametrize("partner", WRITES)
def test_a_repeat_gets_the_first_answer_word_for_word(
    partners: httpx.Client, received: Received, partner: str
) -> None:
    first, second, other = (WRITES[partner](partners, key) for key in ("a", "a", "b"))
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert "idempotent-replayed" not in first.headers
    assert other.content != first.content
    assert [entry["repeat"] for entry in received(partner)] == [False, True, False]


def test_keys_of_two_partners_never_meet(partners: httpx.Client) -> None:
    assert create_lead(partners, "key").json()["id"]
    assert "idempotent-replayed" not in send_adf(partners, "key").headers


def test_of_many_calls_with_one_key_at_once_one_counts(
    partners: httpx.Client, received: Received
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: create_lead(partners, "key").content, range(24)))
    assert len(set(answers)) == 1
    assert sum(not entry["repeat"] for entry in received("crm")) == 1


@pytest.mark.parametrize("path", ["/v1/checks", f"/v1/dealers/{DEALER}/leads", "/v1/leads"])
def test_a_write_without_a_key_is_refused(partners: httpx.Client, path: str) -> None:
    answer = partners.post(path, json={})
    assert (answer.status_code, answer.json()["error"]["code"]) == (
        400,
        "IDEMPOTENCY_KEY_MISSING",
    )


def test_a_share_of_failures_is_the_same_share_each_time(
    partners: httpx.Client, set_fault: SetFault
) -> None:
    def statuses() -> list[int]:
        set_fault("vehicles", kind="error", probability=0.3)
        return [look_up(partners, "kia").status_code for _ in range(40)]

    first = statuses()
    assert first == statuses()
    assert 0 < first.count(500) < 40


def test_a_body_without_end_is_refused(partners: httpx.Client, received: Received) -> None:
    answer = create_lead(partners, "key", note="x" * BODY_LIMIT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "BODY_TOO_LARGE")
    assert received("crm") == []


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 100_000, b"\xff"]
)
def test_a_body_that_is_no_json_object_is_refused(partners: httpx.Client, body: bytes) -> None:
    answer = partners.post("/v1/leads", content=body, headers={"Idempotency-Key": "key"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "JSON_INVALID")
