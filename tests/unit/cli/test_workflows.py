"""Definitions from the command line: checked, drawn and listed."""

from pathlib import Path

from tests.unit.cli.conftest import Terminal

GOOD = """\
id: hello
title: Say hello
start: ask
steps:
  ask:
    component: Ask
    title: Who are you?
    fields:
      name: {type: string, title: Name, required: true}
    next:
      - {to: done}
  done: {end: greeted, component: Done, title: Hello}
"""
GUARD = "      - {when: answers.ask.name == 'X', to: WHERE}\n"
GUARDED = GOOD.replace("    next:\n", f"    next:\n{GUARD}")
BAD = GUARDED.replace("WHERE", "dune")


def test_the_shipped_definitions_have_no_problems(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "check")
    assert (printed.exit_code, printed.out) == (0, "5 workflows checked, no problems.\n")


def test_checking_leaves_no_trace(terminal: Terminal) -> None:
    terminal.run("workflows", "check")
    assert list(terminal.folder.iterdir()) == []


def test_ones_own_folder_is_checked_with_them(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text(GOOD)
    assert "6 workflows checked" in terminal.run("workflows", "check").out


def test_a_problem_is_named_with_file_line_and_step(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text(BAD)
    printed = terminal.run("workflows", "check")
    assert printed.exit_code == 1
    assert printed.out.startswith("journeys/hello.yaml:11: ask: ")
    assert "dune" in printed.out
    assert "in the workflow definitions" in printed.err


def test_a_file_that_is_no_yaml_is_a_problem_too(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text("id: [")
    printed = terminal.run("workflows", "check")
    assert printed.exit_code == 1
    assert printed.out.startswith("journeys/hello.yaml:")


def test_folders_may_be_named(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "hello.yaml").write_text(BAD)
    assert terminal.run("workflows", "check", folder).exit_code == 1
    assert terminal.run("workflows", "check", tmp_path / "nowhere").exit_code == 1


def test_a_workflow_is_drawn_as_mermaid(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "graph", "buying")
    assert printed.exit_code == 0
    assert printed.out.startswith("flowchart TD\n")
    assert "lead_submission" in printed.out


def test_an_unknown_workflow_is_refused_with_the_known_ones(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "graph", "buing")
    assert printed.exit_code == 1
    assert "buing" in printed.err
    assert "vehicle_discovery" in printed.err


def test_the_list_says_whether_people_get_what_the_files_say(terminal: Terminal) -> None:
    file = terminal.journeys() / "hello.yaml"
    file.write_text(GOOD)

    def published() -> str:
        rows = terminal.run("workflows", "list", "--json").json
        return next(row["published"] for row in rows if row["id"] == "hello")

    assert published() == "no"
    assert terminal.run("workflows", "publish", "--yes").exit_code == 0
    assert published() == "yes"
    file.write_text(GOOD.replace("Who are you?", "Your name?"))
    assert published() == "an earlier version"
    terminal.set(environment="development")
    assert published() == "follows the file"
    assert "Say hello" in terminal.run("workflows", "list").out
