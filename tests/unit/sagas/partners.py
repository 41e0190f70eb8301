"""Partners in memory, which keep what they took and fail as they are told.

`tests/contract/partners/test_stand_ins.py` holds them to what the real ones do.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trex_app.core.errors import PartnerRefused, PartnerUnavailable
from trex_app.ports import Data, LeadDocument

Fault = Exception | None
"""What a request meets: an error to raise, or none."""


def away(partner: str = "dealers") -> PartnerUnavailable:
    return PartnerUnavailable(partner, "timeout")


def refusal(partner: str = "dealers", status: int = 422) -> PartnerRefused:
    return PartnerRefused(partner, status)


class Faults:
    """The faults that the next requests meet, by what is asked; the last one stays."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def set(self, purpose: str, *faults: Fault) -> None:
        self._waiting[purpose] = list(faults)

    def meet(self, purpose: str) -> None:
        waiting = self._waiting.get(purpose, [])
        fault = waiting.pop(0) if len(waiting) > 1 else next(iter(waiting), None)
        if fault is not None:
            raise fault


class Dealers:
    """A dealer network: knows its dealers, takes leads and notices, once for a key."""

    def __init__(self, *dealer_ids: str) -> None:
        self.dealer_ids = dealer_ids
        self.faults = Faults()
        self.taken: dict[str, tuple[str, str]] = {}
        self.notices: dict[str, tuple[str, str]] = {}
        self.tries: list[str] = []
        self.on_delivery: Callable[[], None] = lambda: None

    async def near(self, postal_code: str, *, limit: int = 10, makes: Sequence[str] = ()) -> Data:
        raise AssertionError("the saga has no reason to ask for this")

    async def get_many(self, dealer_ids: Sequence[str]) -> Mapping[str, Data]:
        self.faults.meet("get_many")
        return {
            each: {"dealer_id": each, "name": each}
            for each in dealer_ids
            if each in self.dealer_ids
        }

    async def deliver(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        self.tries.append(idempotency_key)
        self.on_delivery()
        if idempotency_key in self.taken:
            return
        self.faults.meet(f"before {dealer['dealer_id']}")
        self.taken[idempotency_key] = (dealer["dealer_id"], lead.reference)
        self.faults.meet(f"after {dealer['dealer_id']}")

    async def cancel(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        self.faults.meet(f"cancel {dealer['dealer_id']}")
        self._notice(dealer, lead, idempotency_key)

    async def forget(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        self._notice(dealer, lead, idempotency_key)

    def _notice(self, dealer: Data, lead: LeadDocument, idempotency_key: str) -> None:
        if (dealer["dealer_id"], lead.reference) in self.taken.values():
            self.notices[idempotency_key] = (dealer["dealer_id"], lead.reference)


class Crm:
    """A customer relationship system: one record for a key, and each change of it once.

    Records are named by the key they were made under, also those that it made anew after it had
    forgotten the key.
    """

    def __init__(self) -> None:
        self.faults = Faults()
        self.tries = 0
        self.records: dict[str, LeadDocument] = {}
        self.withdrawn: dict[str, str] = {}
        self.erased: dict[str, str] = {}
        self.changes: set[str] = set()
        self.on_record: Callable[[], None] = lambda: None
        self._forgotten: set[str] = set()

    @property
    def open(self) -> list[str]:
        """The names of the records that hold."""
        return [name for name in self.records if name not in self.withdrawn]

    def forget_keys(self) -> None:
        """Keep every record, and know none of them by its key any more."""
        self._forgotten.update(self.records)

    async def record(self, lead: LeadDocument, idempotency_key: str) -> str:
        self.tries += 1
        self.on_record()
        self.faults.meet("record")
        name = self._name_under(idempotency_key)
        self.records.setdefault(name, lead)
        self.faults.meet("after record")
        return f"crm {name}"

    async def withdraw(
        self,
        reference: str,
        idempotency_key: str,
        reopenings: int = 0,
        record_id: str | None = None,
    ) -> None:
        self.faults.meet("withdraw")
        name = self._named(idempotency_key, record_id)
        if name is not None and self._is_new(idempotency_key, f"withdraw:{reopenings}"):
            self.withdrawn[name] = reference
        self.faults.meet("after withdraw")

    async def reopen(
        self, reference: str, idempotency_key: str, reopenings: int, record_id: str | None = None
    ) -> None:
        self.faults.meet("reopen")
        name = self._named(idempotency_key, record_id)
        if name is None:
            raise PartnerRefused("crm", 422)
        if self._is_new(idempotency_key, f"reopen:{reopenings}"):
            self.withdrawn.pop(name, None)

    async def erase(
        self, reference: str, idempotency_key: str, record_id: str | None = None
    ) -> None:
        name = self._named(idempotency_key, record_id)
        if name is not None and self._is_new(idempotency_key, "erase"):
            self.erased[name] = reference

    def _named(self, idempotency_key: str, record_id: str | None) -> str | None:
        """The record that is meant, if there is one."""
        by_key = self._name_under(idempotency_key)
        name = by_key if record_id is None else record_id.removeprefix("crm ")
        return name if name in self.records else None

    def _name_under(self, idempotency_key: str) -> str:
        """The name of the record that a request under this key makes, or made."""
        is_forgotten = idempotency_key in self._forgotten
        return f"{idempotency_key} again" if is_forgotten else idempotency_key

    def _is_new(self, idempotency_key: str, purpose: str) -> bool:
        """Whether a change was not made before."""
        change = f"{idempotency_key}:{purpose}"
        if change in self.changes:
            return False
        self.changes.add(change)
        return True


class Letters:
    """The messages that go with leads."""

    def __init__(self) -> None:
        self.confirmed: list[str] = []
        self.withdrawn: list[str] = []

    def confirm(self, tx: Any, lead_key: str) -> bool:
        self.confirmed.append(lead_key)
        return False

    def withdraw(self, tx: Any, lead_key: str) -> None:
        self.withdrawn.append(lead_key)
