"""Looks live in tables; a part asks here for the one it was told to wear."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import reflex as rx

Text = str | rx.Var[str]
Flag = bool | rx.Var[bool]

Look = TypeVar("Look")


def look(table: Mapping[str, Look], name: str, part: str) -> Look:
    """The look called `name`. Raises ValueError that lists the right names."""
    try:
        return table[name]
    except KeyError:
        choices = ", ".join(table)
        raise ValueError(f"A {part} cannot be {name!r}. Choose one of: {choices}.") from None


def with_classes(props: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The props with these classes before those that the caller gave."""
    own = props.get("class_name", [])
    given = list(own) if isinstance(own, list | tuple) else [own]
    return {**props, "class_name": [*names, *(name for name in given if not is_missing(name))]}


def is_var(value: Any) -> bool:
    """Whether the value is only known in the browser."""
    return isinstance(value, rx.Var)


def is_missing(text: Text | None) -> bool:
    """Whether nothing is to be drawn. A Var is only known in the browser: it is never missing."""
    return not isinstance(text, rx.Var) and not text


def when_given(text: Text, part: rx.Component) -> Any:
    """The part if there is a text to it, decided now for a plain text and later for a Var."""
    if isinstance(text, rx.Var):
        return rx.cond(text, part, rx.fragment())
    return part if text else rx.fragment()


def joined(words: Iterable[Text]) -> Text:
    """The words that are not empty, with a blank between them."""
    present = [word for word in words if not is_missing(word)]
    if all(isinstance(word, str) for word in present):
        return " ".join(str(word) for word in present)
    text: Any = rx.Var.create("")
    for word in present:
        text = text + rx.cond(word, " " + rx.Var.create(word).to(str), "")
    return text
