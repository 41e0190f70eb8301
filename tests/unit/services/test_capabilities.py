"""What a screen asks is checked before it is asked; each fault names its member and the fix."""

from collections.abc import Mapping
from typing import Any

import pytest

from trex_app.core.errors import ValidationFailed
from trex_app.services.capabilities import LookupCapability
from trex_app.services.shipped_capabilities import PAGE
from trex_app.services.vehicles.criteria import CRITERIA_SCHEMA


async def nothing(_given: Mapping[str, Any]) -> None:
    """Answers nothing; only the questions are of interest here."""


COUNT = LookupCapability(nothing, None, CRITERIA_SCHEMA)
PAGES = LookupCapability(nothing, None, PAGE)


def faults(capability: LookupCapability, given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(ValidationFailed) as refused:
        capability.check_input(given)
    return [(error.field, error.code, error.message) for error in refused.value.errors]


def test_what_fits_is_accepted() -> None:
    COUNT.check_input({"make": "BMW", "price_max": 20_000, "model": None})
    PAGES.check_input({"criteria": {"make": "BMW"}, "page": 2, "sort": "price_asc"})


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"price_max": 1e30}, ("input.price_max", "maximum", "Enter at most 100000000.")),
        ({"price_max": "1"}, ("input.price_max", "type", "Enter a whole number.")),
        ({"make": 4}, ("input.make", "type", "Enter text.")),
        ({"make": "x" * 101}, ("input.make", "maxLength", "Enter at most 100 characters.")),
    ],
)
def test_a_fault_names_its_member_and_what_would_do(
    given: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    assert faults(COUNT, given) == [fault]


def test_unknown_members_are_named_one_by_one_and_shortened() -> None:
    assert faults(COUNT, {"bogus": 1, "x" * 99: 2}) == [
        ("input.bogus", "unknown_field", "input.bogus is not known here. Please leave it out."),
        (
            f"input.{'x' * 60}…",
            "unknown_field",
            f"input.{'x' * 60}… is not known here. Please leave it out.",
        ),
    ]


def test_the_criteria_of_a_page_are_checked_like_those_of_a_count() -> None:
    given = {"criteria": {"make": 4, "wheels": 3}, "page": 0, "sort": "colour"}

    assert sorted(field for field, _, _ in faults(PAGES, given)) == [
        *("input.criteria.make", "input.criteria.wheels", "input.page", "input.sort")
    ]
