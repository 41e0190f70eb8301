"""Noticing what is typed while a form is still being filled in."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.typography import Div


def form_entries(event: rx.Var[Any]) -> tuple[rx.Var[list[list[str]]]]:
    """Everything the form of the touched control holds: name and value, in the page's order."""
    entries = f"[...new FormData({event!s}.target.form).entries()]"
    return (rx.Var(entries).to(list[list[str]]),)


class Watched(Div):
    """A part of a form that tells of every change inside it, with all the form's entries."""

    on_input: rx.EventHandler[form_entries]


def watched(*children: Any, on_input: Any, **props: Any) -> rx.Component:
    """A part of a form; `on_input` is an event that takes the form's entries."""
    return Watched.create(*children, on_input=on_input, **props)
