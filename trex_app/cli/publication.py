"""`workflows publish`: show what a new version means, then let new sessions use it."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import with_container
from trex_app.cli.printing import AsJson, counted, print_json

if TYPE_CHECKING:
    from trex_app.container import Container
    from trex_app.services.publishing import Plan, Publishing

MARKS = {"added": "+", "removed": "-", "changed": "~"}
COLORS = {
    "added": typer.colors.GREEN,
    "removed": typer.colors.RED,
    "changed": typer.colors.YELLOW,
}
SHOWN_SESSIONS = 20


def publish(
    workflow_id: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="The workflow, with those that call it; else all."),
    ] = None,
    is_dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what publishing would do.")
    ] = False,
    is_agreed: Annotated[
        bool, typer.Option("--yes", "-y", help="Publish without asking first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish what the files say: new sessions use it.

    Shows first what differs, where open sessions stand, and which of them the new version could
    not carry on. Open sessions keep their version, unless only the presentation changed.
    """
    if as_json and not (is_dry_run or is_agreed):
        fail("With --json nobody can be asked: add --dry-run or --yes.")
    with_container(
        lambda container: _publish(
            container, workflow_id, is_dry_run=is_dry_run, is_agreed=is_agreed, as_json=as_json
        )
    )


async def _publish(
    container: "Container",
    workflow_id: str | None,
    *,
    is_dry_run: bool,
    is_agreed: bool,
    as_json: bool,
) -> None:
    publishing = _publishing(container)
    plans = await publishing.plan(workflow_id)
    if as_json:
        print_json([plan.as_json() for plan in plans])
    else:
        _print_plans(plans)
    if not plans or is_dry_run:
        return
    if not is_agreed:
        typer.confirm("Publish?", abort=True)
    await publishing.publish(plans)
    if as_json:
        return
    typer.echo("Published. New sessions use it within a few seconds.")
    if container.settings.is_development:
        typer.echo("This installation follows the files; what is published counts in production.")


def _publishing(container: "Container") -> "Publishing":
    from trex_app.container import definition_folders
    from trex_app.engine.loader import build, read_folder
    from trex_app.services.publishing import Publishing

    raws = read_folder(*definition_folders(container.settings))
    workflows = build(raws, container.capabilities.names())
    return Publishing(container.database, container.store, workflows, container.clock)


def _print_plans(plans: Sequence["Plan"]) -> None:
    planned = {plan.workflow.id for plan in plans}
    for plan in plans:
        _print_plan(plan, planned - {plan.workflow.id})
    if not plans:
        typer.echo("There is nothing to publish: what the files say is published.")


def _print_plan(plan: "Plan", told_elsewhere: Collection[str]) -> None:
    """One workflow's changes, without those of called workflows that are told by themselves."""
    typer.secho(f"{plan.workflow.id}: {_nature(plan)}", bold=True)
    for change in plan.changes:
        if change.workflow in told_elsewhere:
            continue
        origin = "" if change.workflow == plan.workflow.id else f"{change.workflow}: "
        detail = f" ({change.detail})" if change.detail else ""
        line = f"  {MARKS[change.kind]} {origin}{change.what}{detail}"
        typer.secho(line, fg=COLORS[change.kind])
    called = {change.workflow for change in plan.changes} & set(told_elsewhere)
    if called and plan.published is not None:
        typer.echo(f"  ~ calls what changes itself: {', '.join(sorted(called))}")
    _print_open_sessions(plan)
    for one in plan.stuck[:SHOWN_SESSIONS]:
        typer.secho(f"    {one.session_id} at {one.step}: {one.reason}", fg=typer.colors.YELLOW)
    if len(plan.stuck) > SHOWN_SESSIONS:
        typer.echo(f"    and {len(plan.stuck) - SHOWN_SESSIONS} more; --json lists them all")


def _nature(plan: "Plan") -> str:
    if plan.published is None:
        return "published for the first time"
    if plan.is_presentation_only:
        return "presentation only, open sessions get it too"
    return "behaviour changes, open sessions keep their version"


def _print_open_sessions(plan: "Plan") -> None:
    at_step: Counter[str] = Counter()
    for row in plan.open_sessions:
        at_step[row.step] += row.count
    if not at_step:
        typer.echo("  No open sessions.")
        return
    typer.echo(f"  {counted(at_step.total(), 'open session')}:")
    for step, count in at_step.most_common():
        typer.echo(f"    {count:>6,} at {step}")
    if plan.published is not None and not plan.is_presentation_only:
        typer.echo(
            f"  Moved to this version, {counted(len(plan.stuck), 'session')} could not go on"
            + (":" if plan.stuck else ".")
        )
