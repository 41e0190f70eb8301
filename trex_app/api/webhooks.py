"""Addresses that partners send to; docs/guide/partners.md has what they send."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from trex_app.api.installation import container_of

router = APIRouter(prefix="/api/webhooks", include_in_schema=False)


@router.post("/credit")
async def credit(
    request: Request,
    timestamp: Annotated[str, Header(alias="X-Credit-Timestamp")] = "",
    signature: Annotated[str, Header(alias="X-Credit-Signature")] = "",
) -> Response:
    """A credit decision that took longer. Nobody but the bureau can sign it, so it needs no more.

    The signature is over the bytes as sent: the body is not read as anything before it is checked.
    """
    webhook = container_of(request).credit.webhook
    await webhook.receive(timestamp, signature, await request.body())
    return Response(status_code=204)
