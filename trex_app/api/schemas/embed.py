"""What frames on other sites ask for, and what they are answered."""

from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from trex_app import __version__
from trex_app.api import examples
from trex_app.api.schemas.requests import RequestBody, WorkflowId
from trex_app.api.schemas.responses import ResponseBody
from trex_app.core.origins import ORIGIN_LENGTH_MAX, is_origin
from trex_app.core.texts import locales
from trex_app.services.tickets import IssuedTicket


def _origin(value: str) -> str:
    if not is_origin(value):
        raise PydanticCustomError("origin", "This is no origin, such as https://www.example.com.")
    return value


TenantId: TypeAlias = Annotated[
    str,
    Field(max_length=40, pattern="^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", examples=["acme"]),
]
SessionKey: TypeAlias = Annotated[
    str,
    Field(
        max_length=64,
        pattern="^[A-Za-z0-9._:-]*$",
        examples=["main"],
        description="Tells several widgets of a page apart; each has a journey of its own.",
    ),
]
Origin: TypeAlias = Annotated[
    str,
    Field(max_length=ORIGIN_LENGTH_MAX, examples=["https://cdn.example.com"]),
    AfterValidator(_origin),
]


class TicketRequest(RequestBody):
    """A page asks for a ticket; whose page it is, the browser says in Origin."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TICKET_REQUEST]})

    tenant: TenantId
    workflow: WorkflowId | None = Field(
        default=None, description="Which journey; without it the tenant's default."
    )
    session_key: SessionKey = ""
    bundle_origin: Origin | None = Field(
        default=None,
        description="Where the frame is loaded from; the ticket then works from nowhere else.",
    )


class TicketResponse(ResponseBody):
    """A ticket, and what the page's frame needs to begin."""

    ticket: str = Field(description="Opens one socket, once.")
    expires_at: datetime
    workflow: str
    theme: dict[str, str] = Field(description="Tokens by name; in CSS each begins with `--trex-`.")
    locales: list[str]
    release: str

    @classmethod
    def of(cls, issued: IssuedTicket) -> "TicketResponse":
        """What a page is told of its ticket."""
        return cls(
            ticket=issued.ticket,
            expires_at=issued.expires_at,
            workflow=issued.workflow,
            theme=dict(issued.tenant.theme),
            locales=list(locales()),
            release=__version__,
        )


class VisitorResponse(ResponseBody):
    """Who sits at a frame. `visitor` is null where the browser has shown that it keeps cookies."""

    visitor: str | None = Field(
        description="Give it back when the socket opens, in the subprotocol `trex-visitor.<it>`."
    )
