"""Addresses for frames on other sites: tickets, visitors where cookies are blocked, themes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from trex_app.api import examples
from trex_app.api.contract import answers
from trex_app.api.installation import container_of
from trex_app.api.json_route import JsonRoute
from trex_app.api.rate_limit import admit_ticket
from trex_app.api.schemas.embed import TicketRequest, TicketResponse, VisitorResponse
from trex_app.api.visitor import cookie_header, framed_cookie_of, takes_framed_cookie
from trex_app.core.crypto import TokenKind
from trex_app.core.visitor import framed_visitor_of, new_visitor
from trex_app.services.themes import stylesheet
from trex_app.services.tickets import Wish

router = APIRouter(prefix="/api/embed", tags=["embedding"], route_class=JsonRoute)
NO_STORE = {"cache-control": "no-store"}
THEME_SECONDS = 60


@router.post(
    "/tickets",
    response_model=TicketResponse,
    responses=answers(examples.TICKET, (403,)),
    openapi_extra={"security": []},
    dependencies=[Depends(admit_ticket)],
    operation_id="ticket",
    summary="Let a frame on one's page open its socket",
)
async def ticket(request: Request, body: TicketRequest) -> Response:
    """For pages of the tenant's origins. Any other page may read why it gets none."""
    wish = Wish(
        tenant_id=body.tenant,
        host_origin=request.headers.get("origin", ""),
        workflow=body.workflow,
        session_key=body.session_key,
        bundle_origin=body.bundle_origin,
    )
    issued = await container_of(request).tickets.issue(wish)
    return _json(TicketResponse.of(issued).model_dump_json(by_alias=True))


@router.post(
    "/visitors",
    response_model=VisitorResponse,
    responses=answers(examples.VISITOR),
    openapi_extra={"security": []},
    dependencies=[Depends(admit_ticket)],
    operation_id="visitor",
    summary="Who sits at a frame",
)
async def visitor(request: Request) -> Response:
    """A frame asks this before it opens its socket, with cookies.

    Whoever has no cookie is somebody new, and gets both the cookie and a token for where the
    browser keeps none. No other page can read the token, and a new visitor owns nothing yet.
    """
    container = container_of(request)
    is_secure = container.settings.has_secure_cookies
    if framed_visitor_of(cookie_header(request.scope), is_secure=is_secure):
        return _json(VisitorResponse(visitor=None).model_dump_json(by_alias=True))
    somebody = new_visitor()
    token = container.keyring.sign(TokenKind.VISITOR, somebody)
    response = _json(VisitorResponse(visitor=token).model_dump_json(by_alias=True))
    if takes_framed_cookie(request.scope, is_secure=is_secure):
        response.headers.append("set-cookie", framed_cookie_of(somebody, is_secure=is_secure))
    return response


@router.get("/themes/{tenantId}.css", include_in_schema=False)
async def theme(
    request: Request,
    tenant_id: Annotated[str, Path(alias="tenantId", pattern="^[a-z0-9-]{1,40}$")],
) -> Response:
    """A tenant's theme for pages that run no script; empty where there is none."""
    tenant = (await container_of(request).tenant_directory.current()).framed(tenant_id)
    css = stylesheet(tenant.theme) if tenant is not None and tenant.theme else ""
    headers = {"cache-control": f"public, max-age={THEME_SECONDS}"}
    return Response(css, media_type="text/css", headers=headers)


def theme_address(tenant_id: str) -> str:
    """Where a tenant's theme is."""
    return f"{router.prefix}/themes/{tenant_id}.css"


def _json(body: str) -> Response:
    return Response(body, media_type="application/json", headers=NO_STORE)
