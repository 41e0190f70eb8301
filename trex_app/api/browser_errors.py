"""Errors that happened in people's browsers, for the operator's log.

A report holds what tells where our code failed, and nothing a person typed: the error's class,
places in our own files, the page's route. Messages are left out, since they may quote anything.

They come from `assets/browser-errors.js`, which every page carries and which is therefore short:
at most five reports a page; an event without an error was a foreign script's or a picture that did
not load; an exported page names its server's origin in its HTML; a report that cannot be sent is
let go, for there is nobody else to tell.
"""

from typing import Annotated, Literal, TypeAlias

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from trex_app.api.contract import problem_responses
from trex_app.api.json_route import JsonRoute
from trex_app.core.telemetry import BROWSER_ERRORS

router = APIRouter(tags=["operation"], route_class=JsonRoute)
log = structlog.get_logger(__name__)

FRAMES_MAX = 8
Place: TypeAlias = Annotated[
    str, Field(max_length=200, pattern=r"^/[\w./$-]*:\d{1,7}:\d{1,7}$", examples=["/kit/x.js:1:2"])
]


class BrowserError(BaseModel):
    """One uncaught error."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["error", "rejection"]
    name: Annotated[
        str, Field(max_length=60, pattern=r"^[A-Za-z_$][\w$]*$", examples=["TypeError"])
    ]
    page: Annotated[str, Field(max_length=120, pattern=r"^/[\w/-]*$", examples=["/j/buying"])]
    places: Annotated[list[Place], Field(max_length=FRAMES_MAX)] = []


@router.post(
    "/api/browser-errors",
    status_code=204,
    responses=problem_responses(400, 413, 429),
    operation_id="reportBrowserError",
    summary="Report an error of a page's own scripts",
)
async def report(body: BrowserError) -> None:
    """Written to the log with the request's correlation id; nothing is stored."""
    BROWSER_ERRORS.labels(body.kind).inc()
    log.warning(
        "browser_error", kind=body.kind, error=body.name, page=body.page, places=body.places
    )
