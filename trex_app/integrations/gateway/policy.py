"""How each partner is called: limits, patience and memory, built from the settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import AnyUrl, ConfigDict, Field, TypeAdapter, ValidationError

from trex_app.core.errors import SettingsInvalid
from trex_app.core.settings import Settings

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=10_000)]
HTTP_SCHEMES = frozenset({"http", "https"})
MAIL_SCHEMES = frozenset({"smtp", "smtp+starttls", "smtps"})
EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPolicy:
    """One partner's numbers. Times are in seconds, shares between 0 and 1."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    base_url: str | None = None
    """Where the partner is; without it only `guard` works."""
    timeout_seconds: Seconds = 3.0
    """How long a caller waits in all: for its turn, for the answer, and for retries."""
    retries: Annotated[int, Field(ge=0, le=3)] = 2
    backoff_seconds: Seconds = 0.1
    """The first retry waits half to all of it, each further one twice as long."""
    retry_share: Annotated[float, Field(ge=0, le=1)] = 0.1
    """Retries in proportion to calls, beyond the first few a minute."""
    failures_in_a_row: Count = 5
    window_seconds: Annotated[int, Field(ge=1, le=600)] = 10
    window_calls: Count = 20
    """So many calls within the window before its share of failures counts."""
    failure_share: Share = 0.5
    slow_share: Share = 0.5
    """A call that takes more than this share of the timeout is slow, and counts as a failure in
    every respect: in the window, in a row, and as a try whether the partner is back."""
    open_seconds: Seconds = 10.0
    open_seconds_most: Seconds = 60.0
    """The breaker stays open twice as long after each failed try, up to this."""
    probes: Annotated[int, Field(ge=1, le=3)] = 3
    """So many calls at once may find out whether the partner is back."""
    concurrent: Count = 32
    queued: Annotated[int, Field(ge=0, le=10_000)] = 32
    fresh_seconds: Annotated[float, Field(ge=0, le=86_400)] = 60.0
    """How long a saved answer stands for a new one."""
    stale_seconds: Annotated[float, Field(ge=0, le=30 * 86_400)] = 6 * 3600.0
    """How long after that it may still stand in for a partner that is away."""
    calls_per_second: Annotated[float, Field(gt=0, le=10_000)] = 200.0
    """What this process asks of the partner at most; a second's worth may come at once."""
    response_bytes: Annotated[int, Field(ge=1, le=64 * 1024 * 1024)] = 4 * 1024 * 1024

    @property
    def slow_seconds(self) -> float:
        """From when on a call is slow."""
        return self.timeout_seconds * self.slow_share


POLICY = TypeAdapter(PartnerPolicy)
DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "vehicles": {},
    "vin": {"fresh_seconds": 86_400.0, "stale_seconds": 7 * 86_400.0, "calls_per_second": 10.0},
    "credit": {"timeout_seconds": 10.0},
    "dealers": {"fresh_seconds": 300.0},
    "crm": {"timeout_seconds": 10.0},
    "sms": {"timeout_seconds": 10.0},
    EMAIL: {"timeout_seconds": 20.0},
}
"""The partners there are, and where they differ from the rule."""


def policies(settings: Settings, default_url: str | None = None) -> dict[str, PartnerPolicy]:
    """Every partner's policy: its defaults, its address, then TREX_PARTNER_POLICIES.

    `default_url` is where partners without an address of their own are. Raises SettingsInvalid,
    which names the setting, the partner and the field.
    """
    unknown = set(settings.partner_policies) - set(DEFAULTS)
    if unknown:
        raise SettingsInvalid(
            f"TREX_PARTNER_POLICIES: there is no partner {', '.join(sorted(unknown))}; "
            f"there are {', '.join(DEFAULTS)}."
        )
    return {partner: _policy(partner, settings, default_url) for partner in DEFAULTS}


def _policy(partner: str, settings: Settings, default_url: str | None) -> PartnerPolicy:
    is_mail = partner == EMAIL
    own_url = settings.smtp_url if is_mail else getattr(settings, f"{partner}_url")
    given = {"base_url": own_url or (None if is_mail else default_url), **DEFAULTS[partner]}
    given |= settings.partner_policies.get(partner, {})
    try:
        policy = POLICY.validate_python(given)
        _check_address(policy.base_url, MAIL_SCHEMES if is_mail else HTTP_SCHEMES)
    except ValidationError as error:
        raise SettingsInvalid(_explained(partner, error)) from None
    except ValueError as error:
        name = "TREX_SMTP_URL" if is_mail else f"TREX_{partner.upper()}_URL"
        raise SettingsInvalid(f"{name}: {error}.") from None
    return policy


def _check_address(url: str | None, schemes: frozenset[str]) -> None:
    if url is None:
        return
    try:
        address = AnyUrl(url)
    except ValidationError:
        raise ValueError("this is no address") from None
    if address.scheme not in schemes or not address.host:
        raise ValueError(f"the address must begin with {' or '.join(sorted(schemes))}://")
    if address.query or address.fragment:
        raise ValueError("the address must have no ? and no #")


def _explained(partner: str, error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False)
    lines = [f"{partner}.{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults]
    return f"TREX_PARTNER_POLICIES: {'; '.join(lines)}."
