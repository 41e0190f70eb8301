"""How many connections to PostgreSQL a process opens, by its role, when it has all it can do."""

import asyncio
import threading
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from sqlalchemy import Pool, event

from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.container.foundation import most_connections
from trex_app.sagas.jobs import CONCURRENT_JOBS

AT_ONCE = 50


class Watch:
    """The most connections that were open at a time while this was, as their clients count them."""

    def __init__(self) -> None:
        self.most = 0
        self._open: list[psycopg.Connection[Any]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> "Watch":
        event.listen(Pool, "connect", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(Pool, "connect", self._note)

    def _note(self, connection: psycopg.Connection[Any], _record: object) -> None:
        with self._lock:
            self._open = [*(each for each in self._open if not each.closed), connection]
            self.most = max(self.most, len(self._open))


@pytest.mark.parametrize(("role", "most"), [("web", 10), ("worker", 11), ("all", 15)])
async def test_a_process_opens_no_more_connections_than_is_said(
    own_postgres_url: str, tmp_path: Path, role: Literal["web", "worker", "all"], most: int
) -> None:
    settings = TestSettings(data_dir=tmp_path, database_url=own_postgres_url, role=role)
    assert most_connections(settings) == most
    with Watch() as watch:
        container = Container(settings)
        await container.open()
        try:
            sleep = "SELECT pg_sleep(0.2)"
            await asyncio.gather(
                *(
                    container.database.read(lambda tx: tx.cursor.execute(sleep))
                    for _ in range(AT_ONCE)
                ),
                *(
                    container.database.write(lambda tx: tx.cursor.execute(sleep))
                    for _ in range(AT_ONCE)
                ),
                *(
                    container.database.write(
                        lambda tx, n=n: container.jobs.enqueue(tx, "send_message", f"no-such-{n}")
                    )
                    for n in range(CONCURRENT_JOBS * 5)
                ),
            )
            await asyncio.sleep(2)
        finally:
            await container.close()
    lanes = most if role == "web" else most - 5
    assert lanes <= watch.most <= most
