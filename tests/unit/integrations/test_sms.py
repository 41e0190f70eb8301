"""Text messages: a service that does not know our keys sends none twice for a slip of its own."""

from typing import Any

import httpx
import pytest

from tests.unit.integrations.gateway.scripted import (
    HOME,
    UNHURRIED,
    HandClock,
    ScriptedPartner,
    answering,
)
from trex_app.core.errors import PartnerRefused, PartnerUnavailable
from trex_app.integrations.gateway import Gateway, PartnerPolicy
from trex_app.integrations.sms import TwilioMessages


async def send(partner: ScriptedPartner, to: str = "+13125550123") -> None:
    transport = httpx.MockTransport(partner.handle)
    policy = PartnerPolicy(base_url=HOME, timeout_seconds=UNHURRIED["timeout_seconds"])
    gateway = Gateway({"sms": policy}, HandClock(), transport=transport)
    try:
        await TwilioMessages(gateway, "AC1", "token", "+13125550100").send(to, "Hello", "sms-1")
    finally:
        await gateway.aclose()


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b'{"status": "queued"}'])
async def test_whatever_a_2xx_says_the_text_is_sent(body: bytes) -> None:
    partner = answering(httpx.Response(201, content=body))
    await send(partner)
    [request] = partner.requests
    assert request.headers["idempotency-key"] == "sms-1"


@pytest.mark.parametrize("fault", [500, 503, 429, httpx.ReadError("gone")], ids=str)
async def test_a_text_that_may_have_been_taken_is_not_sent_again_at_once(fault: Any) -> None:
    partner = answering(fault)
    with pytest.raises(PartnerUnavailable):
        await send(partner)
    assert len(partner.requests) == 1


async def test_what_can_be_no_number_is_not_sent() -> None:
    partner = answering(201)
    with pytest.raises(PartnerRefused):
        await send(partner, "call me")
    assert partner.requests == []
