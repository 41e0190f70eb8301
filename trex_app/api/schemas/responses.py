"""What answers hold."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from trex_app.services.views import HistoryEntry as HistoryFact
from trex_app.services.views import ResumeLink, StepView


class ResponseBody(BaseModel):
    """What every response body shares."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="forbid")


class PathStep(ResponseBody):
    """An answered screen on the path, or the current one."""

    step_id: str
    title: str


class NavigationOptions(ResponseBody):
    """Where one can go from here; `nextStepId` is null where it depends on the answer."""

    can_go_back: bool
    next_step_id: str | None
    path: list[PathStep]


class Progress(ResponseBody):
    """Screens done, and screens of the longest way still possible."""

    done: int
    expected: int


class FieldOption(ResponseBody):
    """One choice of a field; `details` are facts of what it stands for."""

    value: Any
    title: str
    details: dict[str, Any]


class FieldControl(ResponseBody):
    """What a control needs to know of a field, besides its validation rules."""

    name: str
    json_schema: dict[str, Any] = Field(
        validation_alias="schema", serialization_alias="schema", description="Its JSON Schema."
    )
    title: str
    help: str
    placeholder: str
    widget: str
    is_required: bool
    is_conditional: bool = Field(description="Required only when a condition over others holds.")
    is_list: bool
    pii: str = Field(description="How personal it is.", examples=["none", "contact", "credit"])
    options: list[FieldOption]


class StepLink(ResponseBody):
    """An earlier step this one offers to go back to."""

    to: str
    title: str


class UiConfig(ResponseBody):
    """How a step presents itself; the definition's own `ui` entries stand beside these."""

    model_config = ConfigDict(extra="allow")

    title: str
    intro: str = ""
    links: list[StepLink] = []
    fields: list[FieldControl] = []


class WorkflowStepResponse(ResponseBody):
    """One step, ready to be drawn by the component it names."""

    session_id: str
    workflow_type: str
    status: str = Field(examples=["active"])
    step_id: str
    component_name: str
    data: dict[str, Any] = Field(description="What the step shows.")
    validation_rules: dict[str, Any] = Field(description="JSON Schema 2020-12 of the fields.")
    navigation_options: NavigationOptions
    ui_config: UiConfig
    revision: int
    progress: Progress
    answers: dict[str, Any] = Field(description="What the step holds, credit data masked.")
    messages: list[str]

    @classmethod
    def of(cls, view: StepView) -> Self:
        """The wire form of a step."""
        return cls(
            session_id=view.session_id,
            workflow_type=view.workflow_type,
            status=view.status,
            step_id=view.step_id,
            component_name=view.component_name,
            data=dict(view.data),
            validation_rules=dict(view.validation_rules),
            navigation_options=NavigationOptions(
                can_go_back=view.can_go_back,
                next_step_id=view.next_step_id,
                path=[PathStep(step_id=entry.step_id, title=entry.title) for entry in view.path],
            ),
            ui_config=UiConfig.model_validate(dict(view.ui_config)),
            revision=view.revision,
            progress=Progress(done=view.progress.done, expected=view.progress.expected),
            answers=dict(view.answers),
            messages=list(view.messages),
        )


class StartedStepResponse(WorkflowStepResponse):
    """A step together with the credential of its session, which is shown only now."""

    session_token: str | None = Field(
        default=None, description="Send it as `Authorization: Bearer …` from now on."
    )


class LookupResponse(ResponseBody):
    """What a lookup found."""

    name: str
    data: Any


class HistoryEntry(ResponseBody):
    """One fact of a session's history, without personal values."""

    kind: str
    at: str
    revision: int
    step_id: str
    to_step_id: str
    data: dict[str, Any]

    @classmethod
    def of(cls, fact: HistoryFact) -> Self:
        """The wire form of a fact."""
        return cls(
            kind=fact.kind,
            at=fact.at,
            revision=fact.revision,
            step_id=fact.step_id,
            to_step_id=fact.to_step_id,
            data=dict(fact.data),
        )


class HistoryResponse(ResponseBody):
    """Everything that happened to a session, oldest first."""

    session_id: str
    entries: list[HistoryEntry]


class ResumeLinkResponse(ResponseBody):
    """A single-use way back into a session. It is shown only now."""

    token: str
    url: str
    expires_at: str
    revision: int = Field(
        description="The session's revision now: saving is a fact of its history."
    )

    @classmethod
    def of(cls, link: ResumeLink, origin: str) -> Self:
        """The wire form of a link, with the address of the page that uses it."""
        return cls(
            token=link.token,
            url=f"{origin}/resume/{link.token}",
            expires_at=link.expires_at,
            revision=link.revision,
        )


class DefinitionWay(ResponseBody):
    """A way to another step; `when` is null for the one that is taken if no other is."""

    to: str
    when: str | None


class DefinitionStep(ResponseBody):
    """A step of a journey; each kind adds what it runs, asks or shows."""

    model_config = ConfigDict(extra="allow")

    id: str
    kind: Literal["screen", "lookup", "effect", "call", "end"]
    title: str
    next: list[DefinitionWay]


class DefinitionResponse(ResponseBody):
    """A journey as a graph."""

    id: str
    title: str
    description: str
    hash: str
    start: str
    steps: list[DefinitionStep]


class DefinitionList(ResponseBody):
    """The journeys there are."""

    definitions: list[DefinitionResponse]


def as_plain(value: Any) -> Any:
    """What orjson cannot write by itself: read-only mappings are written as objects."""
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} has no JSON form")
