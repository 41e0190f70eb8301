"""Where a lead stands, for the person who sent it. Read-only."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from trex_app.api import examples
from trex_app.api.caller import caller_of
from trex_app.api.contract import CREDENTIAL, answers
from trex_app.api.installation import container_of
from trex_app.api.json_route import JsonRoute
from trex_app.api.schemas.lead_status import LeadStatusResponse
from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.services.views import Caller

router = APIRouter(prefix="/api/leads", tags=["leads"], route_class=JsonRoute)

Reference = Annotated[
    str,
    Path(pattern="^[A-Za-z0-9-]{4,16}$", description="The reference that the journey ended with."),
]


@router.get(
    "/{reference}",
    response_model=LeadStatusResponse,
    responses=answers(examples.LEAD_STATUS, (401, 403, 404)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="leadStatus",
    summary="Where something that was sent stands",
)
async def lead_status(
    request: Request, caller: Annotated[Caller, Depends(caller_of)], reference: Reference
) -> Response:
    """For whoever holds the session it was sent from. Any other reference is answered 403."""
    statuses = container_of(request).lead_statuses
    view = await statuses.for_caller(caller, reference, caller.locale or DEFAULT_LOCALE)
    return Response(
        LeadStatusResponse.of(view).model_dump_json(by_alias=True),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
