"""The record of what arrived, and the journal that lets it outlive its process."""

from dataclasses import replace
from pathlib import Path

import pytest

from trex_app.sandbox import ledger as module
from trex_app.sandbox.ledger import Entry, Ledger

ENTRY = Entry(
    partner="crm",
    at="2025-11-03T09:30:00+00:00",
    method="POST",
    path="/v1/leads",
    idempotency_key="one",
    repeat=False,
    body={"name": "Ä"},
    is_read=False,
    status=201,
    answer='{"id": "crm_1"}',
    media_type="application/json",
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "received.jsonl"


def filled(journal: Path) -> None:
    ledger = Ledger(journal)
    ledger.add(ENTRY)
    ledger.add(replace(ENTRY, repeat=True))
    ledger.add(replace(ENTRY, idempotency_key=None, method="GET", is_read=True))
    ledger.webhook_arrived("evt_1#0")


def test_a_journal_is_read_again_without_having_been_closed(journal: Path) -> None:
    filled(journal)
    again = Ledger(journal)
    assert [entry for _, entry in again.entries("crm", has_reads=True)] == [
        ENTRY,
        replace(ENTRY, repeat=True),
    ]
    assert again.answered("crm", "one") == ENTRY
    assert again.has_arrived("evt_1#0")
    assert not again.has_arrived("evt_1#1")


@pytest.mark.parametrize("cut", [1, 20])
def test_a_line_that_was_cut_off_is_left_out_and_the_next_is_whole(journal: Path, cut: int) -> None:
    filled(journal)
    journal.write_bytes(journal.read_bytes()[:-cut])
    Ledger(journal).add(replace(ENTRY, idempotency_key="two"))
    again = Ledger(journal)
    assert again.answered("crm", "one")
    assert again.answered("crm", "two")
    assert not again.has_arrived("evt_1#0")


def test_what_is_forgotten_stays_so(journal: Path) -> None:
    filled(journal)
    Ledger(journal).forget()
    assert Ledger(journal).entries("crm", has_reads=True) == []


def test_a_file_that_is_no_journal_is_refused(journal: Path) -> None:
    journal.write_text("leads\n")
    with pytest.raises(ValueError, match="Expecting value"):
        Ledger(journal)


def test_only_the_newest_are_kept_and_reads_push_no_write_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    ledger = Ledger()
    for key in ("one", "two", "three"):
        ledger.add(replace(ENTRY, idempotency_key=key))
    for _ in range(5):
        ledger.add(replace(ENTRY, is_read=True))
    assert [number for number, _ in ledger.entries("crm", has_reads=True)] == [2, 3, 7, 8]
    assert ledger.answered("crm", "one") is None
    assert ledger.answered("crm", "two")
