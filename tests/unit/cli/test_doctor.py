"""The doctor names what is missing, and what to do about it."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Terminal
from tests.unit.cli.test_workflows import BAD
from trex_app.container import Container
from trex_app.db import connections

PATTERN = """\
id: hello
title: Hello
start: a
steps:
  a:
    component: A
    title: A
    fields:
      code: {type: string, title: Code, pattern: "[a-", messages: {pattern: Write letters.}}
    next: [{to: z}]
  z: {end: done, component: Z, title: Bye}
"""


def found(terminal: Terminal) -> dict[str, dict[str, Any]]:
    return {row["what"]: row for row in terminal.run("doctor", "--json").json}


def test_a_fresh_installation_is_well_and_stays_untouched(terminal: Terminal) -> None:
    printed = terminal.run("doctor")
    assert printed.exit_code == 0
    assert all(line.startswith("ok ") for line in printed.out.splitlines())
    assert list(terminal.folder.iterdir()) == []


def test_a_running_installation_is_well(terminal: Terminal) -> None:
    terminal.run("migrate")
    rows = found(terminal)
    assert all(row["is_well"] for row in rows.values())
    assert rows["database"]["state"].endswith("schema of this version")
    assert rows["secret"]["state"].endswith("secret_key")


def test_an_old_schema_is_told_with_the_command_that_mends_it(terminal: Terminal) -> None:
    (terminal.folder / "var").mkdir()
    (terminal.folder / "var" / "trex.db").touch()
    printed = terminal.run("doctor")
    assert printed.exit_code == 1
    assert "bad  database" in printed.out
    assert "trex_app migrate" in printed.out


@pytest.mark.parametrize(
    ("setting", "value", "what"),
    [
        ("database_url", "postgresql://trex@127.0.0.1:1/trex", "database"),
        ("database_url", "mysql://root@127.0.0.1/trex", "database"),
        ("redis_url", "redis://127.0.0.1:1/0", "redis"),
        ("redis_url", "elsewhere", "redis"),
        ("secret_key", "short", "secret"),
        ("host", "0.0.0.0", "secret"),
        ("port", "many", "settings"),
        ("data_dir", "/dev/null/var", "data folder"),
    ],
)
def test_what_cannot_be_used_is_bad_and_has_a_fix(
    terminal: Terminal, setting: str, value: str, what: str
) -> None:
    terminal.set(**{setting: value})
    assert terminal.run("doctor").exit_code == 1
    row = found(terminal)[what]
    assert not row["is_well"]
    assert row["fix"]


def test_a_server_in_use_is_asked(terminal: Terminal, postgres_url: str, redis_url: str) -> None:
    terminal.set(database_url=postgres_url, redis_url=redis_url)
    terminal.run("migrate")
    rows = found(terminal)
    assert rows["redis"]["is_well"]
    assert rows["database"]["is_well"]
    assert rows["connections"]["is_well"]
    assert "opens up to 15" in rows["connections"]["state"]
    terminal.set(role="web")
    assert "opens up to 10" in found(terminal)["connections"]["state"]


def test_a_server_that_gives_too_few_connections_is_bad(
    terminal: Terminal, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.set(database_url=postgres_url)
    monkeypatch.setattr(connections, "room_of", lambda _connection: connections.Room(14, 1))
    row = found(terminal)["connections"]
    assert not row["is_well"]
    assert "max_connections" in row["fix"]


def test_who_stands_behind_each_partner_is_told(terminal: Terminal) -> None:
    assert "`run` and `dev` start a sandbox" in found(terminal)["partners"]["state"]
    terminal.set(sandbox_url="http://127.0.0.1:8025", crm_url="https://crm.example")
    row = found(terminal)["partners"]
    assert row["is_well"]
    assert "partner: crm" in row["state"]
    assert "sandbox: vehicles" in row["state"]
    assert "real partners" in row["fix"]


def test_a_partner_that_lacks_a_setting_is_bad(terminal: Terminal) -> None:
    terminal.set(credit_url="https://bureau.example")
    row = found(terminal)["partners"]
    assert not row["is_well"]
    assert "TREX_CREDIT_WEBHOOK_SECRET" in row["fix"]


def test_a_secret_that_anybody_could_guess_is_bad(terminal: Terminal) -> None:
    terminal.set(credit_url="https://bureau.example", credit_webhook_secret="hush")
    row = found(terminal)["partners"]
    assert not row["is_well"]
    assert "TREX_CREDIT_WEBHOOK_SECRET is too short" in row["fix"]


def test_a_mistake_in_a_definition_is_told_with_its_place(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text(BAD)
    row = found(terminal)["workflows"]
    assert not row["is_well"]
    assert "hello.yaml:" in row["state"]
    assert "workflows check" in row["fix"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id: [\n", "This is not YAML"),
        (PATTERN, "'pattern' is no regular expression. Close its brackets"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_to_do(
    terminal: Terminal, content: str, said: str
) -> None:
    file = terminal.journeys() / "hello.yaml"
    file.write_text(content)
    row = found(terminal)["workflows"]
    assert row["state"].startswith(f"{file}:")
    assert said in row["state"]


def test_a_folder_of_journeys_that_is_not_there_is_told_by_its_setting(terminal: Terminal) -> None:
    terminal.set(workflows_dir="nowhere")
    row = found(terminal)["workflows"]
    assert (row["is_well"], row["state"]) == (False, "TREX_WORKFLOWS_DIR=nowhere is no folder")
    assert str(terminal.folder / "nowhere") in row["fix"]


def test_a_folder_without_journeys_works_and_is_doubted(terminal: Terminal) -> None:
    folder = terminal.journeys()
    printed = terminal.run("doctor")
    assert printed.exit_code == 0
    assert f"(!)  workflows    5 definitions, none of them in TREX_WORKFLOWS_DIR={folder}" in (
        printed.out
    )


def test_a_misspelt_setting_is_doubted_and_the_right_one_named(terminal: Terminal) -> None:
    terminal.set(reds_url="redis://127.0.0.1")
    printed = terminal.run("doctor")
    assert printed.exit_code == 0
    assert "(!)  TREX_REDS_URL is no setting" in printed.out
    assert "Did you mean TREX_REDIS_URL?" in printed.out


def test_a_setting_of_another_form_is_told_how_to_write_it(terminal: Terminal) -> None:
    terminal.set(quiet_hours="9-5", public_origin="https://t.example/", trusted_proxies='["x"]')
    state = found(terminal)["settings"]["state"]
    assert "TREX_QUIET_HOURS: Write it as 21:00-08:00" in state
    assert "TREX_PUBLIC_ORIGIN: Write it as https://journeys.example" in state
    assert "TREX_TRUSTED_PROXIES, entry 1: " in state
    assert "^" not in state


def test_a_missing_runtime_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(terminal.folder))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(Path(terminal.folder)))
    row = found(terminal)["node"]
    assert (row["is_well"], "requirements.txt" in row["state"]) == (False, True)


def test_the_start_says_it_in_one_line(
    terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.set(load_demo_data="false", reds_url="x", sandbx_url="y")

    async def nothing(_: Container) -> None:
        return

    terminal.within(nothing)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "settings_unknown" in line]
    assert "TREX_REDS_URL" in line
    assert "TREX_SANDBOX_URL" in line
