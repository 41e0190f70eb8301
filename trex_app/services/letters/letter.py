"""The parts of a letter, before it is set for a screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from trex_app.engine.definition import EMPTY, Json
from trex_app.services.messages import Purpose


class Action(NamedTuple):
    """Something to do: what it is called, and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What a letter is about. `status_url` and `data_url` are empty where there is no lead."""

    purpose: Purpose
    locale: str
    name: str
    values: Mapping[str, Json] = field(default=EMPTY)
    reference: str = ""
    status_url: str = ""
    data_url: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in one language. `steps` stand numbered; `short` is what a text message says.

    `closing` says why somebody gets this at all.
    """

    locale: str
    subject: str
    greeting: str
    paragraphs: tuple[str, ...]
    short: str
    closing: str
    details: tuple[tuple[str, str], ...] = ()
    steps_title: str = ""
    steps: tuple[str, ...] = ()
    main: Action | None = None
    further: tuple[Action, ...] = ()
