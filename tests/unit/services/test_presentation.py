"""What a step says of itself: options as JSON values, masks only for what is held."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.engine.examples import VISIT, begin
from tests.unit.workflows.shipped import screen
from trex_app.core.errors import Unavailable
from trex_app.engine.definition import Field, Json
from trex_app.engine.loader import from_source
from trex_app.engine.program import Program
from trex_app.engine.session import Answer
from trex_app.services.capabilities import Capabilities
from trex_app.services.presentation import Presenter, field_config, unmasked
from trex_app.services.views import MASK


def options_of(schema: Mapping[str, Json], *labels: str) -> list[Json]:
    field = Field("chosen", schema, "Choose", labels={label: label.upper() for label in labels})
    return [option["value"] for option in field_config(field, {}, "en")["options"]]


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": "boolean"}, [True, False]),
        ({"type": "string", "enum": ["red", "blue"]}, ["blue", "red"]),
        ({"type": "integer", "enum": [2, 4]}, [4, 2]),
        ({"type": "array", "items": {"enum": [1, 2]}}, [2, 1]),
    ],
)
def test_the_value_of_an_option_is_what_the_schema_accepts(
    schema: dict[str, Any], values: list[Json]
) -> None:
    labels = [str(value).lower() for value in values]

    assert options_of(schema, *labels) == values


class TestMasks:
    CONSENT = screen("selling", "credit_consent")

    def test_a_mask_stands_for_what_is_held(self) -> None:
        held = Answer({"street": "Elm Street 5"})

        assert unmasked(self.CONSENT, {"street": MASK}, held) == {"street": "Elm Street 5"}

    @pytest.mark.parametrize("held", [None, Answer({"street": None})])
    def test_a_mask_for_nothing_is_nothing(self, held: Answer | None) -> None:
        assert unmasked(self.CONSENT, {"street": MASK}, held) == {"street": None}

    def test_what_is_no_credit_data_may_look_like_a_mask(self) -> None:
        contact = screen("selling", "dealer_confirmation")

        assert unmasked(contact, {"first_name": MASK}, None) == {"first_name": MASK}


async def test_a_provider_that_is_away_leaves_a_gap_and_a_message() -> None:
    async def away(_given: Mapping[str, Json]) -> Json:
        raise Unavailable

    async def there(_given: Mapping[str, Json]) -> Json:
        return {"weather": "fair"}

    welcome = VISIT["steps"]["welcome"]
    data = [{"provider": "rooms.free", "as": "rooms"}, {"provider": "weather"}]
    steps = {**VISIT["steps"], "welcome": {**welcome, "data": data}}
    steps["room"] = {"call": "room", "next": [{"to": "contact"}]}
    room = {
        "id": "room",
        "title": "Choose a room",
        "start": "over",
        "steps": {"over": {"end": "chosen", "component": "Over", "title": "Chosen"}},
    }
    program = Program(from_source({"visit": {**VISIT, "steps": steps}, "room": room})["visit"])
    presenter = Presenter(Capabilities(providers={"rooms.free": away, "weather": there}))

    view = await presenter.view(program, begin(program), "de")

    assert view.step_id == "welcome"
    assert view.data == {"rooms": None, "weather": "fair"}
    assert len(view.messages) == 1
    assert view.messages[0].startswith("Ein Teil dieser Seite")
