"""The record of what every partner received, and of the answer that each idempotency key got.

With a journal it outlives its process: each line is in the operating system's hands before the
partner answers, so a killed sandbox still knows what it said.
"""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from trex_app.sandbox import PARTNERS
from trex_app.sandbox.wire import Answer

KEPT: Final = 20_000
"""How many writes, and how many reads, are kept of each partner."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request that a partner took, with its answer. `at` is ISO 8601 in UTC."""

    partner: str
    at: str
    method: str
    path: str
    idempotency_key: str | None
    repeat: bool
    body: Any
    is_read: bool
    status: int
    answer: str
    media_type: str
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    """What a fault demanded of what follows later: `latency_ms`, `duplicate_webhook`."""

    def shown(self) -> dict[str, Any]:
        """The entry as the control API answers it."""
        names = ("at", "method", "path", "idempotency_key", "repeat", "body")
        return {name: getattr(self, name) for name in names}

    def first_answer(self) -> Answer:
        """The answer that was given."""
        return Answer(self.status, self.answer.encode(), self.media_type)


Numbered = tuple[int, Entry]
"""An entry with its number in the order of arrival, over all partners."""


def _number(numbered: Numbered) -> int:
    return numbered[0]


class Ledger:
    """What was received, in order, by partner."""

    def __init__(self, journal: Path | None = None) -> None:
        self._writes: dict[str, deque[Numbered]] = {partner: deque() for partner in PARTNERS}
        # Apart from the writes, so that no flood of reads makes a partner forget a key.
        self._reads = {partner: deque[Numbered](maxlen=KEPT) for partner in PARTNERS}
        self._number = 0
        self._by_key: dict[tuple[str, str], Entry] = {}
        self._delivered: set[str] = set()
        self.changes = 0
        """How often anything changed; a page compares it to know whether to draw again."""
        past = _lines(journal) if journal else []
        self._journal = journal.open("a", encoding="utf-8") if journal else None
        for line in past:
            if "delivered" in line:
                self._delivered.add(line["delivered"])
            else:
                self._keep(Entry(**line))

    def add(self, entry: Entry) -> None:
        """Record what a partner took, before it answers. Only writes go into the journal."""
        if not entry.is_read:
            self._append(asdict(entry))
        self._keep(entry)

    def answered(self, partner: str, key: str) -> Entry | None:
        """What came under this key first, None for a new key."""
        return self._by_key.get((partner, key))

    def entries(self, partner: str, *, has_reads: bool) -> list[Numbered]:
        """What a partner received, with its number, the oldest first."""
        writes = self._writes[partner]
        return sorted([*writes, *self._reads[partner]], key=_number) if has_reads else list(writes)

    def writes(self) -> Iterable[Entry]:
        """Everything that changed something, partner by partner."""
        for entries in self._writes.values():
            yield from (entry for _, entry in entries)

    def webhook_arrived(self, event_id: str) -> None:
        """Record that a webhook needs no further attempt."""
        self._append({"delivered": event_id})
        self._delivered.add(event_id)
        self.changes += 1

    def has_arrived(self, event_id: str) -> bool:
        """Whether a webhook needs no further attempt."""
        return event_id in self._delivered

    def forget(self) -> None:
        """Forget everything, the journal too."""
        for entries in (*self._writes.values(), *self._reads.values()):
            entries.clear()
        self._by_key.clear()
        self._delivered.clear()
        self.changes += 1
        if self._journal:
            self._journal.truncate(0)

    def close(self) -> None:
        """Close the journal."""
        if self._journal:
            self._journal.close()

    def _keep(self, entry: Entry) -> None:
        self.changes += 1
        self._number += 1
        kept = self._reads if entry.is_read else self._writes
        entries = kept[entry.partner]
        entries.append((self._number, entry))
        if entry.is_read:
            return
        if entry.idempotency_key and not entry.repeat:
            self._by_key.setdefault((entry.partner, entry.idempotency_key), entry)
        if len(entries) > KEPT:
            _, oldest = entries.popleft()
            key = (oldest.partner, oldest.idempotency_key or "")
            if self._by_key.get(key) is oldest:
                del self._by_key[key]

    def _append(self, line: dict[str, Any]) -> None:
        if self._journal:
            self._journal.write(json.dumps(line) + "\n")
            self._journal.flush()


def _lines(journal: Path) -> list[dict[str, Any]]:
    """The lines of a journal. The last one may be cut off: it was never answered, so it goes."""
    if not journal.exists():
        return []
    raw = journal.read_bytes()
    whole, _, cut_off = raw.rpartition(b"\n")
    if cut_off:
        journal.write_bytes(whole + b"\n" if whole else b"")
    return [json.loads(line) for line in whole.splitlines() if line.strip()]
