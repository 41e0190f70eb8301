"""The root command and its nouns."""

from typing import Annotated

import typer

from trex_app import __version__
from trex_app.cli import server
from trex_app.cli.doctor import doctor
from trex_app.cli.events import events
from trex_app.cli.export import export
from trex_app.cli.faults import Commands
from trex_app.cli.funnel import funnel
from trex_app.cli.inventory import inventory
from trex_app.cli.leads import leads
from trex_app.cli.messages import messages
from trex_app.cli.privacy import privacy
from trex_app.cli.publication import publish
from trex_app.cli.sandbox import sandbox
from trex_app.cli.sessions import sessions
from trex_app.cli.simulation import simulate
from trex_app.cli.tenants import tenants
from trex_app.cli.worker import worker
from trex_app.cli.workflows import workflows

app = typer.Typer(
    cls=Commands,
    help="T-Rex: guided journeys that are data.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for starter in (
    server.run,
    server.serve,
    server.dev,
    server.build,
    export,
    server.migrate,
    worker,
    doctor,
    sandbox,
):
    app.command()(starter)
for action in (simulate, publish, funnel):
    workflows.command()(action)
for name, noun in {
    "workflows": workflows,
    "inventory": inventory,
    "leads": leads,
    "events": events,
    "messages": messages,
    "sessions": sessions,
    "privacy": privacy,
    "tenants": tenants,
}.items():
    app.add_typer(noun, name=name)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"T-Rex {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """T-Rex: guided journeys that are data."""
