"""`workflows funnel`: how far people get."""

from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, print_json, print_table

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.services.analytics import FunnelRow

DEFAULT_DAYS = 30
DAYS_MAX = 3660
COLUMNS = ("workflow", "step", "reached", "abandoned", "completed")


def funnel(
    workflow_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The workflow's id; all without.")
    ] = None,
    days: Annotated[
        int, typer.Option(min=1, max=DAYS_MAX, help="How many days, today among them (UTC).")
    ] = DEFAULT_DAYS,
    as_json: AsJson = False,
) -> None:
    """Show how many journeys reached each step, were left alone there, or came to the end.

    A row without a step is about whole journeys. A journey counts once it has ended or was left
    alone; one that somebody comes back to is counted again where they leave it next.
    """

    async def count(container: "Container") -> "list[FunnelRow]":
        from trex_app.services.analytics import funnel as funnel_of

        return await container.database.read(
            lambda tx: funnel_of(tx, container.clock, days, workflow_id)
        )

    rows = [row._asdict() for row in with_container(count)]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, COLUMNS)
    else:
        typer.echo("No journey has ended or was left alone in these days.")
