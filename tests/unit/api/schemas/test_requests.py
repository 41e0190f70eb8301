"""Requests are read strictly: exact types, and no member that is not known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from trex_app.api import examples
from trex_app.api.schemas.requests import (
    DATA_DEPTH_MAX,
    BackRequest,
    GotoRequest,
    LookupRequest,
    ResumeLinkRequest,
    ResumeRequest,
    StartRequest,
    TransitionRequest,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
    max_leaves=10,
)


def transition(**members: Any) -> dict[str, Any]:
    return {**examples.TRANSITION, **members}


def kinds_of(error: pytest.ExceptionInfo[ValidationError]) -> set[tuple[Any, str]]:
    return {(fault["loc"], fault["type"]) for fault in error.value.errors()}


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (TransitionRequest, examples.TRANSITION),
        (BackRequest, examples.BACK),
        (GotoRequest, examples.GOTO),
        (LookupRequest, examples.LOOKUP),
        (ResumeRequest, {"token": examples.RESUME_LINK_CODE}),
        (ResumeLinkRequest, {"email": "robin@example.com", "consentReminder": True}),
        (StartRequest, {}),
    ],
)
def test_what_the_documentation_shows_is_right(model: Any, example: dict[str, Any]) -> None:
    read = model.model_validate(example)
    assert read.model_dump(by_alias=True, exclude_unset=True) == example


@given(data=st.dictionaries(st.text("abc", min_size=1), JSON, max_size=5))
def test_data_arrives_as_it_was_sent(data: dict[str, Any]) -> None:
    assert TransitionRequest.model_validate(transition(data=data)).data == data


@pytest.mark.parametrize(
    ("member", "value", "kind"),
    [
        ("sessionId", "not-an-id", "string_pattern_mismatch"),
        ("sessionId", 7, "string_type"),
        ("currentStep", "a b", "string_pattern_mismatch"),
        ("currentStep", "a" * 101, "string_too_long"),
        ("currentStep", None, "string_type"),
        ("data", [], "dict_type"),
        ("data", "text", "dict_type"),
        ("data", {"a": "x\0y"}, "unstorable_text"),
        ("data", {"a": [{"x\0": 1}]}, "unstorable_text"),
        ("data", {str(number): 1 for number in range(201)}, "too_long"),
        ("revision", "3", "int_type"),
        ("revision", 3.0, "int_type"),
        ("revision", True, "int_type"),
        ("revision", -1, "greater_than_equal"),
        ("revision", 2**40, "less_than_equal"),
        ("surprise", 1, "extra_forbidden"),
    ],
)
def test_a_member_that_does_not_fit_is_refused_by_name(member: str, value: Any, kind: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TransitionRequest.model_validate(transition(**{member: value}))
    assert kinds_of(refused) == {((member,), kind)}


def test_python_spellings_are_not_part_of_the_contract() -> None:
    with pytest.raises(ValidationError) as refused:
        ResumeLinkRequest.model_validate({"consent_reminder": True})
    assert kinds_of(refused) == {(("consent_reminder",), "extra_forbidden")}


def test_data_nested_beyond_reason_is_refused() -> None:
    nested: Any = "core"
    for _ in range(DATA_DEPTH_MAX + 1):
        nested = [nested]
    with pytest.raises(ValidationError) as refused:
        TransitionRequest.model_validate(transition(data={"a": nested}))
    assert kinds_of(refused) == {(("data",), "too_deep")}


def test_a_session_has_one_spelling() -> None:
    shouted = transition(sessionId=examples.SESSION_ID.upper())
    assert TransitionRequest.model_validate(shouted).session_id == examples.SESSION_ID
