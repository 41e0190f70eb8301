"""A body is counted as it comes, whatever the headers claim."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from trex_app.api.body_limit import BODY_BYTES_MAX, DISCARDED_BYTES_MAX, BodyLimit
from trex_app.core.errors import BodyTooLarge


class Endpoint:
    """An application that keeps what arrives."""

    body: bytes | None = None
    after: Message | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        self.body = message["body"]
        assert message["more_body"] is False
        self.after = await receive()


async def no_answer(message: Message) -> None:
    raise AssertionError(message)


async def deliver(chunks: Iterable[bytes], headers: dict[str, str] | None = None) -> Endpoint:
    endpoint = Endpoint()
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    messages += [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    scope: dict[str, Any] = {
        "type": "http",
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    await BodyLimit(endpoint)(scope, receive, no_answer)
    return endpoint


@given(chunks=st.lists(st.binary(max_size=2000), max_size=20))
async def test_a_body_within_the_limit_arrives_whole(chunks: list[bytes]) -> None:
    endpoint = await deliver(chunks)
    assert endpoint.body == b"".join(chunks)
    assert endpoint.after == {"type": "http.disconnect"}


async def test_the_limit_itself_is_allowed() -> None:
    endpoint = await deliver([b"x" * BODY_BYTES_MAX])
    assert endpoint.body is not None
    assert len(endpoint.body) == BODY_BYTES_MAX


@pytest.mark.parametrize(
    ("chunks", "headers"),
    [
        ([b"x" * (BODY_BYTES_MAX + 1)], {}),
        ([b"x" * BODY_BYTES_MAX, b"x"], {}),
        ([b"x" * 1000] * 1000, {"transfer-encoding": "chunked"}),
        ([b"x" * 1000] * 1000, {"content-length": "1000"}),
        ([b"x" * 1024] * (DISCARDED_BYTES_MAX // 1024 + 1), {}),
        ([], {"content-length": str(DISCARDED_BYTES_MAX + 1)}),
    ],
)
async def test_a_larger_body_is_refused(chunks: list[bytes], headers: dict[str, str]) -> None:
    with pytest.raises(BodyTooLarge):
        await deliver(chunks, headers)


async def test_nothing_is_done_for_a_client_that_has_gone() -> None:
    endpoint = Endpoint()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await BodyLimit(endpoint)({"type": "http", "headers": []}, receive, no_answer)
    assert endpoint.body is None
