"""The types that hosts program against are those of the models, and were written anew with them."""

import json
from pathlib import Path

import pytest

from trex_app.embed.declarations import TAG, element_manifest, type_declarations, write
from trex_app.embed.loader import ASSETS, TYPES
from trex_app.embed.messages import APP_EVENTS, EVENTS, Attributes

AGAIN = "run python -m trex_app.embed.declarations"


@pytest.mark.parametrize("name", TYPES)
def test_a_file_of_types_is_what_the_models_say(name: str, tmp_path: Path) -> None:
    write(tmp_path)
    assert (ASSETS / name).read_text() == (tmp_path / name).read_text(), AGAIN


def test_every_event_is_declared() -> None:
    declared = type_declarations()
    assert [name for name in EVENTS if f'"trex:{name}": CustomEvent<' not in declared] == []
    assert [name for name in APP_EVENTS if f'  "{name}": App' not in declared] == []


def test_members_are_written_as_they_are_sent() -> None:
    assert "  isOffline: boolean;\n" in type_declarations()
    assert "  answers?: Record<string, Record<string, unknown>> | null;\n" in type_declarations()
    assert "  progress: { done: number; expected: number };\n" in type_declarations()


def test_the_manifest_names_the_element_and_its_attributes() -> None:
    (module,) = json.loads(element_manifest())["modules"]
    (element,) = module["declarations"]
    expected = [name.replace("_", "-") for name in Attributes.model_fields]
    assert element["tagName"] == TAG
    assert [attribute["name"] for attribute in element["attributes"]] == expected
