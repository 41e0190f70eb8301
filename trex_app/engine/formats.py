"""JSON Schema formats of our own: what a text of each kind must look like, and its plain form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.core.values import PostalCode, Vin, vin_fault


@dataclass(frozen=True, slots=True)
class DomainFormat:
    """How texts of a kind are checked and written.

    `fault(text, field)` says what is wrong, or None; `plain(text)` is the form that is kept, for
    texts without a fault.
    """

    fault: Callable[[str, str], FieldError | None]
    plain: Callable[[str], str]

    def accepts(self, text: str) -> bool:
        """Whether the text is of this kind."""
        return self.fault(text, "") is None


def _postal_code_fault(text: str, field: str) -> FieldError | None:
    try:
        PostalCode.parse(text, field)
    except ValidationFailed as error:
        return error.errors[0]
    return None


DOMAIN_FORMATS: Mapping[str, DomainFormat] = {
    "vin": DomainFormat(vin_fault, lambda text: str(Vin.parse(text))),
    "postal_code": DomainFormat(_postal_code_fault, lambda text: str(PostalCode.parse(text))),
}
"""By the name used in `format:`. Postal codes are those of the installation's market."""
