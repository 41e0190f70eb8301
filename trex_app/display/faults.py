"""What a person is told of an error, and of each field to mend."""

from collections.abc import Mapping
from typing import Protocol

from trex_app.core.texts import translate


class Said(Protocol):
    """An error, or one fault of a field: a sentence and what it is filled in with."""

    @property
    def template(self) -> str:
        """The sentence in English, as the catalogue knows it."""
        ...

    @property
    def params(self) -> Mapping[str, object]:
        """What is filled in."""
        ...


def sentence(said: Said, locale: str) -> str:
    """What an error or a fault says, in a language."""
    template = translate(said.template, locale)
    return template.format(**said.params) if said.params else template


def fault_line(title: str, fault: str) -> str:
    """A fault with its field's title: a line of the summary."""
    return f"{title} {fault}" if title.endswith(("?", ".", "!")) else f"{title}: {fault}"
