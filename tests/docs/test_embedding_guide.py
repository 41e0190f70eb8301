"""The guide to embedding names what the models know, all of it and no more."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from trex_app import __version__
from trex_app.embed.declarations import METHODS
from trex_app.embed.lifetimes import FOR_EVER, POINTER, SHORT
from trex_app.embed.messages import APP_EVENTS, EVENTS, Attributes, Envelope, Progress
from trex_app.embed.static_host import HEADERS_FILE, NGINX_FILE, REDIRECTS_FILE
from trex_app.services.themes import PREFIX, theme_from

GUIDE = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands under a heading, up to the next."""
    return GUIDE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, str]:
    """The rest of each row of a section's table, by the name in its first cell."""
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)\|$", section(title), re.MULTILINE))


def members(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def named(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell.rpartition("|")[2]))


def test_attributes() -> None:
    assert set(rows("Attributes")) == {name.replace("_", "-") for name in Attributes.model_fields}


def test_methods() -> None:
    assert {name.partition("(")[0] for name in rows("Methods")} == set(METHODS)


def test_events() -> None:
    assert list(rows("Events")) == list(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_what_an_event_holds(name: str) -> None:
    held = members(EVENTS[name])
    if "progress" in held:
        held |= members(Progress)
    assert named(rows("Events")[name]) == held


def test_the_envelope() -> None:
    written = re.search(r"`detail` is `\{(.*)\}`", section("Events"))
    assert written is not None
    assert set(written[1].split(", ")) == members(Envelope) | {"data"}


def test_the_event_bus() -> None:
    assert list(rows("Event bus")) == list(APP_EVENTS)


@pytest.mark.parametrize("name", APP_EVENTS)
def test_what_is_said_on_the_bus(name: str) -> None:
    assert named(rows("Event bus")[name]) == members(APP_EVENTS[name])


def test_the_theme_of_the_example_holds_tokens() -> None:
    said = dict(re.findall(rf"{PREFIX}([\w-]+): ([^;]+);", section("Theming")))
    own = {"initial-height"}
    assert theme_from({name: value for name, value in said.items() if name not in own})


def test_addresses_and_how_long_they_are_kept() -> None:
    told = rows("Releases, and pinning one")
    assert "five minutes" in told[f"/embed/{POINTER}/trex.js"]
    assert "max-age=300" in SHORT
    assert "a year" in told["/embed/<version>/trex.js"]
    assert "max-age=31536000" in FOR_EVER
    assert f"/embed/{__version__}/trex.js" in GUIDE


def test_the_rules_of_an_export() -> None:
    text = section("Holding the bundle elsewhere")
    assert all(f"`{file}`" in text for file in (HEADERS_FILE, REDIRECTS_FILE, NGINX_FILE))
