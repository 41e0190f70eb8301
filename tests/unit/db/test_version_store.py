"""Versions: kept with everything they reach, published one after the other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from trex_app.db import migrate, version_store
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import End, Workflow

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ADD_SESSION = text(
    "INSERT INTO session (session_id, workflow_id, workflow_hash, status, frame, step, revision,"
    " event_count, filled_count, created_at, updated_at, expires_at, head)"
    " VALUES (:id, :workflow, :hash, :status, '', :step, 0, 0, 0, :now, :now, :now, :head)"
    " ON CONFLICT DO NOTHING"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    migrate.upgrade(url)
    database = Database(url)

    def empty(tx) -> None:
        for table in ("publication", "workflow_version", "session"):
            tx.connection.execute(text(f"DELETE FROM {table}"))

    database.write_sync(empty)
    yield database
    database.close()


def workflow(name: str, version: int, **calls: Workflow) -> Workflow:
    end = End("done", "completed")
    return Workflow(
        id=name,
        title=name,
        start="done",
        steps={"done": end},
        source={"id": name, "title": f"version {version}"},
        hash=f"{name}-{version}",
        behaviour_hash=f"{name}-behaviour",
        calls=calls,
    )


def add_session(
    database: Database, number: int, workflow_hash: str, step: str, status: str = "active"
) -> None:
    values = {
        "id": f"v-{number}",
        "workflow": "buying",
        "hash": workflow_hash,
        "status": status,
        "step": step,
        "now": NOW.isoformat(),
        "head": b"",
    }
    database.write_sync(lambda tx: tx.connection.execute(ADD_SESSION, values))


def test_a_version_is_kept_with_the_source_of_everything_it_reaches(database: Database) -> None:
    discovery = workflow("vehicle_discovery", 1)
    entry = workflow("entry", 1, buying=workflow("buying", 1, discovery=discovery))
    database.write_sync(lambda tx: version_store.save_version(tx, entry, NOW))
    version = database.read_sync(lambda tx: version_store.load_version(tx, "entry-1"))
    assert version == (
        "entry-1",
        "entry",
        "entry-behaviour",
        {
            "entry": {"id": "entry", "title": "version 1"},
            "buying": {"id": "buying", "title": "version 1"},
            "vehicle_discovery": {"id": "vehicle_discovery", "title": "version 1"},
        },
        {},
        NOW,
    )


def test_a_version_is_kept_with_what_all_its_texts_are_in_other_languages(
    database: Database,
) -> None:
    inner = replace(workflow("buying", 1), title="No")
    outer = replace(workflow("entry", 1, buying=inner), title="Yes")
    database.write_sync(lambda tx: version_store.save_version(tx, outer, NOW))
    version = database.read_sync(lambda tx: version_store.load_version(tx, "entry-1"))
    assert version is not None
    assert version.texts == {"de": {"No": "Nein", "Yes": "Ja"}}


def test_a_version_of_before_texts_were_kept_gets_them_at_the_next_start(
    database: Database,
) -> None:
    titled = replace(workflow("entry", 1), title="Yes")

    def forget(tx: Transaction) -> None:
        version_store.save_version(tx, titled, NOW)
        tx.connection.execute(text("UPDATE workflow_version SET texts = NULL"))

    database.write_sync(forget)
    before = database.read_sync(lambda tx: version_store.load_version(tx, "entry-1"))
    database.write_sync(lambda tx: version_store.save_version(tx, titled, NOW + timedelta(days=1)))
    after = database.read_sync(lambda tx: version_store.load_version(tx, "entry-1"))
    assert before is not None
    assert after == before._replace(texts={"de": {"Yes": "Ja"}})


def test_a_version_is_kept_once_as_it_was_first(database: Database) -> None:
    for days in range(2):
        at = NOW + timedelta(days=days)
        database.write_sync(
            lambda tx, at=at: version_store.save_version(tx, workflow("buying", 1), at)
        )
    version = database.read_sync(lambda tx: version_store.load_version(tx, "buying-1"))
    assert version is not None
    assert version.created_at == NOW


def test_an_unknown_version_is_none(database: Database) -> None:
    assert database.read_sync(lambda tx: version_store.load_version(tx, "nothing")) is None
    assert database.read_sync(lambda tx: version_store.published(tx, "buying")) is None


def test_the_newest_publication_counts_and_all_are_kept(database: Database) -> None:
    for version in (1, 2, 1):
        database.write_sync(
            lambda tx, version=version: version_store.publish(tx, workflow("buying", version), NOW)
        )
    database.write_sync(lambda tx: version_store.publish(tx, workflow("selling", 7), NOW))
    assert database.read_sync(lambda tx: version_store.published(tx, "buying")) == "buying-1"
    history = database.read_sync(lambda tx: version_store.publications(tx, "buying"))
    assert [publication.hash for publication in history] == ["buying-1", "buying-2", "buying-1"]
    assert database.read_sync(version_store.all_published) == {
        "buying": "buying-1",
        "selling": "selling-7",
    }


def test_open_sessions_are_counted_by_version_and_step(database: Database) -> None:
    places = [("old", "first"), ("old", "first"), ("old", "second"), ("new", "first")]
    for number, (workflow_hash, step) in enumerate(places):
        add_session(database, number, workflow_hash, step)
    add_session(database, 9, "old", "first", status="completed")
    counts = database.read_sync(lambda tx: version_store.open_sessions_by_step(tx, "buying"))
    assert counts == [
        ("new", "", "first", 1),
        ("old", "", "first", 2),
        ("old", "", "second", 1),
    ]
    ids = database.read_sync(lambda tx: sorted(version_store.open_session_ids(tx, "buying")))
    assert ids == ["v-0", "v-1", "v-2", "v-3"]
