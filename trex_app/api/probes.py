"""What an operator's tools ask: alive, ready, how much of what."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from trex_app.api.contract import problem_responses
from trex_app.api.installation import container_of
from trex_app.container import Container
from trex_app.core.errors import Unavailable
from trex_app.core.telemetry import metrics_text
from trex_app.db.migrate import is_current

router = APIRouter(tags=["operation"])

METRICS_MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz", operation_id="healthz", summary="Whether the process answers")
async def healthz() -> dict[str, str]:
    """Says nothing about databases: a restart would not mend those."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Whether the process can do its work",
    responses=problem_responses(503),
)
async def readyz(request: Request) -> dict[str, str]:
    """The database answers, has the schema of this build, and jobs are run where they should be.

    Partners are no part of it: without them journeys still go on. Raises Unavailable.
    """
    missing = await _missing_part(container_of(request))
    if missing is not None:
        raise Unavailable("Not ready: {missing}.", missing=missing)
    return {"status": "ready"}


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """Every metric in the Prometheus text format."""
    return Response(metrics_text(), media_type=METRICS_MEDIA_TYPE)


async def _missing_part(container: Container) -> str | None:
    try:
        has_schema = await container.database.read(lambda tx: is_current(tx.connection))
    except Unavailable:
        return "the database does not answer"
    if not has_schema:
        return "the database has another schema; run `python -m trex_app migrate`"
    if container.runs_jobs and not container.jobs.is_running:
        return "jobs are not run"
    return None
