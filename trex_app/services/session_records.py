"""What an operator may see of sessions: nothing that a person answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound
from trex_app.db.session_store import SessionStore
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import Json
from trex_app.engine.history import Event
from trex_app.engine.session import Status

_session = METADATA.tables["session"]


class SessionRecords:
    """Shows and verifies stored sessions."""

    def __init__(self, database: Database, store: SessionStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def show(self, session_id: str) -> dict[str, Json]:
        """A session without personal data: where it stands and what happened. Raises NotFound."""
        return await self._database.read(lambda tx: self._shown(tx, session_id))

    async def verify(self, session_id: str) -> bool:
        """Whether a session's history is complete and unchanged. Raises NotFound."""

        def work(tx: Transaction) -> bool:
            _row(tx, session_id)
            return self._store.verify(tx, session_id)

        return await self._database.read(work)

    def _shown(self, tx: Transaction, session_id: str) -> dict[str, Json]:
        row = _row(tx, session_id)
        stored = self._store.load(tx, session_id)
        shown: dict[str, Json] = {
            "session_id": row.session_id,
            "workflow": row.workflow_id,
            "version": row.workflow_hash,
            "status": _status(row, stored is None, self._clock()),
            "step": row.step,
            "frame": row.frame,
            "revision": row.revision,
            "tenant": row.tenant,
            "created_at": row.created_at.isoformat(),
            "updated_at": row.updated_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
        }
        if stored is not None:
            shown["path"] = [position.step for position in stored.session.path]
            shown["effects"] = [position.step for position, _ in stored.session.effects()]
        shown["history"] = [_fact(event) for event in self._store.events(tx, session_id)]
        return shown


def _row(tx: Transaction, session_id: str) -> Row[Any]:
    columns = [column for column in _session.c if column.name not in {"state", "wrapped_key"}]
    query = select(*columns).where(_session.c.session_id == session_id)
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("There is no session of this id.")
    return row


def _status(row: Row[Any], is_erased: bool, now: datetime) -> str:
    if is_erased:
        return "erased"
    is_overdue = row.status == Status.ACTIVE.value and now > row.expires_at
    return Status.EXPIRED.value if is_overdue else row.status


def _fact(event: Event) -> dict[str, Json]:
    return {
        "kind": event.kind.value,
        "at": event.at.isoformat(),
        "revision": event.revision,
        "step": event.position.step,
        "to": event.to.step,
    }
