"""Answers have exactly the members the contract lists."""

from typing import Any

import pytest

from tests.unit.api.documented import STEP_VIEW
from trex_app.api import examples
from trex_app.api.schemas.responses import (
    DefinitionResponse,
    HistoryResponse,
    ResumeLinkResponse,
    StartedStepResponse,
    WorkflowStepResponse,
)
from trex_app.services.views import ResumeLink


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (WorkflowStepResponse, examples.STEP),
        (StartedStepResponse, examples.STARTED_STEP),
        (HistoryResponse, examples.HISTORY),
        (DefinitionResponse, examples.DEFINITION),
        (ResumeLinkResponse, examples.RESUME_LINK),
    ],
)
def test_what_the_documentation_shows_is_right(model: Any, example: dict[str, Any]) -> None:
    read = model.model_validate(example)
    assert read.model_dump(by_alias=True, exclude_unset=True) == example


def test_a_view_becomes_the_response_of_the_contract() -> None:
    assert WorkflowStepResponse.of(STEP_VIEW).model_dump(by_alias=True) == examples.STEP


def test_a_resume_link_names_the_page_that_uses_it() -> None:
    link = ResumeLink("t" * 43, "2030-01-01T00:00:00+00:00", revision=4)
    shown = ResumeLinkResponse.of(link, "https://journeys.example")
    assert shown.url == f"https://journeys.example/resume/{'t' * 43}"
