"""Who stands behind each port: a partner of one's own, else the sandbox, else what is local.

A partner with an address in the settings is called there. One without is called in the sandbox,
where one is set. Without either, vehicles, VINs, dealers and credit are answered from our own
tables and rules, and what can only go outside (leads to dealers, CRM, mail, SMS) goes nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from trex_app.core.clock import Clock
from trex_app.core.errors import SettingsInvalid
from trex_app.core.settings import LOOPBACK_HOSTS, WEBHOOK_SECRET_MIN_LENGTH, Settings
from trex_app.db.transaction import Database
from trex_app.integrations.credit_bureau import WEBHOOK_PATH, CreditBureauClient
from trex_app.integrations.crm import CrmRecords
from trex_app.integrations.dealer_network import AdfDelivery, DealerDirectory
from trex_app.integrations.gateway import Gateway, policies
from trex_app.integrations.mail import MailServer, SmtpMailer
from trex_app.integrations.sms import TwilioMessages
from trex_app.integrations.vehicle_listings import VehicleListings
from trex_app.integrations.vpic import VpicDecoder
from trex_app.ports import (
    CreditBureau,
    CustomerRecords,
    LeadDelivery,
    Mailer,
    TextMessages,
)
from trex_app.services.local_partners import (
    LocalVinDecoder,
    OwnDealerNetwork,
    OwnInventory,
    RuleBasedCreditBureau,
)
from trex_app.services.shipped_capabilities import Partners

INSIDE: Final = "inside"
"""The value of TREX_SANDBOX_URL for a sandbox in this very process."""
ADDRESSES: Final[Mapping[str, str]] = {
    "vehicles": "vehicles_url",
    "vin": "vin_url",
    "credit": "credit_url",
    "dealers": "dealers_url",
    "crm": "crm_url",
    "sms": "sms_url",
    "email": "smtp_url",
}
"""Partner → the setting that holds its address."""
LOCAL: Final = frozenset({"vehicles", "vin", "credit", "dealers"})
"""Partners that our own tables and rules can stand in for."""

SANDBOX_SECRET: Final = "sandbox-webhook-secret"  # noqa: S105 - the sandbox's, known to all
SANDBOX_ACCOUNT: Final = "AC" + "0" * 32
SANDBOX_NUMBER: Final = "+13125550100"

Place = Literal["partner", "sandbox", "local", "nowhere"]


@dataclass(frozen=True, slots=True)
class SandboxAddresses:
    """Where a sandbox serves its HTTP partners, and where its mail server is."""

    http: str
    smtp: str

    @classmethod
    def parse(cls, url: str) -> "SandboxAddresses":
        """Those of a sandbox at a URL; its mail has the next port. Raises SettingsInvalid."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = port = None
            parts = urlsplit("")
        if parts.scheme != "http" or not host or port is None:
            raise SettingsInvalid(
                "TREX_SANDBOX_URL must be `inside`, empty, or an address with a port such as "
                "http://127.0.0.1:8025."
            )
        shown = f"[{host}]" if ":" in host else host
        return cls(f"http://{shown}:{port}", f"smtp://{shown}:{port + 1}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The implementation of each port; None where nothing can take what would go there."""

    gateway: Gateway
    lookups: Partners
    bureau: CreditBureau
    delivery: LeadDelivery | None
    records: CustomerRecords | None
    mailer: Mailer | None
    text_messages: TextMessages | None
    webhook_secret: str | None
    """What the credit bureau signs with; None where no bureau sends anything."""


def place_of(partner: str, settings: Settings) -> Place:
    """Where a partner is called, by the settings alone."""
    if getattr(settings, ADDRESSES[partner]):
        return "partner"
    if settings.sandbox_url:
        return "sandbox"
    return "local" if partner in LOCAL else "nowhere"


def has_any_partner(settings: Settings) -> bool:
    """Whether at least one partner has an address of its own."""
    return any(place_of(partner, settings) == "partner" for partner in ADDRESSES)


def wants_sandbox(settings: Settings) -> bool:
    """Whether somebody who tries T-Rex out gets a sandbox without asking for one.

    Only where nothing was said about partners, nobody from outside can reach it, and this process
    is all there is: a worker beside it would not find the sandbox.
    """
    is_said = settings.sandbox_url is not None or has_any_partner(settings)
    origin_host = urlsplit(settings.public_origin or "").hostname
    is_of_this_machine = {settings.host, origin_host or settings.host} <= LOOPBACK_HOSTS
    return not is_said and is_of_this_machine and settings.role == "all"


def choose(
    settings: Settings, database: Database, clock: Clock, inside: SandboxAddresses | None = None
) -> Chosen:
    """The implementations for these settings; `inside` are the addresses of a sandbox in here.

    Nothing is connected yet. Raises SettingsInvalid that names the wrong setting.
    """
    sandbox = inside
    if settings.sandbox_url == INSIDE and settings.role != "all":
        raise SettingsInvalid(
            "TREX_SANDBOX_URL=inside needs TREX_ROLE=all: no other process would find that sandbox "
            "there. Start one with `python -m trex_app sandbox`, and set its address."
        )
    if settings.sandbox_url and settings.sandbox_url != INSIDE:
        sandbox = SandboxAddresses.parse(settings.sandbox_url)
    gateway = _gateway(settings, sandbox)
    outside = {
        partner for partner in ADDRESSES if place_of(partner, settings) in {"partner", "sandbox"}
    }
    return Chosen(
        gateway=gateway,
        lookups=_lookups(outside, gateway, database, clock),
        bureau=CreditBureauClient(gateway, _callback_url(settings))
        if "credit" in outside
        else RuleBasedCreditBureau(clock),
        delivery=AdfDelivery(gateway) if "dealers" in outside else None,
        records=CrmRecords(gateway) if "crm" in outside else None,
        mailer=_mailer(settings, gateway, clock, sandbox) if "email" in outside else None,
        text_messages=_text_messages(settings, gateway) if "sms" in outside else None,
        webhook_secret=_webhook_secret(settings),
    )


def _gateway(settings: Settings, sandbox: SandboxAddresses | None) -> Gateway:
    calls = policies(settings, sandbox.http if sandbox else None)
    try:
        return Gateway(calls, redis_url=settings.redis_url)
    except ValueError as error:
        raise SettingsInvalid(f"TREX_REDIS_URL cannot be used: {error}.") from error


def _lookups(outside: set[str], gateway: Gateway, database: Database, clock: Clock) -> Partners:
    own_inventory, own_dealers = OwnInventory(database, clock), OwnDealerNetwork(database)
    decoder = LocalVinDecoder(database, clock)
    return Partners(
        inventory=VehicleListings(gateway, own_inventory)
        if "vehicles" in outside
        else own_inventory,
        saved_inventory=OwnInventory(database, clock, source="saved"),
        dealers=DealerDirectory(gateway, own_dealers) if "dealers" in outside else own_dealers,
        vin_decoder=VpicDecoder(gateway, decoder) if "vin" in outside else decoder,
    )


def _callback_url(settings: Settings) -> str:
    origin = settings.public_origin or f"http://127.0.0.1:{settings.port}"
    return origin.rstrip("/") + WEBHOOK_PATH


def _webhook_secret(settings: Settings) -> str | None:
    """The bureau's, or the sandbox's. Raises SettingsInvalid for a bureau without a good one."""
    if settings.credit_webhook_secret is not None:
        secret = settings.credit_webhook_secret.get_secret_value()
        if len(secret) < WEBHOOK_SECRET_MIN_LENGTH:
            raise SettingsInvalid(
                "TREX_CREDIT_WEBHOOK_SECRET is too short: agree with the bureau on one of at least "
                f"{WEBHOOK_SECRET_MIN_LENGTH} characters, or decisions can be forged."
            )
        return secret
    match place_of("credit", settings):
        case "partner":
            raise SettingsInvalid(
                "TREX_CREDIT_WEBHOOK_SECRET must be set together with TREX_CREDIT_URL: without it "
                "nobody can tell the bureau's decisions from forged ones."
            )
        case "sandbox":
            return SANDBOX_SECRET
        case _:
            return None


def _mailer(
    settings: Settings, gateway: Gateway, clock: Clock, sandbox: SandboxAddresses | None
) -> SmtpMailer | None:
    url = settings.smtp_url or (sandbox.smtp if sandbox else None)
    if url is None:
        return None
    host = urlsplit(settings.public_origin or "").hostname or "localhost"
    sender = settings.mail_from or f"T-Rex <no-reply@{host}>"
    return SmtpMailer(gateway, MailServer.parse(url), sender, clock)


def _text_messages(settings: Settings, gateway: Gateway) -> TwilioMessages:
    """Raises SettingsInvalid for a service of one's own without an account on it."""
    if place_of("sms", settings) == "sandbox":
        return TwilioMessages(gateway, SANDBOX_ACCOUNT, "sandbox", SANDBOX_NUMBER)
    account, token, sender = settings.sms_account, settings.sms_token, settings.sms_from
    if not account or token is None or not sender:
        raise SettingsInvalid(
            "TREX_SMS_ACCOUNT, TREX_SMS_TOKEN and TREX_SMS_FROM must be set together with "
            "TREX_SMS_URL."
        )
    return TwilioMessages(gateway, account, token.get_secret_value(), sender)
