"""The workflow's addresses: each reads a request, asks the journeys once and answers."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Header, Path, Request
from pydantic import BaseModel
from starlette.responses import Response

from trex_app.api import examples
from trex_app.api.caller import (
    caller_of,
    hand_out_credential,
    new_caller_of,
    session_cookie_of,
    take_back_credential,
)
from trex_app.api.contract import (
    CREDENTIAL,
    OF_A_CHANGE,
    OF_A_SESSION,
    OPTIONAL_CREDENTIAL,
    answers,
)
from trex_app.api.installation import container_of, journeys_of
from trex_app.api.json_route import JsonRoute
from trex_app.api.rate_limit import admit_start
from trex_app.api.schemas.requests import (
    BackRequest,
    GotoRequest,
    LookupRequest,
    ResumeLinkRequest,
    ResumeRequest,
    StartRequest,
    TransitionRequest,
)
from trex_app.api.schemas.responses import (
    DefinitionList,
    DefinitionResponse,
    HistoryEntry,
    HistoryResponse,
    LookupResponse,
    ResumeLinkResponse,
    StartedStepResponse,
    WorkflowStepResponse,
    as_plain,
)
from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.services.views import Caller, StepView

router = APIRouter(prefix="/api/workflow", tags=["workflow"], route_class=JsonRoute)

KnownCaller = Annotated[Caller, Depends(caller_of)]
NewCaller = Annotated[Caller, Depends(new_caller_of)]
SessionPath = Annotated[UUID, Path(alias="sessionId", description="The session's id.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        description="Same key and body: the same answer again. 1 to 255 visible ASCII characters.",
        examples=["6d1c3b0e-submit-1"],
    ),
]


@router.post(
    "/start",
    response_model=StartedStepResponse,
    responses=answers(examples.STARTED_STEP, (401, 403, 404, 410)),
    openapi_extra={"security": OPTIONAL_CREDENTIAL},
    dependencies=[Depends(admit_start)],
    operation_id="start",
    summary="Start a journey, or come back to one's own",
)
async def start(request: Request, caller: NewCaller, body: StartRequest) -> Response:
    """Answers the first step and the session's token, which is also set as a cookie."""
    view = await journeys_of(request).start(
        caller,
        workflow_type=body.workflow_type,
        session_id=body.session_id,
        context=body.context,
    )
    return _started(request, view)


@router.post(
    "/transition",
    response_model=WorkflowStepResponse,
    responses=answers(examples.STEP, OF_A_SESSION, OF_A_CHANGE, (422,)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="transition",
    summary="Submit the current step's answers",
)
async def transition(
    request: Request,
    caller: KnownCaller,
    body: TransitionRequest,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Answers the next step. The same submit twice counts once."""
    view = await journeys_of(request).submit(
        caller,
        body.session_id,
        body.current_step,
        body.data,
        revision=body.revision,
        idempotency_key=idempotency_key,
    )
    return _step(request, view)


@router.post(
    "/back",
    response_model=WorkflowStepResponse,
    responses=answers(examples.STEP, OF_A_SESSION, OF_A_CHANGE),
    openapi_extra={"security": CREDENTIAL},
    operation_id="back",
    summary="Go one screen back",
)
async def back(request: Request, caller: KnownCaller, body: BackRequest) -> Response:
    """Answers the screen before, with its answers; on the first screen the screen itself."""
    view = await journeys_of(request).back(
        caller, body.session_id, body.current_step, revision=body.revision
    )
    return _step(request, view)


@router.post(
    "/goto",
    response_model=WorkflowStepResponse,
    responses=answers(examples.STEP, OF_A_SESSION, OF_A_CHANGE, (404,)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="goto",
    summary="Go to an answered screen of the path",
)
async def goto(request: Request, caller: KnownCaller, body: GotoRequest) -> Response:
    """Answers that screen, with its answers; nothing later is lost."""
    view = await journeys_of(request).goto(
        caller, body.session_id, body.step, revision=body.revision
    )
    return _step(request, view)


@router.post(
    "/lookup",
    response_model=LookupResponse,
    responses=answers(
        {"name": "vehicles.count", "data": {"count": 42}}, OF_A_SESSION, OF_A_CHANGE, (404,)
    ),
    openapi_extra={"security": CREDENTIAL},
    operation_id="lookup",
    summary="Ask what the open screen may ask",
)
async def lookup(request: Request, caller: KnownCaller, body: LookupRequest) -> Response:
    """Read-only, and only what the step declares: counts, suggestions, pages of results."""
    found = await journeys_of(request).lookup(
        caller, body.session_id, body.current_step, body.name, body.input
    )
    return _json(LookupResponse(name=body.name, data=found))


@router.post(
    "/resume",
    response_model=StartedStepResponse,
    responses=answers(examples.STARTED_STEP, (403, 404, 410)),
    openapi_extra={"security": OPTIONAL_CREDENTIAL},
    operation_id="resume",
    summary="Use up a resume link",
)
async def resume(request: Request, caller: NewCaller, body: ResumeRequest) -> Response:
    """Answers the step one left at, and a new credential."""
    return _started(request, await journeys_of(request).resume(caller, body.token))


@router.get(
    "/definitions",
    response_model=DefinitionList,
    responses=answers({"definitions": [examples.DEFINITION]}),
    openapi_extra={"security": []},
    operation_id="definitions",
    summary="The journeys there are, as graphs for tools",
)
async def definitions(request: Request) -> Response:
    """Steps and transitions of every workflow."""
    return _raw_json({"definitions": await journeys_of(request).definitions()})


@router.get(
    "/definitions/{workflowId}",
    response_model=DefinitionResponse,
    responses=answers(examples.DEFINITION, (404,)),
    openapi_extra={"security": []},
    operation_id="definition",
    summary="One journey, as a graph for tools",
)
async def definition(
    request: Request,
    workflow_id: Annotated[str, Path(alias="workflowId", pattern="^[A-Za-z0-9_]{1,100}$")],
) -> Response:
    """Steps and transitions of one workflow."""
    return _raw_json(await journeys_of(request).definition(workflow_id))


@router.get(
    "/{sessionId:uuid}",
    response_model=WorkflowStepResponse,
    responses=answers(examples.STEP, OF_A_SESSION, (404,)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="show",
    summary="The current step",
)
async def show(request: Request, caller: KnownCaller, session_id: SessionPath) -> Response:
    """Answers the current step; nothing moves."""
    return _step(request, await journeys_of(request).show(caller, str(session_id)))


@router.get(
    "/{sessionId:uuid}/history",
    response_model=HistoryResponse,
    responses=answers(examples.HISTORY, OF_A_SESSION, (404,)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="history",
    summary="What happened so far, without personal data",
)
async def history(request: Request, caller: KnownCaller, session_id: SessionPath) -> Response:
    """Answers every fact of the session's history, oldest first."""
    facts = await journeys_of(request).history(caller, str(session_id))
    entries = [HistoryEntry.of(fact) for fact in facts]
    return _json(HistoryResponse(session_id=str(session_id), entries=entries))


@router.post(
    "/{sessionId:uuid}/resume-link",
    response_model=ResumeLinkResponse,
    responses=answers(examples.RESUME_LINK, OF_A_SESSION, OF_A_CHANGE, (404,)),
    openapi_extra={"security": CREDENTIAL},
    operation_id="createResumeLink",
    summary="Save for later",
)
async def create_resume_link(
    request: Request,
    caller: KnownCaller,
    session_id: SessionPath,
    body: ResumeLinkRequest | None = None,
) -> Response:
    """Answers a new single-use link; the one before stops working. With `email` it is mailed, too.

    The answer is the same whoever the address belongs to.
    """
    wish = body or ResumeLinkRequest()
    container = container_of(request)
    mails = container.mailed_links
    address = wish.email if mails.is_offered else None
    if address is not None:
        await container.sessions.open(caller, str(session_id))
        for whose in mails.limits_for(str(session_id), address):
            await request.app.state.limits.admit_mail(whose)
    link = await journeys_of(request).create_resume_link(
        caller, str(session_id), email=wish.email, has_consented=wish.consent_reminder
    )
    if address is not None:
        await mails.send(caller, link.token, address, caller.locale or DEFAULT_LOCALE)
    return _json(ResumeLinkResponse.of(link, container.settings.origins[0]))


@router.post(
    "/{sessionId:uuid}/restart",
    response_model=StartedStepResponse,
    responses=answers(examples.STARTED_STEP, (401, 403, 404, 409)),
    openapi_extra={"security": CREDENTIAL},
    dependencies=[Depends(admit_start)],
    operation_id="restart",
    summary="Start anew after a journey has expired or ended",
)
async def restart(request: Request, caller: KnownCaller, session_id: SessionPath) -> Response:
    """Answers the first step of a new session, filled in with the answers still valid."""
    response = _started(request, await journeys_of(request).restart(caller, str(session_id)))
    take_back_credential(response, str(session_id))
    return response


def _step(request: Request, view: StepView) -> Response:
    """A step; the cookie it was asked for with stays as long as the session, which goes on."""
    response = _json(WorkflowStepResponse.of(view))
    token = session_cookie_of(request, view.session_id)
    if token is not None and view.expires_at is not None:
        hand_out_credential(request, response, view.session_id, token, view.expires_at)
    return response


def _started(request: Request, view: StepView) -> Response:
    """A step with its credential: in the body for programs, in a cookie for browsers."""
    step = StartedStepResponse.of(view).model_copy(update={"session_token": view.session_token})
    response = _json(step)
    if view.session_token is not None and view.expires_at is not None:
        hand_out_credential(request, response, view.session_id, view.session_token, view.expires_at)
    return response


def _json(body: BaseModel) -> Response:
    return _raw_json(body.model_dump(by_alias=True))


def _raw_json(value: Any) -> Response:
    """Written directly: the value comes from our own models, so checking it again only costs."""
    return Response(
        orjson.dumps(value, default=as_plain),
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
