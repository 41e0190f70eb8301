"""`sessions`: where journeys under way stand, without what people answered."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_record, print_table

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.services.session_records import SessionRecords

sessions = typer.Typer(help="Look at stored sessions, remind and erase.", no_args_is_help=True)

SessionId = Annotated[str, typer.Argument(metavar="ID", help="The session's id.")]
DEFAULT_IDLE_DAYS = 30


@sessions.command()
def show(session_id: SessionId, as_json: AsJson = False) -> None:
    """Show where a session stands and what happened in it, without personal data."""
    shown = with_container(lambda container: _records(container).show(session_id))
    if as_json:
        print_json(shown)
        return
    history = shown.pop("history")
    print_record(shown)
    typer.echo()
    print_table(history, ("at", "kind", "revision", "step", "to"))


@sessions.command()
def verify(session_id: SessionId) -> None:
    """Check that a session's history is complete and unchanged. Exit code 1 if it is not."""
    if not with_container(lambda container: _records(container).verify(session_id)):
        fail("The history was changed from outside: its chain of hashes does not fit.")
    typer.echo("The history is complete and unchanged.")


@sessions.command()
def purge(
    idle_days: Annotated[
        int, typer.Option("--older-than-days", min=0, help="How long ago their time ran out.")
    ] = DEFAULT_IDLE_DAYS,
    with_completed: Annotated[
        bool, typer.Option("--with-completed", help="Erase completed sessions as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Erase expired sessions and dead resume links for good.

    What people answered is gone then; the bare history stays verifiable. Leads that were sent
    stay. A running installation does so by itself, by its own periods, every ten minutes.
    """
    done = with_container(
        lambda container: container.retention.purge(idle_days, with_completed=with_completed)
    )
    if as_json:
        print_json({"erased_sessions": done.erased_sessions, "removed_links": done.removed_links})
        return
    typer.echo(
        f"Erased {counted(done.erased_sessions, 'session')}, "
        f"removed {counted(done.removed_links, 'resume link')}."
    )


@sessions.command()
def remind(as_json: AsJson = False) -> None:
    """Have people reminded of journeys that they left alone, once for each time.

    A running installation looks for such journeys by itself every minute, and sends what there is
    to send: to those who agreed to it.
    """
    found = with_container(_find_abandoned)
    if as_json:
        print_json({"left_alone": found})
        return
    typer.echo(f"Found {counted(found, 'journey')} left alone.")


@sessions.command()
def erase(
    session_id: SessionId,
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase all that a person gave in a session, for good: answers, credit checks and leads.

    Those who got a lead are told. The bare history stays verifiable.
    """
    from trex_app.services.privacy import Who

    if not is_confirmed:
        typer.confirm("This cannot be undone. Erase it?", abort=True)
    with_container(lambda container: container.privacy.erase(Who(session_id=session_id)))
    typer.echo("Erased. Backups made before hold it for as long as they are kept.")


async def _find_abandoned(container: "Container") -> int:
    from trex_app.services.abandonment import sweep

    return await asyncio.to_thread(sweep, container.database, container.clock)


def _records(container: "Container") -> "SessionRecords":
    from trex_app.services.session_records import SessionRecords

    return SessionRecords(container.database, container.store, container.clock)
