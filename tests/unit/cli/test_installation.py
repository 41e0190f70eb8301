"""Settings and databases that cannot be used are told by name, with what to do."""

import pytest

from tests.unit.cli.conftest import Terminal


def test_a_wrong_setting_is_named(terminal: Terminal) -> None:
    terminal.set(port="eighty", log_format="xml")
    printed = terminal.run("migrate")
    assert printed.exit_code == 1
    assert printed.err.startswith("TREX_PORT: ")
    assert "\nTREX_LOG_FORMAT: " in printed.err


def test_a_list_that_is_no_json_is_named(terminal: Terminal) -> None:
    terminal.set(allowed_origins="https://a.example")
    printed = terminal.run("migrate")
    assert printed.exit_code == 1
    assert printed.err.startswith("TREX_ALLOWED_ORIGINS cannot be read: it is JSON")


@pytest.mark.parametrize("command", [("migrate",), ("leads", "list"), ("sessions", "purge")])
def test_a_database_out_of_reach_is_named_without_its_password(
    terminal: Terminal, command: tuple[str, ...]
) -> None:
    terminal.set(database_url="postgresql://trex:swordfish@127.0.0.1:1/trex")
    printed = terminal.run(*command)
    assert printed.exit_code == 1
    assert "127.0.0.1:1/trex cannot be used" in printed.err
    assert "swordfish" not in printed.err


def test_a_database_of_another_kind_is_refused(terminal: Terminal) -> None:
    terminal.set(database_url="mysql://root@localhost/trex")
    printed = terminal.run("leads", "list")
    assert (printed.exit_code, "SQLite file" in printed.err) == (1, True)


def test_a_secret_that_is_too_short_is_refused(terminal: Terminal) -> None:
    terminal.set(secret_key="short")
    printed = terminal.run("leads", "list")
    assert (printed.exit_code, "32 characters" in printed.err) == (1, True)


def test_the_schema_is_made_where_there_is_none(terminal: Terminal) -> None:
    assert terminal.run("migrate").exit_code == 0
    assert (terminal.folder / "var" / "trex.db").is_file()
    assert terminal.run("migrate").exit_code == 0
