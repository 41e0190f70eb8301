"""`inventory`: put vehicles in."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.services.vehicles.feed import ImportReport

inventory = typer.Typer(help="Fill the inventory.", no_args_is_help=True)


@inventory.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")
    ],
    dealer_id: Annotated[
        str | None,
        typer.Option("--dealer", metavar="ID", help="Whose vehicles; else the file's dealer_id."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import a dealer's feed. Importing it again changes nothing.

    Each row that is left out is named with its line and reason. Exit code 1 if no row could be
    taken.
    """

    async def work(container: "Container") -> "ImportReport":
        from trex_app.services.vehicles.feed import import_feed

        now = container.clock()
        return await container.database.write(
            lambda tx: import_feed(tx.connection, file, now=now, dealer_id=dealer_id)
        )

    report = with_container(work)
    if as_json:
        print_json(report.to_dict())
    else:
        _print_report(report, file)
    if report.rows == report.rejected_rows:
        fail("Nothing was imported.")


@inventory.command()
def demo() -> None:
    """Load the demonstration vehicles and dealers into an empty inventory."""

    async def work(container: "Container") -> int:
        from trex_app.services import demo_data

        now = container.clock()
        return await container.database.write(
            lambda tx: demo_data.load_if_empty(tx.connection, now)
        )

    count = with_container(work)
    if count:
        typer.echo(f"Loaded {counted(count, 'vehicle')} with their dealers.")
    else:
        typer.echo("There are dealers already, so nothing was loaded.")


def _print_report(report: "ImportReport", file: Path) -> None:
    for fault in report.rejected:
        typer.echo(f"{file}:{fault.line}: {fault.field}: {fault.reason}")
    more = report.rejected_rows - len({fault.line for fault in report.rejected})
    if more > 0:
        typer.echo(f"and {counted(more, 'further row')} that were left out")
    if report.ignored_columns:
        typer.echo(f"Columns not used: {', '.join(report.ignored_columns)}")
    typer.echo(
        f"{counted(report.rows, 'row')}: {report.imported:,} imported, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged, {report.rejected_rows:,} left out."
    )
