"""`worker`: run jobs and deliver events, and answer nobody."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from trex_app.cli.installation import database_faults_explained, read_settings

if TYPE_CHECKING:
    from trex_app.container import Container

log = structlog.get_logger(__name__)


def worker(
    metrics_port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Where Prometheus finds this process's metrics."),
    ] = None,
    metrics_host: Annotated[
        str, typer.Option(help="The address of the metrics' port.")
    ] = "127.0.0.1",
) -> None:
    """Run jobs and deliver events, without pages or API, until told to stop.

    As many as needed may run beside each other; what one of them was doing when it died is taken
    over by the others.
    """
    from trex_app import __version__
    from trex_app.container import Container
    from trex_app.core.telemetry import configure_logging, serve_metrics
    from trex_app.core.tracing import configure_tracing

    settings = read_settings().model_copy(update={"role": "worker"})
    configure_logging(settings.log_format, settings.log_level)
    configure_tracing(settings.otlp_url, settings.role, __version__)
    container = Container(settings)
    if metrics_port is not None:
        serve_metrics(metrics_host, metrics_port)
    with database_faults_explained(container):
        asyncio.run(_work(container))


async def _work(container: "Container") -> None:
    """Run until a signal asks for an end, then finish what is under way."""
    end = asyncio.Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, end.set)
    try:
        await container.open()
        log.info("worker_ready")
        await end.wait()
    finally:
        await container.close()
