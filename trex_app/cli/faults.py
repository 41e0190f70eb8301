"""How errors reach the person at the terminal: a sentence on stderr and exit code 1."""

import os
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from trex_app.core.errors import TrexError, ValidationFailed


class Commands(TyperGroup):
    """The root of all commands; what one of them raises ends here."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; turn what it raises on purpose into its sentence."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _readable(error.message)
            raise
        except TrexError as error:
            fail(sentence_of(error), error)
        except BrokenPipeError as error:
            # Whoever read the output has enough (`… | head`); the interpreter must not flush more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise typer.Exit(0) from error


def _readable(message: str) -> str:
    """What is wrong with an argument, without what only says where that was found out."""
    if message.startswith("Input should be a valid datetime"):
        return "This is no time. Write it as 2026-03-01 or 2026-03-01T12:00."
    return message.removeprefix("Value error, ")


def sentence_of(error: TrexError) -> str:
    """What to tell a person, faults of single values one a line."""
    if isinstance(error, ValidationFailed) and error.errors:
        return "\n".join(f"{fault.field}: {fault.message}" for fault in error.errors)
    return error.message


def fail(sentence: str, cause: BaseException | None = None) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    typer.secho(sentence, err=True, fg=typer.colors.RED)
    raise typer.Exit(1) from cause
