"""`messages`: what people were told, and what is still on its way, without what it says."""

from typing import Annotated, Literal

import typer

from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_table

messages = typer.Typer(help="Look at messages to people.", no_args_is_help=True)

MESSAGES_MAX = 10_000
COLUMNS = ("message_id", "purpose", "channel", "status", "attempts", "created_at", "error")


@messages.command("list")
def list_messages(
    limit: Annotated[int, typer.Option(min=1, max=MESSAGES_MAX, help="How many at most.")] = 100,
    status: Annotated[
        Literal["queued", "waiting", "sent", "parked", "suppressed"] | None,
        typer.Option(help="Only those that stand so."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List messages, the newest first, without personal data."""
    found = with_container(
        lambda container: container.database.read(
            lambda tx: container.messages.list_messages(tx, limit, status)
        )
    )
    rows = [message.as_json() for message in found]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, COLUMNS)
        typer.echo(counted(len(rows), "message"))
    else:
        typer.echo("There are no messages.")


@messages.command()
def retry(
    message_id: Annotated[str, typer.Argument(metavar="ID", help="The id of a parked message.")],
    as_json: AsJson = False,
) -> None:
    """Begin a parked message anew, over the channel it was parked at."""
    with_container(
        lambda container: container.database.write(
            lambda tx: container.messages.retry(tx, message_id)
        )
    )
    if as_json:
        print_json({"message_id": message_id, "status": "queued"})
        return
    typer.echo("It is queued; the next free worker sends it.")
