"""Every body type has a drawing, and every drawing is there."""

from pathlib import Path

import pytest

from trex_app.display.drawings import DRAWINGS, drawing_name

FILE = Path(__file__).parents[3] / "assets" / "kit" / "vehicles.svg"


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_every_drawing_is_in_the_file(drawing: str) -> None:
    assert f'<symbol id="{drawing}"' in FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body_type", "drawing"),
    [
        ("suv", "suv"),
        ("WAGON", "estate"),
        ("minivan", "van"),
        ("hovercraft", "hatchback"),
        ("", "hatchback"),
    ],
)
def test_a_body_type_finds_its_drawing(body_type: str, drawing: str) -> None:
    assert drawing_name(body_type) == drawing
