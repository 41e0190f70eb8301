"""Body types and their drawings."""

from xml.etree import ElementTree

import pytest
import reflex as rx

from trex_app.ui.build import PROJECT_DIR
from trex_app.ui.kit.vehicles import DRAWINGS, drawing_of, vehicle

SPRITE = ElementTree.parse(PROJECT_DIR / "assets" / "kit" / "vehicles.svg")
NAMES = [(name, drawing) for drawing, names in DRAWINGS.items() for name in names]


def test_every_drawing_is_in_the_file_and_none_is_left_over():
    drawn = {symbol.get("id") for symbol in SPRITE.iter("{http://www.w3.org/2000/svg}symbol")}
    assert drawn == set(DRAWINGS)


def test_the_drawings_take_only_colours_of_the_page():
    colours = {
        value
        for element in SPRITE.iter()
        for name, value in element.attrib.items()
        if name in {"fill", "stroke"}
    }
    colours.discard("var(--trex-paint, currentColor)")  # where a page has painted the vehicle
    assert colours == {"none", "currentColor", "var(--trex-surface)"}


@pytest.mark.parametrize(("name", "drawing"), NAMES)
def test_a_body_type_has_its_drawing_under_every_name(name: str, drawing: str):
    assert drawing_of(name) == f"/kit/vehicles.svg#{drawing}"
    assert drawing_of(name.upper()) == f"/kit/vehicles.svg#{drawing}"


def test_an_unknown_body_type_looks_like_a_hatchback():
    assert drawing_of("hovercraft") == "/kit/vehicles.svg#hatchback"


def test_a_body_type_may_be_known_only_in_the_browser():
    text = str(vehicle(rx.Var("vehicle.body_type", _var_type=str)))
    assert "vehicle.body_type" in text
    assert all(f"/kit/vehicles.svg#{drawing}" in text for drawing in DRAWINGS)


def test_a_drawing_with_a_label_is_a_picture_and_one_without_only_decorates():
    assert '"aria-label":"An SUV"' in str(vehicle("suv", label="An SUV"))
    assert '"aria-hidden":"true"' in str(vehicle("suv"))
