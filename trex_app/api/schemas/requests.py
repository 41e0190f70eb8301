"""What requests may hold."""

from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from trex_app.api import examples

NAME_LENGTH_MAX = 100
CONTEXT_MEMBERS_MAX = 50
DATA_MEMBERS_MAX = 200
DATA_DEPTH_MAX = 16
REVISION_MAX = 2**31 - 1

UUID_PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"


def _storable(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what no database column can hold (NUL) and what is nested beyond reason."""
    _refuse_unstorable(value, DATA_DEPTH_MAX)
    return value


def _refuse_unstorable(value: Any, depth_left: int) -> None:
    if depth_left < 0:
        raise PydanticCustomError("too_deep", "This is nested too deeply.")
    match value:
        case str() if "\0" in value:
            raise PydanticCustomError(
                "unstorable_text", "A text contains a character that cannot be stored (NUL)."
            )
        case dict():
            for key, item in value.items():
                _refuse_unstorable(key, depth_left)
                _refuse_unstorable(item, depth_left - 1)
        case list():
            for item in value:
                _refuse_unstorable(item, depth_left - 1)


SessionId: TypeAlias = Annotated[
    str,
    Field(
        pattern=UUID_PATTERN, examples=[examples.SESSION_ID], json_schema_extra={"format": "uuid"}
    ),
    AfterValidator(str.lower),
]
StepId: TypeAlias = Annotated[
    str,
    Field(max_length=NAME_LENGTH_MAX, pattern="^[A-Za-z][A-Za-z0-9_]*$", examples=["intent"]),
]
WorkflowId: TypeAlias = Annotated[
    str,
    Field(max_length=NAME_LENGTH_MAX, pattern="^[A-Za-z][A-Za-z0-9_]*$", examples=["buying"]),
]
LookupName: TypeAlias = Annotated[
    str,
    Field(
        max_length=NAME_LENGTH_MAX,
        pattern="^[A-Za-z][A-Za-z0-9_.]*$",
        examples=["vehicles.count"],
    ),
]
Revision: TypeAlias = Annotated[
    int | None,
    Field(
        ge=0,
        le=REVISION_MAX,
        examples=[3],
        description="The revision of the step on the screen; with it no other tab is overwritten.",
    ),
]
Values: TypeAlias = Annotated[
    dict[str, Any], Field(max_length=DATA_MEMBERS_MAX), AfterValidator(_storable)
]


class RequestBody(BaseModel):
    """What every request body shares: exact types, and no member that is not known."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=False, extra="forbid", strict=True, frozen=True
    )


class StartRequest(RequestBody):
    """A new session, or with `sessionId` the way back into one's own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{}, {"workflowType": "buying", "context": {"locale": "de"}}]
        }
    )

    session_id: SessionId | None = None
    workflow_type: WorkflowId | None = Field(
        default=None, description="Which journey; without it the one that asks what you want."
    )
    context: Annotated[
        dict[str, Any],
        Field(
            max_length=CONTEXT_MEMBERS_MAX,
            description="Only the keys which the workflow declares.",
        ),
        AfterValidator(_storable),
    ] = {}


class TransitionRequest(RequestBody):
    """The answers to the current step."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TRANSITION]})

    session_id: SessionId
    current_step: StepId
    data: Values
    revision: Revision = None


class BackRequest(RequestBody):
    """One screen back; nothing is lost by it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BACK]})

    session_id: SessionId
    current_step: StepId
    revision: Revision = None


class GotoRequest(RequestBody):
    """To an answered screen of the path, as links on a summary do."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.GOTO]})

    session_id: SessionId
    step: StepId
    revision: Revision = None


class LookupRequest(RequestBody):
    """A question of the open screen, such as how many results its answers would have."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LOOKUP]})

    session_id: SessionId
    current_step: StepId
    name: LookupName
    input: Values


class ResumeLinkRequest(RequestBody):
    """Save for later; where mail is configured, the link is sent to `email` as well.

    The address is forgotten afterwards, unless the person consented to be reminded.
    """

    email: Annotated[
        str | None,
        Field(
            max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", examples=["robin@example.com"]
        ),
    ] = None
    consent_reminder: bool = Field(
        default=False,
        description="Whether `email` may be kept for one reminder of each longer pause.",
    )


class ResumeRequest(RequestBody):
    """The token of a resume link, which this request uses up."""

    token: Annotated[
        str,
        Field(
            min_length=20,
            max_length=200,
            pattern="^[A-Za-z0-9_-]+$",
            examples=[examples.RESUME_LINK_CODE],
        ),
    ]
