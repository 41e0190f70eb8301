"""What there is to choose from: plain options, or a Var that holds a list of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass
class Option:
    """One choice. Anything else with a `value`, a `title` and an `is_chosen` serves as well."""

    value: str
    title: str
    is_chosen: bool = False
    details: str = ""


# Options that are Vars belong to a list known only in the browser.
Options = Sequence[Any] | rx.Var[Any]
DrawOption = Callable[[Any], rx.Component]


def each(options: Options, draw: DrawOption) -> list[rx.Component]:
    """Every option drawn: now where they are known, in the browser where they are a Var."""
    if isinstance(options, rx.Var):
        return [rx.foreach(options, draw)]
    return [draw(option) for option in options]
