"""What a definition says becomes frozen values, with hashes that tell what has changed."""

import copy
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.unit.engine.checker.definitions import PACKAGE, STAY
from trex_app.engine.assembly import assemble
from trex_app.engine.definition import Call, Effect, End, Lookup, Pii, Screen, Workflow


def parsed(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def stay(text: str = STAY) -> Workflow:
    return assemble({"stay": parsed(text)})["stay"]


def test_each_kind_of_step_becomes_its_own_value() -> None:
    workflow = assemble({"package": parsed(PACKAGE), "stay": parsed(STAY)})["package"]
    kinds = {step_id: type(step) for step_id, step in workflow.calls["stay"].steps.items()}
    assert kinds == {
        "dates": Screen,
        "long_stay": Screen,
        "search": Lookup,
        "choice": Screen,
        "booking": Effect,
        "booked": End,
    }
    assert isinstance(workflow.steps["room"], Call)


def test_defaults_are_those_of_the_schema() -> None:
    workflow = stay()
    assert (workflow.ttl_hours, workflow.remind_after_hours) == (72, 24)
    search = workflow.steps["search"]
    assert isinstance(search, Lookup)
    assert (search.has_fallback, search.max_age_minutes) == (False, 30)
    dates = workflow.steps["dates"]
    assert isinstance(dates, Screen)
    assert dates.fields["note"].pii is Pii.NONE


def test_a_screens_prefill_reaches_every_field_but_consents() -> None:
    source = parsed(STAY)
    fields = source["steps"]["long_stay"]["fields"]
    fields["consent"] = {"type": "boolean", "title": "Yes", "const": True}
    fields["own"] = {"type": "string", "title": "Own", "prefill": "'mine'"}
    source["steps"]["long_stay"]["prefill"] = "inputs.guest"
    screen = assemble({"stay": source})["stay"].steps["long_stay"]
    assert isinstance(screen, Screen)
    prefill = screen.fields["wants_kitchen"].prefill
    assert prefill is not None
    assert screen.fields["consent"].prefill is None
    assert screen.fields["own"].prefill is not None
    assert screen.fields["own"].prefill.evaluate({}) == "mine"
    for guest, offered in ((None, None), ({}, None), ({"wants_kitchen": True}, True)):
        assert prefill.evaluate({"inputs": {"guest": guest}}) is offered


class TestHashes:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("title: Book a room", "title: Your room"),
            ("title: When do you come?", "title: When?"),
            ("component: Dates", "component: DateRange"),
            ("note: {type: string, title: Note}", "note: {type: string, title: Note, help: Why?}"),
            ("message: Call us.", "message: Ring us."),
            ("title: Other dates", "title: Back"),
            ("component: Booked, title: Booked", "component: Booked, title: Done, ui: {tone: gay}"),
        ],
    )
    def test_looks_change_the_content_but_not_the_behaviour(self, old: str, new: str) -> None:
        changed = stay(STAY.replace(old, new))
        assert changed.hash != stay().hash
        assert changed.behaviour_hash == stay().behaviour_hash

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("minimum: 1, required", "minimum: 2, required"),
            ("answers.dates.nights > 30", "answers.dates.nights > 31"),
            ("guests < 9", "guests < 8"),
            ("lookup: rooms.search", "lookup: rooms.find"),
            ("lookups: [rooms.count]", "lookups: []"),
            ("title: Note}", "title: Note, pii: contact}"),
            ("start: dates", "start: long_stay"),
        ],
    )
    def test_what_decides_changes_both(self, old: str, new: str) -> None:
        changed = stay(STAY.replace(old, new))
        assert changed.hash != stay().hash
        assert changed.behaviour_hash != stay().behaviour_hash

    def test_layout_and_comments_change_nothing(self) -> None:
        assert stay("# A comment\n" + STAY.replace("start: dates", "start:   'dates'")) == stay()

    def test_the_order_of_fields_changes_the_content_only(self) -> None:
        source = parsed(STAY)
        fields = source["steps"]["dates"]["fields"]
        source["steps"]["dates"]["fields"] = dict(reversed(fields.items()))
        changed = assemble({"stay": source})["stay"]
        assert changed.hash != stay().hash
        assert changed.behaviour_hash == stay().behaviour_hash

    def test_a_change_in_what_is_called_changes_the_caller(self) -> None:
        def package(stay_text: str) -> Workflow:
            return assemble({"stay": parsed(stay_text), "package": parsed(PACKAGE)})["package"]

        looks = package(STAY.replace("title: Note", "title: Notes"))
        decides = package(STAY.replace("minimum: 1, required", "minimum: 2, required"))
        assert looks.hash != package(STAY).hash
        assert looks.behaviour_hash == package(STAY).behaviour_hash
        assert decides.behaviour_hash != package(STAY).behaviour_hash

    def test_assembling_leaves_the_source_as_it_was(self) -> None:
        source = parsed(STAY)
        before = copy.deepcopy(source)
        assemble({"stay": source})
        assert source == before
