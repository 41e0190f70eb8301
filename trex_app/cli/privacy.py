"""`privacy`: what a person can ask of us, and how long anything is kept."""

from typing import Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_record

privacy = typer.Typer(help="Export or erase what is held of a person.", no_args_is_help=True)

Email = Annotated[str | None, typer.Option(help="An e-mail address the person gave.")]
Phone = Annotated[str | None, typer.Option(help="A phone number the person gave.")]
Reference = Annotated[str | None, typer.Option(help="The reference of something they sent.")]


@privacy.command()
def export(email: Email = None, phone: Phone = None, reference: Reference = None) -> None:
    """Print all that is held of a person as JSON: every session, lead, credit check and message.

    Name the person by one of the options. Nothing in it is masked: hand it to that person only.
    """
    from trex_app.services.privacy import Who

    _check_one(email, phone, reference)
    who = Who(email=email, phone=phone, reference=reference)
    print_json(with_container(lambda container: container.privacy.export(who)))


@privacy.command()
def erase(
    email: Email = None,
    phone: Phone = None,
    reference: Reference = None,
    is_confirmed: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase all that is held of a person, for good, and have the receivers of leads told.

    The bare history of their sessions stays verifiable.
    """
    from trex_app.services.privacy import Who

    _check_one(email, phone, reference)
    who = Who(email=email, phone=phone, reference=reference)
    if not is_confirmed:
        found = with_container(lambda container: container.privacy.sessions_of(who))
        sessions = counted(len(found), "session")
        typer.confirm(f"This erases {sessions} and cannot be undone. Go on?", abort=True)
    erased = with_container(lambda container: container.privacy.erase(who))
    if as_json:
        print_json({"sessions": erased.sessions, "leads": erased.leads})
        return
    typer.echo(f"Erased {counted(erased.sessions, 'session')}, {counted(erased.leads, 'lead')}.")
    typer.echo("Backups made before hold it for as long as they are kept.")


@privacy.command()
def retain(
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: AsJson = False,
) -> None:
    """Erase personal data that is older than the periods of the settings.

    A running installation does so by itself every ten minutes.
    """
    kept = with_container(lambda container: container.retention.apply(is_dry_run=is_dry_run))
    if as_json:
        print_json(kept.as_json())
        return
    typer.echo("Would be erased:" if is_dry_run else "Erased:")
    print_record(kept.as_json())


@privacy.command()
def rewrap(as_json: AsJson = False) -> None:
    """Put what a former secret protects under the current one, so that the former can be dropped.

    Run it once every process has the new secret. It may be interrupted and run again at any time,
    also while people walk. Ends with 1 where something could not be read.
    """
    report = with_container(lambda container: container.rewrapping.apply())
    if as_json:
        print_json(report.as_json())
    else:
        typer.echo("Put under the current secret:")
        print_record(report.rewrapped)
        if not report.is_clean:
            typer.echo("Not readable by any secret that is set, and left as it was:")
            print_record(report.unreadable)
    if not report.is_clean:
        raise typer.Exit(1)


def _check_one(*given: str | None) -> None:
    if sum(value is not None for value in given) != 1:
        fail("Name the person by exactly one of --email, --phone and --reference.")
