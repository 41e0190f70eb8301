"""`workflows simulate`: made-up people try the journeys before real ones do."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import scratch_container
from trex_app.cli.printing import AsJson, counted, print_json

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.services.simulation import Report
    from trex_app.services.simulation.report import Trouble

DEFAULT_PEOPLE = 100


def simulate(
    workflow_id: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="The workflow; else every one.")
    ] = None,
    people: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many people to send through each.")
    ] = DEFAULT_PEOPLE,
    seed: Annotated[int, typer.Option(help="The same seed gives the same report.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Send random people through journeys, on a database of their own that is thrown away.

    Reports what they passed, what nobody passed, and what stopped them. Exit code 1 if anything
    stopped somebody.
    """
    with scratch_container() as container:
        reports = asyncio.run(_reports(container, workflow_id, people, seed))
    if as_json:
        print_json([report.as_json() for report in reports])
    else:
        for report in reports:
            _print_report(report)
    if not all(report.is_sound for report in reports):
        fail("Not everybody reached an ending.")


async def _reports(
    container: "Container", workflow_id: str | None, people: int, seed: int
) -> list["Report"]:
    from trex_app.core.telemetry import configure_logging
    from trex_app.services.simulation import Site
    from trex_app.services.simulation import simulate as send_people

    configure_logging("text", "ERROR")
    await container.open(with_jobs=False)
    site = Site(container.database, container.store, container.programs, container.journeys)
    ids = [workflow_id] if workflow_id is not None else await container.programs.ids()
    return [await send_people(site, each, people, seed) for each in ids]


def _print_report(report: "Report") -> None:
    finished = sum(report.endings.values())
    typer.secho(
        f"{report.workflow}: {counted(report.people, 'person', 'people')}, seed {report.seed}",
        bold=True,
    )
    typer.echo(f"  answers given       {report.answers:,}")
    endings = ", ".join(f"{step} {people}" for step, people in report.endings.items())
    typer.echo(f"  reached an ending   {finished}{f' ({endings})' if endings else ''}")
    for what, places in (("steps", report.steps), ("transitions", report.transitions)):
        passed = sum(place.people > 0 for place in places)
        typer.echo(f"  {what + ' passed':<19} {passed} of {len(places)}")
    for place in report.never:
        typer.secho(f"  never passed        {place}", fg=typer.colors.YELLOW)
    _print_troubles("dead end", report.dead_ends)
    _print_troubles("error", report.errors)


def _print_troubles(kind: str, troubles: "Sequence[Trouble]") -> None:
    for trouble in troubles:
        who = counted(trouble.people, "person", "people")
        typer.secho(
            f"  {kind:<19} {trouble.step}: {trouble.message} ({who}, first number "
            f"{trouble.first_person})",
            fg=typer.colors.RED,
        )
