"""The sandbox as a process: killed in the middle, it still knows what it answered."""

from pathlib import Path

import httpx

from tests.sandbox_process import running_sandbox
from tests.unit.sandbox.conftest import Receiver
from tests.unit.sandbox.examples import (
    amount,
    ask_bureau,
    cancellation,
    create_lead,
    send_adf,
    send_sms,
)
from trex_app.sandbox.webhooks import PAUSES_S


def test_a_killed_sandbox_knows_its_keys_leads_and_checks_again(tmp_path: Path) -> None:
    with running_sandbox(tmp_path / "received.jsonl") as sandbox:
        with httpx.Client(base_url=sandbox.url, timeout=60) as partners:
            lead = create_lead(partners, "lead").json()
            check = ask_bureau(partners, "check").json()
            answers = [send_adf(partners, "adf").json(), send_sms(partners, "sms").json()]
        sandbox.kill()
        sandbox.restart()
        with httpx.Client(base_url=sandbox.url, timeout=60) as partners:
            assert create_lead(partners, "lead").json() == lead
            assert partners.get("/v1/checks/check").json() == check
            assert [send_adf(partners, "adf").json(), send_sms(partners, "sms").json()] == answers
            assert send_adf(partners, "cancel", cancellation()).status_code == 201
            address = f"/v1/leads/{lead['id']}"
            assert partners.patch(address, json={"status": "won"}).status_code == 200
        repeats = [entry["repeat"] for entry in sandbox.received("crm")]
        assert repeats == [False, True, False]


def test_a_webhook_that_was_not_delivered_is_sent_after_the_restart(
    tmp_path: Path, receiver: Receiver
) -> None:
    with running_sandbox(tmp_path / "received.jsonl") as sandbox:
        receiver.statuses = [500] * len(PAUSES_S)
        with httpx.Client(base_url=sandbox.url, timeout=60) as partners:
            asked = ask_bureau(partners, "key", callbackUrl=receiver.url, amount=amount(77))
        assert asked.status_code == 202
        receiver.wait_for(1)
        sandbox.kill()
        before = len(receiver.requests)
        receiver.statuses.clear()
        sandbox.restart()
        assert asked.json()["checkId"].encode() in receiver.wait_for(before + 1)[-1][1]


def test_without_a_journal_it_begins_anew_at_the_same_address() -> None:
    with running_sandbox() as sandbox:
        url = sandbox.url
        with httpx.Client(base_url=url, timeout=60) as partners:
            create_lead(partners, "lead")
        sandbox.fault("crm", kind="error")
        sandbox.clear()
        assert sandbox.received("crm") == []
        sandbox.restart()
        assert sandbox.url == url
        assert sandbox.received("crm") == []
