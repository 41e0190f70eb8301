"""Each kind of difference between two versions is told once, in words of the definition."""

from copy import deepcopy
from typing import Any

from trex_app.engine.definition import Workflow
from trex_app.engine.loader import from_source
from trex_app.services.differences import differences

SOURCE: dict[str, Any] = {
    "id": "visit",
    "title": "Plan a visit",
    "ttl_hours": 24,
    "start": "ask",
    "steps": {
        "ask": {
            "component": "Ask",
            "title": "Who are you?",
            "fields": {
                "name": {"type": "string", "title": "Name", "maxLength": 60},
                "guests": {"type": "integer", "title": "Guests"},
            },
            "next": [
                {"when": "answers.ask.guests == 1", "to": "alone"},
                {"when": "answers.ask.guests == 2", "to": "done"},
                {"to": "done"},
            ],
        },
        "alone": {"component": "Alone", "title": "Alone?", "fields": {}, "next": [{"to": "done"}]},
        "done": {"end": "booked", "component": "Done", "title": "Booked"},
    },
}


def workflow(source: dict[str, Any]) -> Workflow:
    return from_source({source["id"]: source})[source["id"]]


def told(change: Any) -> list[tuple[str, str, str]]:
    """What is told after `change` was done to a copy of the source."""
    source = deepcopy(SOURCE)
    change(source, source["steps"]["ask"])
    found = differences(workflow(SOURCE), workflow(source))
    return [(row.kind.value, row.what, row.detail) for row in found]


def test_two_equal_versions_do_not_differ() -> None:
    assert told(lambda source, ask: None) == []


def test_members_of_the_workflow() -> None:
    assert told(lambda source, ask: source.update(ttl_hours=48, description="For guests")) == [
        ("changed", "ttl_hours", "24 → 48"),
        ("added", "description", "For guests"),
    ]


def test_a_new_step_and_one_that_is_gone() -> None:
    def change(source: dict[str, Any], ask: dict[str, Any]) -> None:
        del source["steps"]["alone"]
        source["steps"]["pair"] = {"lookup": "rooms", "next": [{"to": "done"}]}
        ask["next"][0]["to"] = "pair"

    assert told(change) == [
        ("removed", "step ask: transition", "to alone when answers.ask.guests == 1"),
        ("added", "step ask: transition", "to pair when answers.ask.guests == 1"),
        ("added", "step pair", "lookup rooms"),
        ("removed", "step alone", "screen Alone"),
    ]


def test_fields_and_their_keywords() -> None:
    def change(source: dict[str, Any], ask: dict[str, Any]) -> None:
        fields = ask["fields"]
        fields["name"]["maxLength"] = 80
        del fields["guests"]["title"]
        fields["guests"].update(title="Guests", required=True)
        fields["phone"] = {"type": "string", "title": "Phone"}

    assert told(change) == [
        ("changed", "step ask: field name: maxLength", "60 → 80"),
        ("added", "step ask: field guests: required", "true"),
        ("added", "step ask: field phone", "string"),
    ]


def test_the_order_of_fields_steps_and_transitions() -> None:
    def change(source: dict[str, Any], ask: dict[str, Any]) -> None:
        ask["fields"] = dict(reversed(ask["fields"].items()))
        ask["next"] = [ask["next"][1], ask["next"][0], ask["next"][2]]
        source["steps"] = dict(sorted(source["steps"].items()))

    assert told(change) == [
        ("changed", "step ask: order of fields", ""),
        ("changed", "step ask: order of transitions", ""),
        ("changed", "order of steps", ""),
    ]


def test_a_long_value_is_cut() -> None:
    ((_, what, detail),) = told(lambda source, ask: ask.update(title="x" * 500))
    assert (what, len(detail) < 200, detail.endswith("…")) == ("step ask: title", True, True)


def test_what_a_called_workflow_changes_is_told_under_its_name() -> None:
    caller = {
        "id": "trip",
        "title": "Trip",
        "start": "go",
        "steps": {"go": {"call": "visit", "next": [{"to": "end"}]}, "end": {"end": "over"}},
    }
    changed = deepcopy(SOURCE)
    changed["title"] = "Plan it"
    old = from_source({"visit": SOURCE, "trip": caller})["trip"]
    new = from_source({"visit": changed, "trip": caller})["trip"]
    assert [(row.workflow, row.what) for row in differences(old, new)] == [("visit", "title")]


def test_a_first_version_is_new_as_a_whole() -> None:
    rows = [(row.kind.value, row.what, row.detail) for row in differences(None, workflow(SOURCE))]
    assert rows == [("added", "workflow", "3 steps")]
