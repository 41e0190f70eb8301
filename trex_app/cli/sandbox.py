"""`sandbox`: play the outside partners."""

from pathlib import Path
from typing import Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.sandbox import HTTP_PORT, SMTP_PORT


def sandbox(
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Where the HTTP partners listen; 0 for a free one."),
    ] = HTTP_PORT,
    smtp_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the mail server listens; 0 for a free one.")
    ] = SMTP_PORT,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    journal: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help="Keep what is received in a file, over restarts."),
    ] = None,
    webhook_secret: Annotated[
        str | None, typer.Option(help="The secret that signs webhooks; else the documented one.")
    ] = None,
) -> None:
    """Play the outside partners: vehicle data, credit, dealers, CRM, mail and SMS.

    Keeps what it receives, shows it on a page, and fails on demand.
    """
    import asyncio
    import contextlib

    from trex_app.sandbox.server import SandboxServer
    from trex_app.sandbox.webhooks import SECRET
    from trex_app.sandbox.world import World

    try:
        world = World(journal=journal, webhook_secret=webhook_secret or SECRET)
    except (OSError, ValueError) as error:
        fail(f"The journal {journal} cannot be used: {error}.", error)
    server = SandboxServer(world, host=host, port=port, smtp_port=smtp_port)

    def say_where() -> None:
        typer.echo(f"Partners: {server.address}  Mail: {server.smtp_address}")

    try:
        with contextlib.suppress(KeyboardInterrupt):  # which is how it is meant to end
            asyncio.run(server.serve(say_where))
    except OSError as error:
        fail(
            f"Cannot listen on {host} ports {port} and {smtp_port}: {error.strerror}. "
            "Choose others with --port and --smtp-port, or stop what uses them.",
            error,
        )
