"""Errors reach a person as a sentence on stderr, and a program as exit code 1."""

import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from trex_app.cli.faults import Commands, sentence_of
from trex_app.core.errors import FieldError, NotFound, TrexError, Unavailable, ValidationFailed


def ending_with(error: BaseException) -> typer.Typer:
    app = typer.Typer(cls=Commands)

    @app.command()
    def first() -> None:
        raise error

    @app.command()
    def second() -> None:
        """So that the first one is called by its name."""

    return app


@pytest.mark.parametrize("error", [NotFound("Not here."), Unavailable("Not now."), TrexError()])
def test_what_is_raised_on_purpose_is_a_sentence_and_exit_code_1(error: TrexError) -> None:
    result = CliRunner().invoke(ending_with(error), ["first"])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"{error.message}\n")


def test_a_defect_of_ours_is_not_hidden() -> None:
    result = CliRunner().invoke(ending_with(KeyError("ours")), ["first"])
    assert isinstance(result.exception, KeyError)


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m trex_app workflows graph selling | head -n 1"
    shown = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert (shown.stdout, shown.stderr) == ("flowchart TD\n", "")


def test_faults_of_single_values_are_told_one_a_line() -> None:
    faults = [
        FieldError("make", "a", "Unknown."),
        FieldError("year", "b", "Too {w}.", {"w": "old"}),
    ]
    assert sentence_of(ValidationFailed(faults)) == "make: Unknown.\nyear: Too old."
