"""The schema history runs up and down on both databases and ends at what the models say."""

import subprocess
import sys

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from trex_app.db import migrate
from trex_app.db.connections import create_engine, database_url
from trex_app.db.tables import METADATA
from trex_app.sagas import jobs

START_UP = """
import sys
from trex_app.db import migrate
from trex_app.db.connections import database_url
from trex_app.sagas import jobs

migrate.upgrade(sys.argv[1])
jobs.prepare(database_url(sys.argv[1]))
"""
PROCESSES = 4

SCRIPTS = ScriptDirectory.from_config(Config(str(migrate.CONFIG_FILE)))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
"""All that there are, the oldest first."""

Shape = dict[str, tuple[dict[str, str], dict[str | None, list[str | None]]]]


def tables(url: str) -> set[str]:
    engine = create_engine(database_url(url), "write")
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def shape(url: str) -> Shape:
    """The columns and indexes of each table of ours."""
    inspector = inspect(create_engine(database_url(url), "write"))
    return {
        name: (
            {column["name"]: str(column["type"]) for column in inspector.get_columns(name)},
            {index["name"]: index["column_names"] for index in inspector.get_indexes(name)},
        )
        for name in inspector.get_table_names()
        if name != migrate.VERSION_TABLE
    }


def test_after_the_history_the_tables_are_what_the_models_say(url: str) -> None:
    migrate.upgrade(url)
    with migrate.locked_connection(url) as connection:
        assert migrate.differences(connection) == []
        assert migrate.is_current(connection)


def test_a_missing_index_is_a_difference(url: str) -> None:
    migrate.upgrade(url)
    with migrate.locked_connection(url) as connection:
        connection.exec_driver_sql("DROP INDEX ix_session_workflow")
        assert [difference[0] for difference in migrate.differences(connection)] == ["add_index"]


def test_the_tables_of_durable_jobs_are_no_difference(url: str) -> None:
    migrate.upgrade(url)
    jobs.prepare(database_url(url))
    with migrate.locked_connection(url) as connection:
        assert migrate.differences(connection) == []


def test_a_second_upgrade_finds_nothing_to_do(url: str) -> None:
    migrate.upgrade(url)
    migrate.upgrade(url)
    assert tables(url) == {*METADATA.tables, "alembic_version"}


def test_the_way_down_leaves_no_table_of_ours_and_leads_up_again(url: str) -> None:
    migrate.upgrade(url)
    migrate.downgrade(url)
    assert tables(url) == {"alembic_version"}
    with migrate.locked_connection(url) as connection:
        assert not migrate.is_current(connection)
    migrate.upgrade(url)
    assert tables(url) == {*METADATA.tables, "alembic_version"}


def test_every_step_of_the_history_goes_up_and_down_and_up_again(url: str) -> None:
    shapes: list[Shape] = []
    for revision in REVISIONS:
        migrate.upgrade(url, revision)
        shapes.append(shape(url))
    for before in reversed([{}, *shapes[:-1]]):
        migrate.downgrade(url, "-1")
        assert shape(url) == before
    for after in shapes:
        migrate.upgrade(url, "+1")
        assert shape(url) == after
    with migrate.locked_connection(url) as connection:
        assert migrate.is_current(connection)
        assert migrate.differences(connection) == []


def test_processes_that_start_together_all_find_the_schema(url: str) -> None:
    starting = [
        subprocess.Popen([sys.executable, "-c", START_UP, url], stderr=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    errors = [process.communicate()[1] for process in starting]
    assert [process.returncode for process in starting] == [0] * PROCESSES, errors
    with migrate.locked_connection(url) as connection:
        assert migrate.is_current(connection)
