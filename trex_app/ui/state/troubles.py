"""What an error means for the journey page: that there is no step to draw, or what to mend."""

from collections.abc import Iterable, Mapping
from typing import Final

from trex_app.core.errors import (
    Forbidden,
    NotFound,
    SessionExpired,
    TrexError,
    Unauthenticated,
    ValidationFailed,
)
from trex_app.display.faults import fault_line, sentence
from trex_app.display.views import FieldView, ProblemView

TROUBLES: Final[Mapping[type[TrexError], str]] = {
    SessionExpired: "expired",
    NotFound: "not_found",
    Forbidden: "lost",
    Unauthenticated: "lost",
}
"""Why there is no step to draw, by error."""
UNAVAILABLE: Final = "unavailable"
"""Any other reason, until a retry."""


def problems_of(
    error: ValidationFailed, fields: Iterable[FieldView], locale: str
) -> list[ProblemView]:
    """Each fault of a field on display, with the field's title."""
    titles = {field.name: field.title for field in fields}
    return [
        ProblemView(fault.field, fault_line(titles[fault.field], sentence(fault, locale)))
        for fault in error.errors
        if fault.field in titles
    ]
