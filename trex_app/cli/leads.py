"""`leads`: what people have sent, what has become of it, and taking it up again or back."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json, print_record, print_table
from trex_app.services.lead_states import LeadStatus

leads = typer.Typer(help="Look at what people have sent, and steer it.", no_args_is_help=True)

LEADS_MAX = 10_000
COLUMNS = ("reference", "journey", "status", "created_at", "dealers")
RECORD = (*("reference", "journey", "kind", "status", "created_at"), *("round", "retry_at"))
PARTS = {
    "steps": ("name", "status", "attempts", "error"),
    "dealers": ("dealer_id", "status", "delivered_at"),
    "messages": ("purpose", "channel", "status", "attempts", "error"),
    "credit_checks": ("status", "rounds", "decided_at"),
}
"""What a lead consists of, and what is told of each part."""
Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="Such as TRX-7K3M-9QWX.")]


@leads.command("list")
def list_leads(
    limit: Annotated[int, typer.Option(min=1, max=LEADS_MAX, help="How many at most.")] = 100,
    since: Annotated[
        datetime | None, typer.Option(help="Only those sent at this time (UTC) or later.")
    ] = None,
    status: Annotated[LeadStatus | None, typer.Option(help="Only those that stand so.")] = None,
    tenant: Annotated[
        str | None, typer.Option(metavar="ID", help="Only those from pages of this tenant.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the leads, the newest first, without personal data."""
    begin = since.replace(tzinfo=UTC) if since is not None else None
    found = with_container(
        lambda container: container.leads.list_leads(limit, begin, status, tenant)
    )
    if as_json:
        print_json([lead.as_json() for lead in found])
    elif found:
        print_table([{**lead.as_json(), "dealers": lead.dealer_ids} for lead in found], COLUMNS)
        typer.echo(counted(len(found), "lead"))
    else:
        typer.echo(_nothing_found(begin, status, tenant))


@leads.command()
def show(
    reference: Reference,
    with_details: Annotated[
        bool, typer.Option("--details", help="With what the person gave: personal data.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show how one lead got on: its steps, dealers, messages and credit check."""
    found = with_container(lambda container: container.leads.show_lead(reference))
    lead = found.as_json(with_details=with_details)
    if as_json:
        print_json(lead)
        return
    print_record({name: lead[name] for name in RECORD})
    for heading, columns in PARTS.items():
        _print_part(heading, lead[heading], columns)
    if found.details is None:
        typer.echo("The person this lead was about has been erased.")
    elif with_details:
        print_json(found.details)


@leads.command()
def retry(reference: Reference, as_json: AsJson = False) -> None:
    """Go on with a parked lead now, or send one that was undone anew."""
    status = with_container(lambda container: container.lead_orders.retry(reference))
    _print_order(reference, status, as_json)


@leads.command()
def cancel(reference: Reference, as_json: AsJson = False) -> None:
    """Call a lead back from everyone who has it."""
    status = with_container(lambda container: container.lead_orders.cancel(reference))
    if status == LeadStatus.CANCELLED:
        _print_order(reference, status, as_json)
    else:
        _print_order(reference, status, as_json, " It is being called back.")


def _print_order(reference: str, status: str, as_json: bool, more: str = "") -> None:
    shown = reference.strip().upper()
    if as_json:
        print_json({"reference": shown, "status": str(status)})
    else:
        typer.echo(f"{shown} is {status}.{more}")


def _print_part(heading: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    if rows:
        typer.echo(f"\n{heading.replace('_', ' ').capitalize()}")
        print_table(rows, columns)


def _nothing_found(since: datetime | None, status: LeadStatus | None, tenant: str | None) -> str:
    if tenant is not None:
        return f"There are no such leads from pages of {tenant}."
    if status is not None:
        return f"There are no leads that are {status}."
    return "There are no leads yet." if since is None else "There are no leads since then."
