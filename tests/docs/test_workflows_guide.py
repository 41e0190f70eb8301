"""What the guide to workflows shows is accepted, and the mistake it shows is told as it says."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from tests.unit.workflows.shipped import CAPABILITIES
from trex_app.engine.checker import check
from trex_app.engine.checker.structure import definition_schema
from trex_app.engine.source import RawDefinition, read_definition

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "workflows.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
WHOLE = [text for text in EXAMPLES if text.startswith("id: ")]
PARTS = [text for text in EXAMPLES if not text.startswith("id: ")]
MESSAGE = re.search(r"^```text\n(.*?)\n```", GUIDE, re.DOTALL | re.MULTILINE)


def raw(text: str) -> RawDefinition:
    definition, problems = read_definition(text, "tyres.yaml")
    assert definition is not None, problems
    return definition


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_workflow_of_the_guide_is_accepted(text: str) -> None:
    assert check({"tyres": raw(text)}, CAPABILITIES) == []


@pytest.mark.parametrize("text", PARTS)
def test_a_step_of_the_guide_has_the_right_shape(text: str) -> None:
    step = jsonschema_rs.Draft202012Validator(
        {**definition_schema(), "$ref": "#/$defs/step"} | WITHOUT
    )
    steps: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    assert [error.message for part in steps.values() for error in step.iter_errors(part)] == []


WITHOUT: dict[str, Any] = {"properties": {}, "required": [], "additionalProperties": True}
"""Takes the shape of a whole file off the schema, so that only its definitions remain."""


def test_the_mistake_of_the_guide_is_told_as_it_says() -> None:
    assert MESSAGE is not None
    (problem,) = [
        str(problem)
        for problem in check({"tyres": raw(WHOLE[0].replace("to: size", "to: sise"))}, CAPABILITIES)
        if "sise" in str(problem)
    ]
    assert problem == MESSAGE[1]


@pytest.mark.parametrize("keyword", sorted(definition_schema()["$defs"]["field"]["properties"]))
def test_every_attribute_of_a_field_is_described_in_the_guide_or_is_json_schema(
    keyword: str,
) -> None:
    plain = {"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "uniqueItems"}
    assert keyword in plain or f"`{keyword}" in GUIDE
