"""Publishing from the command line: shown first, done only when agreed to."""

import pytest

from tests.unit.cli.conftest import Printed, Terminal
from tests.unit.cli.test_workflows import BAD, GOOD
from trex_app.container import Container
from trex_app.services.views import Caller


@pytest.fixture
def edited(terminal: Terminal) -> Terminal:
    """One session is open, and its workflow's file was changed since."""
    file = terminal.journeys() / "hello.yaml"
    file.write_text(GOOD)

    async def start(container: Container) -> None:
        await container.journeys.start(Caller(visitor="somebody"), "hello")

    terminal.within(start)
    file.write_text(GOOD.replace("required: true", "required: true, maxLength: 3"))
    return terminal


def planned(terminal: Terminal) -> list[str]:
    rows = terminal.run("workflows", "publish", "--dry-run", "--json").json
    return [row["workflow"] for row in rows]


def test_a_dry_run_shows_and_changes_nothing(edited: Terminal) -> None:
    printed = edited.run("workflows", "publish", "--dry-run")
    assert printed.exit_code == 0
    assert "hello: behaviour changes, open sessions keep their version" in printed.out
    assert "  + step ask: field name: maxLength (3)" in printed.out
    assert "  1 open session:\n         1 at ask\n" in printed.out
    assert "0 sessions could not go on." in printed.out
    assert planned(edited) == ["hello"]


def test_nothing_is_published_unless_agreed_to(edited: Terminal) -> None:
    refused = edited.run("workflows", "publish", typed="n\n")
    assert refused.exit_code == 1
    assert planned(edited) == ["hello"]
    agreed = edited.run("workflows", "publish", typed="y\n")
    assert (agreed.exit_code, "Published." in agreed.out) == (0, True)
    assert planned(edited) == []


def test_yes_agrees_beforehand(edited: Terminal) -> None:
    assert edited.run("workflows", "publish", "hello", "--yes").exit_code == 0
    again = edited.run("workflows", "publish", "hello", "--yes")
    assert (again.exit_code, again.out) == (
        0,
        "There is nothing to publish: what the files say is published.\n",
    )


def test_a_program_must_agree_beforehand(edited: Terminal) -> None:
    printed = edited.run("workflows", "publish", "--json")
    assert (printed.exit_code, "--dry-run or --yes" in printed.err) == (1, True)


def test_looks_alone_are_told_apart(edited: Terminal) -> None:
    (edited.folder / "journeys" / "hello.yaml").write_text(GOOD.replace("Who", "And who"))
    printed = edited.run("workflows", "publish", "--dry-run")
    assert "hello: presentation only, open sessions get it too" in printed.out
    assert "~ step ask: title (Who are you? → And who are you?)" in printed.out


def test_a_session_that_could_not_go_on_is_named(edited: Terminal) -> None:
    (edited.folder / "journeys" / "hello.yaml").write_text(
        GOOD.replace("  ask:\n", "  who:\n").replace("start: ask", "start: who")
    )
    printed = edited.run("workflows", "publish", "--dry-run")
    assert "1 session could not go on:" in printed.out
    assert " at ask: the step no longer exists" in printed.out


def test_a_definition_with_mistakes_is_not_published(edited: Terminal) -> None:
    (edited.folder / "journeys" / "hello.yaml").write_text(BAD)
    printed: Printed = edited.run("workflows", "publish", "--yes")
    assert (printed.exit_code, "hello.yaml:11: ask:" in printed.err) == (1, True)


def test_an_installation_that_follows_the_files_says_so(edited: Terminal) -> None:
    edited.set(environment="development")
    printed = edited.run("workflows", "publish", "--yes")
    assert "counts in production" in printed.out
