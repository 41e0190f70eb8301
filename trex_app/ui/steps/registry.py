"""Which function draws which component. A step's file says so itself, with `@step`."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules

import reflex as rx

from trex_app.ui.state.scene import Scene

Draw = Callable[[Scene], rx.Component]

_drawn_by: dict[str, Draw] = {}


def step(component: str) -> Callable[[Draw], Draw]:
    """Register a pure function that draws every step of this component.

    Raises ValueError when two files claim the same component.
    """

    def register(draw: Draw) -> Draw:
        known = _drawn_by.setdefault(component, draw)
        if known.__module__ != draw.__module__:
            raise ValueError(f"{component} is drawn by {known.__module__} and {draw.__module__}.")
        _drawn_by[component] = draw  # hot reload runs a file again
        return draw

    return register


def registered_steps() -> Mapping[str, Draw]:
    """Every component with a file of its own in this folder."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        import_module(module.name)
    return dict(sorted(_drawn_by.items()))
