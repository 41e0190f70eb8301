"""Duties that one process has at a time, and loses when it no longer says that it is there."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.db.statements import POSTGRESQL
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

_lease = METADATA.tables["lease"]


def hold(tx: Transaction, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take the duty, or keep it: True where `holder` has it from now on for as long as it lasts."""
    terms = {"holder": holder, "until": now + lasts}
    is_free = or_(_lease.c.holder == holder, _lease.c.until <= now)
    taken = update(_lease).where(_lease.c.name == name, is_free).values(terms)
    if tx.connection.execute(taken).rowcount:
        return True
    insert: Any = postgresql.insert if tx.dialect == POSTGRESQL else sqlite.insert
    first = insert(_lease).values({"name": name, **terms}).on_conflict_do_nothing()
    return tx.connection.execute(first.returning(_lease.c.name)).first() is not None


def release(tx: Transaction, name: str, holder: str) -> None:
    """Give the duty back, so that nobody has to wait for its end."""
    mine = delete(_lease).where(_lease.c.name == name, _lease.c.holder == holder)
    tx.connection.execute(mine)
