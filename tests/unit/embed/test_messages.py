"""What a frame may say is known, and none of it but the end has room for an answer."""

import re

import pytest
from pydantic import ValidationError

from trex_app.embed.loader import ASSETS
from trex_app.embed.messages import APP_EVENTS, EVENTS, Completed, StepChanged

FRAME = (ASSETS / "frame.js").read_text()


def test_hosts_hear_what_the_models_know_and_nothing_else() -> None:
    calls = re.findall(r"\bsay\(\s*(.{3})", FRAME)
    said = re.findall(r'\bsay\(\s*"([\w-]+)"', FRAME)
    assert len(said) == len(calls), "each type is written out, so that it can be read here"
    assert {*said, "unmounted"} == set(EVENTS), "the element itself tells that its frame is gone"


def test_what_the_loader_alone_is_asked_is_no_event() -> None:
    assert set(re.findall(r'\bask\(\s*"([\w-]+)"', FRAME)).isdisjoint(EVENTS)


def test_a_frame_tells_the_bus_what_the_models_know() -> None:
    assert set(re.findall(r'type: "(\w+:\w+)"', FRAME)) <= set(APP_EVENTS)


def test_a_message_has_no_room_for_an_answer() -> None:
    given = {"step": "contact", "title": "Contact", "progress": {"done": 1, "expected": 2}}
    with pytest.raises(ValidationError, match="answers"):
        StepChanged.model_validate({**given, "isMove": True, "answers": {"email": "a@b.example"}})


def test_the_end_has_room_for_answers_and_needs_none() -> None:
    assert [name for name, model in EVENTS.items() if "answers" in model.model_fields] == [
        "completed"
    ]
    told = {"reference": "TRX-1", "answers": {"contact": {"channels": ["email"], "age": 4}}}
    assert Completed.model_validate(told).model_dump() == told
    assert Completed.model_validate({"reference": "TRX-1"}).answers is None


def test_no_token_goes_over_the_bus() -> None:
    members = {name for model in APP_EVENTS.values() for name in model.model_fields}
    assert not {name for name in members if "token" in name or "email" in name}
