"""What a partner's fault is called in a step's record: never with personal data."""

from typing import Final

from trex_app.core.errors import PartnerRefused, PartnerUnavailable, Unavailable

MISSING: Final = frozenset({404, 410})


def named(error: Unavailable | PartnerRefused) -> str:
    """The fault in few words, such as `crm is unavailable: timeout`."""
    match error:
        case PartnerRefused():
            return f"{error.partner} refused with status {error.partner_status}"
        case PartnerUnavailable():
            return f"{error.partner} is unavailable: {error.reason}"
        case _:
            return error.code


def knows_nothing_of_it(error: PartnerRefused) -> bool:
    """Whether a refusal says that the partner never got what it was asked about."""
    return error.partner_status in MISSING
