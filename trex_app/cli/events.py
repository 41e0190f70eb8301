"""`events`: what was recorded, what was given up, and how it tries again."""

from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_table

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.messaging.records import EventRecord, EventRecords

events = typer.Typer(help="Look at events, and let parked ones try again.", no_args_is_help=True)

EVENTS_MAX = 10_000


@events.command("list")
def list_events(
    limit: Annotated[int, typer.Option(min=1, max=EVENTS_MAX, help="How many at most.")] = 100,
    topic: Annotated[
        str | None, typer.Option(help="Only those of this kind, such as LeadCaptured.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the events, the newest first, and how each stands with its handlers."""
    found = with_container(lambda container: _records(container).list_events(limit, topic))
    if as_json:
        print_json([event.as_json() for event in found])
    elif found:
        rows = [{**event.as_json(), "deliveries": _ways(event)} for event in found]
        print_table(rows, ("recorded_at", "topic", "subject", "deliveries", "event_id"))
        typer.echo(counted(len(rows), "event"))
    else:
        typer.echo("There are no events yet." if topic is None else "There are no such events.")


@events.command()
def parked(as_json: AsJson = False) -> None:
    """List the events that a handler gave up, the oldest first, and why."""
    found = with_container(lambda container: _records(container).parked())
    rows = [event.as_json() for event in found]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, ("event_id", "topic", "subject", "handler", "attempts", "reason"))
        typer.echo(counted(len(rows), "parked event"))
    else:
        typer.echo("No event is parked.")


@events.command()
def replay(
    event_id: Annotated[
        str | None, typer.Argument(metavar="EVENT_ID", help="As `events parked` shows it.")
    ] = None,
    with_all: Annotated[bool, typer.Option("--all", help="Every parked event.")] = False,
    handler: Annotated[
        str | None, typer.Option(help="Every event that this handler gave up.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let parked events try again: one, those of a handler, or all.

    The next process that runs jobs takes them up, in their order.
    """
    if (event_id is not None or handler is not None) == with_all:
        fail("Say which: an event's id, --handler NAME, or --all.")
    count = with_container(lambda container: _records(container).replay(event_id, handler))
    if as_json:
        print_json({"replayed": count})
    else:
        typer.echo(f"{counted(count, 'event')} will be tried again.")


def _records(container: "Container") -> "EventRecords":
    from trex_app.messaging.records import EventRecords

    return EventRecords(container.database, container.clock)


def _ways(event: "EventRecord") -> list[str]:
    return [f"{way.handler} {way.status}" for way in event.deliveries]
