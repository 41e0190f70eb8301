"""What a database says about how it would run the statements of some work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Table, event, insert, text

from trex_app.db.transaction import Database, Transaction

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}


def plans_of(database: Database, work: Callable[[], object]) -> list[str]:
    """The plan of every SELECT that `work` runs, in order."""
    with _statements() as statements:
        work()

    def explain(tx: Transaction) -> list[str]:
        return [
            "\n".join(
                str(row) for row in tx.connection.exec_driver_sql(EXPLAIN[tx.dialect] + sql, values)
            )
            for sql, values in statements
            if sql.lstrip().startswith("SELECT")
        ]

    return database.read_sync(explain)


def fill(database: Database, table: Table, rows: list[dict[str, Any]]) -> None:
    """Add rows, and let the database know how many there are of what."""

    def work(tx: Transaction) -> None:
        tx.connection.execute(insert(table), rows)
        tx.connection.execute(text("ANALYZE"))

    database.write_sync(work)


@contextmanager
def _statements() -> Iterator[list[tuple[str, Any]]]:
    run: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_more: Any) -> None:
        run.append((sql, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield run
    finally:
        event.remove(Engine, "before_cursor_execute", note)
