"""The check of the world after anything broke: nothing lost, nothing twice, nothing stuck."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select

from tests.sandbox_process import SandboxProcess
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.sagas.jobs import count_unfinished

PATIENCE_SECONDS = 300
ENDED = frozenset({"delivered", "compensated", "cancelled"})


class Reckoning:
    """Looks at what our database says, and at what the sandbox's partners took."""

    def __init__(self, database: Database, sandbox: SandboxProcess) -> None:
        self._database, self._sandbox = database, sandbox

    def settle(self) -> None:
        """Wait until nothing is under way any more."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while unsettled := self._database.read_sync(_unsettled):
            assert time.monotonic() < deadline, f"stuck: {unsettled}"
            time.sleep(0.2)

    def check(self, references: Sequence[str]) -> Counter[str]:
        """Settle, and compare both sides for the leads that people were told of.

        Gives how many of them ended how.
        """
        self.settle()
        leads = self._rows("lead")
        assert sorted(lead.reference for lead in leads) == sorted(references)
        assert {lead.status for lead in leads} <= ENDED
        steps = self._rows("lead_step")
        assert [step for step in steps if step.status == "failed" and _is_not_undone(step)] == []
        self._check_dealers(leads)
        self._check_crm(leads)
        self._check_messages()
        self._check_credit()
        self._check_events(leads)
        return Counter(lead.status for lead in leads)

    def _check_dealers(self, leads: Iterable[Any]) -> None:
        """Each dealer has each of its leads once, and each notice for what was taken back."""
        taken = Counter(entry["idempotency_key"] for entry in self._happened("dealers"))
        ended = {lead.key: lead.status for lead in leads}
        wanted: Counter[str] = Counter()
        for row in self._rows("lead_dealer"):
            key = f"{row.lead_key}:{row.dealer_id}"
            if row.status == "delivered":
                assert ended[row.lead_key] == "delivered", row
                wanted[key] += 1
            elif row.status == "cancelled" and taken[key]:
                wanted.update([key, f"{key}:cancel"])
            else:
                assert row.status in {"refused", "assigned", "cancelled"}, row
                assert ended[row.lead_key] != "delivered" or row.status == "refused", row
        assert taken == wanted

    def _check_crm(self, leads: Iterable[Any]) -> None:
        """The CRM has each lead once, and those that were taken back as cancelled."""
        made = self._happened("crm")
        recorded = Counter(entry["body"].get("externalId") for entry in made if _is_post(entry))
        assert set(recorded.values()) <= {1}
        ended = {lead.reference: lead.status for lead in leads}
        delivered = {reference for reference, status in ended.items() if status == "delivered"}
        assert delivered <= set(recorded) <= set(ended)
        withdrawn = [entry for entry in made if not _is_post(entry)]
        assert len(withdrawn) == len(set(recorded) - delivered)
        wanted = {lead.key: lead.status == "delivered" for lead in leads}
        for row in self._rows("crm_record"):
            settled = {"done"} if wanted[row.lead_key] else {"compensated", "skipped"}
            assert row.status in settled, row

    def _check_messages(self) -> None:
        """Each message left once, and by one way."""
        happened = self._happened("email") + self._happened("sms")
        keys = Counter(entry["idempotency_key"] for entry in happened)
        assert set(keys.values()) <= {1}
        sent = [row for row in self._rows("message") if row.status == "sent"]
        assert len(keys) == len(sent)
        confirmed = Counter(row.lead_key for row in sent if row.purpose == "confirmation")
        delivered = {row.key for row in self._rows("lead") if row.status == "delivered"}
        assert delivered <= set(confirmed)
        assert set(confirmed.values()) <= {1}

    def _check_credit(self) -> None:
        """Each person was asked about once, and each check is decided."""
        checks = self._rows("credit_check")
        assert all(check.decision is not None for check in checks)
        asked = Counter(entry["idempotency_key"] for entry in self._happened("credit"))
        assert asked == Counter(check.key for check in checks)

    def _check_events(self, leads: Iterable[Any]) -> None:
        """Each handler has heard each of its events once, and those of a subject in order."""
        events = {row.sequence: row for row in self._rows("domain_event")}
        handled: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in sorted(self._rows("event_delivery"), key=lambda row: row.sequence):
            assert row.status == "done", row
            handled[row.handler, row.subject].append(row.done_at)
        assert all(times == sorted(times) for times in handled.values())
        of_leads = [(row.subject, row.topic) for row in events.values()]
        for lead in leads:
            for topic in ("LeadCaptured", "LeadScored", "LeadRouted"):
                assert of_leads.count((lead.key, topic)) == 1, (lead.reference, topic)

    def _happened(self, partner: str) -> list[dict[str, Any]]:
        """What a partner took, without repeats of what it had taken."""
        return [entry for entry in self._sandbox.received(partner) if not entry["repeat"]]

    def _rows(self, table: str) -> list[Any]:
        query = select(METADATA.tables[table])
        return list(self._database.read_sync(lambda tx: tx.connection.execute(query).all()))


def _is_post(entry: dict[str, Any]) -> bool:
    return entry["method"] == "POST"


def _is_not_undone(step: Any) -> bool:
    return (step.error or "").startswith("not undone")


def _unsettled(tx: Transaction) -> dict[str, int]:
    """What is still under way, by what it is; empty once nothing is."""
    counted = {
        "leads": _count(tx, "lead", lambda row: row.status not in ENDED),
        "messages": _count(tx, "message", lambda row: row.status in {"queued", "waiting"}),
        "checks": _count(tx, "credit_check", lambda row: row.decision is None),
        "events": _count(tx, "event_delivery", lambda row: row.status == "pending"),
        "jobs": sum(count_unfinished(tx).values()),
    }
    return {what: count for what, count in counted.items() if count}


def _count(tx: Transaction, table: str, counts: Callable[[Any], bool]) -> int:
    rows = tx.connection.execute(select(METADATA.tables[table]))
    return sum(1 for row in rows if counts(row))
