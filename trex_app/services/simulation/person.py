"""A made-up person: sees what a step view shows, and answers what it asks.

The same person walks through the service, the REST API or a browser, because a step view says all
there is to know. What they answer follows from a random source alone.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from trex_app.engine.definition import EMPTY, Json
from trex_app.services.simulation.values import Draw

Choices = Mapping[tuple[str, str], Json]
"""Answers that are decided from the start, by step and field; None leaves the field out."""

FieldConfig = Mapping[str, Any]
"""One entry of a step view's `ui_config["fields"]`."""

THOROUGH = 0.75
"""How likely a person fills in a whole screen, and not just what they must."""
KEEPS_ANSWER = 0.7
"""How likely a person leaves standing what a field already holds."""


class Person:
    """Somebody with opinions: `decided` fixes some answers, a random source finds the others."""

    def __init__(self, source: random.Random, decided: Choices | None = None) -> None:
        self._random = source
        self._draw = Draw(source)
        self._decided = decided or {}

    def answer(
        self,
        step_id: str,
        fields: Sequence[FieldConfig],
        data: Mapping[str, Json] = EMPTY,
        held: Mapping[str, Json] = EMPTY,
    ) -> dict[str, Json]:
        """What the person fills in, by field.

        `data` is what the step shows, `held` what it already holds or offers as prefill.
        """
        is_thorough = self._random.random() < THOROUGH
        answers = {
            field["name"]: self._inclined(step_id, field, data, held, is_thorough=is_thorough)
            for field in fields
        }
        return _given(answers)

    def correct(
        self,
        step_id: str,
        fields: Sequence[FieldConfig],
        answers: Mapping[str, Json],
        faulty: Collection[str],
        data: Mapping[str, Json] = EMPTY,
    ) -> dict[str, Json]:
        """The answers again, with another value in each field that was found faulty.

        Where that is a decided one, the others are answered anew: they must be what does not fit.
        """
        if any((step_id, name) in self._decided for name in faulty):
            return self.answer(step_id, fields, data)
        corrected = dict(answers)
        for field in fields:
            name = field["name"]
            if name in faulty:
                corrected[name] = self._draw.another(field, data, answers.get(name))
        return _given(corrected)

    def does(self, likelihood: float) -> bool:
        """Whether the person does something that they do with this likelihood (0 to 1)."""
        return self._random.random() < likelihood

    def _inclined(
        self,
        step_id: str,
        field: FieldConfig,
        data: Mapping[str, Json],
        held: Mapping[str, Json],
        *,
        is_thorough: bool,
    ) -> Json:
        name = field["name"]
        if (step_id, name) in self._decided:
            return self._decided[step_id, name]
        if held.get(name) is not None and self.does(KEEPS_ANSWER):
            return held[name]
        if field["is_required"] or is_thorough:
            return self._draw.value(field, data)
        is_left_out = field["is_conditional"] or self.does(0.5)
        return None if is_left_out else self._draw.value(field, data)


def _given(answers: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in answers.items() if not _is_blank(value)}


def _is_blank(value: Json) -> bool:
    return value is None or (isinstance(value, list) and not cast("list[Json]", value))
