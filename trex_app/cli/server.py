"""Commands that start T-Rex, and what must be true before they do."""

import socket
from typing import TYPE_CHECKING, Annotated

import typer

from trex_app.cli.faults import fail
from trex_app.cli.installation import database_faults_explained, read_settings

if TYPE_CHECKING:
    from trex_app.core.settings import Settings

Port = Annotated[
    int | None, typer.Option(min=1, max=65535, help="The port to listen on; else TREX_PORT.")
]
Host = Annotated[
    str | None, typer.Option(help="The address to listen on; else TREX_HOST (127.0.0.1).")
]


def run(port: Port = None, host: Host = None) -> None:
    """Start everything: pages, websocket and API in one process, in production mode.

    Builds the pages first where their sources changed. On an address of this machine, and without
    any partner in the settings, a sandbox of partners starts inside.
    """
    settings = _with_sandbox(_ready(port, host))
    from trex_app.ui.build import serve as serve_all

    serve_all(settings)


def serve(port: Port = None, host: Host = None) -> None:
    """Start the backend and the API alone, without building pages."""
    settings = _ready(port, host)
    from trex_app.ui.build import serve_backend

    serve_backend(settings)


def dev(port: Port = None) -> None:
    """Start with hot reload: pages on the port, the backend on the next one.

    Without any partner in the settings, a sandbox of partners starts inside.
    """
    settings = _with_sandbox(_ready(port, None))
    from trex_app.ui.build import develop

    develop(settings)


def build() -> None:
    """Build the pages if their sources changed; `run` does it too."""
    from trex_app.ui.build import ensure_build

    typer.echo(f"The pages stand in {ensure_build()}.")


def migrate() -> None:
    """Bring the database to the schema of this version; also done at every start."""
    settings = read_settings()
    _migrate(settings)
    typer.echo("The database has the schema of this version.")


def _ready(port: int | None, host: str | None) -> "Settings":
    """The settings with what the command line chose, once nothing stands in the way of a start."""
    chosen = {"port": port, "host": host}
    settings = read_settings().model_copy(
        update={name: value for name, value in chosen.items() if value is not None}
    )
    _check_port_is_free(settings)
    _migrate(settings)
    return settings


def _with_sandbox(settings: "Settings") -> "Settings":
    """With a sandbox inside, where somebody tries T-Rex out and has said nothing of partners."""
    from trex_app.integrations.chosen import INSIDE, wants_sandbox

    return (
        settings.model_copy(update={"sandbox_url": INSIDE}) if wants_sandbox(settings) else settings
    )


def _check_port_is_free(settings: "Settings") -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        fail(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another with --port, or stop what uses it.",
            error,
        )


def _migrate(settings: "Settings") -> None:
    from trex_app.container import Container

    container = Container(settings)
    try:
        with database_faults_explained(container):
            container.migrate()
    finally:
        container.jobs.close()
        container.database.close()
