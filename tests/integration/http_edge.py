"""The REST API as an edge that made-up people walk through."""

from collections.abc import Mapping
from typing import Any

import httpx

from trex_app.core.errors import Conflict, FieldError, SealedStep, ValidationFailed
from trex_app.services.views import PathEntry, Progress, StepView


class HttpEdge:
    """A client of the API that holds the token of its session."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._token = ""

    async def start(self, workflow_id: str) -> StepView:
        """Begin a journey."""
        body = await self._post("start", {"workflowType": workflow_id})
        self._token = body["sessionToken"]
        return view_of(body)

    async def submit(self, view: StepView, answers: Mapping[str, Any]) -> StepView:
        """Answer the step."""
        return view_of(
            await self._post(
                "transition",
                {
                    "sessionId": view.session_id,
                    "currentStep": view.step_id,
                    "data": dict(answers),
                    "revision": view.revision,
                },
            )
        )

    async def back(self, view: StepView) -> StepView:
        """Look at the step before it."""
        place = {"sessionId": view.session_id, "currentStep": view.step_id}
        return view_of(await self._post("back", place))

    async def goto(self, view: StepView, step: str) -> StepView:
        """Look at a step on the path."""
        place = {"sessionId": view.session_id, "step": step, "revision": view.revision}
        return view_of(await self._post("goto", place))

    async def _post(self, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        answer = await self._client.post(f"/api/workflow/{action}", json=body, headers=headers)
        if answer.status_code == 200:
            return answer.json()
        raise error_of(answer)


def error_of(answer: httpx.Response) -> Exception:
    """What the service raised, as far as a person can mend it."""
    problem = answer.json()
    match problem:
        case {"status": 400, "errors": faults}:
            return ValidationFailed(
                [FieldError(f["field"], f["code"], f["message"]) for f in faults]
            )
        case {"code": "sealed_step", "sent": sent}:
            return SealedStep(sent=sent)
        case {"code": "no_previous_step" | "step_not_reached", "detail": detail}:
            return Conflict(detail)
        case _:
            return AssertionError(f"{answer.status_code} {problem}")


WORDS = {"isRequired": "is_required", "isConditional": "is_conditional", "isList": "is_list"}


def view_of(body: Mapping[str, Any]) -> StepView:
    """A step response as the view it was made from."""
    navigation = body["navigationOptions"]
    return StepView(
        session_id=body["sessionId"],
        workflow_type=body["workflowType"],
        status=body["status"],
        step_id=body["stepId"],
        component_name=body["componentName"],
        data=body["data"],
        validation_rules=body["validationRules"],
        can_go_back=navigation["canGoBack"],
        next_step_id=navigation["nextStepId"],
        path=tuple(PathEntry(entry["stepId"], entry["title"]) for entry in navigation["path"]),
        ui_config={
            **body["uiConfig"],
            "fields": [
                {WORDS.get(key, key): value for key, value in control.items()}
                for control in body["uiConfig"]["fields"]
            ],
        },
        revision=body["revision"],
        progress=Progress(body["progress"]["done"], body["progress"]["expected"]),
        answers=body["answers"],
        messages=tuple(body["messages"]),
    )
