"""Makes a former secret superfluous: everything that it protects is put under the current one."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Final

from trex_app.core.crypto import Keyring
from trex_app.db import rewrapping
from trex_app.db.rewrapping import SEALED_TABLES, Rewrapped
from trex_app.db.transaction import Database, Transaction

AT_A_TIME: Final = 50
"""Rows in one transaction: others wait for it."""

NextIds = Callable[[Transaction, str, int], Sequence[str]]
Rewrap = Callable[[Transaction, Keyring, str], Rewrapped]


@dataclass
class RewrapReport:
    """How many rows of each table were put under the current secret, and how many could not."""

    rewrapped: dict[str, int] = field(default_factory=dict[str, int])
    unreadable: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def is_clean(self) -> bool:
        """Whether nothing needs a former secret any more."""
        return not any(self.unreadable.values())

    def as_json(self) -> dict[str, Any]:
        """The shape that `privacy rewrap --json` prints."""
        return asdict(self)


class Rewrapping:
    """Goes through all rows in batches. An interrupted run is finished by the next one."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring

    async def apply(self) -> RewrapReport:
        """Put everything under the current secret. Raises Unavailable."""
        report = RewrapReport()
        await self._go_through("session", rewrapping.session_ids, rewrapping.rewrap_session, report)
        for table in SEALED_TABLES:
            next_ids = partial(_row_ids, table)
            await self._go_through(table, next_ids, partial(_rewrap_row, table), report)
        return report

    async def _go_through(
        self, table: str, next_ids: NextIds, rewrap: Rewrap, report: RewrapReport
    ) -> None:
        found, last = Counter[Rewrapped](), ""
        while True:
            ids = await self._database.read(lambda tx, at=last: next_ids(tx, at, AT_A_TIME))
            if not ids:
                break
            last = ids[-1]
            found.update(
                await self._database.write(
                    lambda tx, ids=ids: [rewrap(tx, self._keyring, row_id) for row_id in ids]
                )
            )
        report.rewrapped[table] = found[Rewrapped.DONE]
        report.unreadable[table] = found[Rewrapped.UNREADABLE]


def _row_ids(table: str, tx: Transaction, after: str, limit: int) -> Sequence[str]:
    return rewrapping.row_ids(tx, table, after, limit)


def _rewrap_row(table: str, tx: Transaction, keyring: Keyring, row_id: str) -> Rewrapped:
    if table == "lead":
        return rewrapping.rewrap_lead(tx, keyring, row_id)
    return rewrapping.rewrap_row(tx, keyring, table, row_id)
