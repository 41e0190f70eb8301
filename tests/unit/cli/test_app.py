"""The root command: what there is, and how to find out more."""

import subprocess
import sys

import pytest

from tests.unit.cli.conftest import Terminal
from trex_app import __version__

HEAVY = {"reflex", "sqlalchemy", "dbos", "fastapi", "trex_app.container", "cel", "psycopg"}


def test_help_names_every_command(terminal: Terminal) -> None:
    shown = terminal.run("--help").out
    for name in ("run", "serve", "dev", "migrate", "doctor", "workflows", "inventory", "leads"):
        assert f"\n  {name} " in shown


@pytest.mark.parametrize("noun", ["workflows", "inventory", "leads", "sessions"])
def test_every_noun_says_what_can_be_done_with_it(terminal: Terminal, noun: str) -> None:
    assert "Commands:" in terminal.run(noun, "--help").out


def test_the_version_can_be_asked_for(terminal: Terminal) -> None:
    printed = terminal.run("--version")
    assert (printed.exit_code, printed.out) == (0, f"T-Rex {__version__}\n")


def test_an_unknown_command_is_refused(terminal: Terminal) -> None:
    printed = terminal.run("workflow")
    assert printed.exit_code == 2
    assert "workflow" in printed.err


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from trex_app.cli import app\n"
        "assert CliRunner().invoke(app, ['workflows', '--help']).exit_code == 0\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
