"""Settings: the only reader of the environment (`TREX_*`, see `.env.example`)."""

import contextlib
import difflib
import os
import secrets
import tempfile
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, IPvAnyNetwork, SecretStr
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from trex_app.core.errors import SettingsInvalid

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
SECRET_KEY_MIN_LENGTH = 32
WEBHOOK_SECRET_MIN_LENGTH = 16
HOURS_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"
# Scheme, host and port as browsers send them: with a path, even “/”, no request would match it.
ORIGIN_PATTERN = r"^(https?://[^/?#\s]+)?$"
PREFIX = "TREX_"
OTHERS_NAMES = ("TREX_TEST_", "TREX_REQUIRE_SERVICES")
"""What `TREX_*` names of the test suite begin with; the product reads none of them."""
MEANT_WHEN_EMPTY = "TREX_SANDBOX_URL"
"""The variable that says something when it is empty: that there is to be no sandbox."""


class Settings(BaseSettings):
    """Everything that may differ between two installations, with safe defaults for one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore")

    environment: Literal["development", "production"] = "production"
    """`development` follows the workflow files; `production` pins what is published."""
    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = Field(default=3000, ge=1, le=65535)
    public_origin: str | None = Field(
        default=None, pattern=ORIGIN_PATTERN, examples=["https://journeys.example"]
    )
    """The origin people see, e.g. https://journeys.example; default http://localhost:<port>."""
    allowed_origins: list[str] = []
    """Further origins that may call the API and open a websocket, as a JSON list."""
    trusted_proxies: list[IPvAnyNetwork] = []
    """Networks whose X-Forwarded-For names the client, as a JSON list: ["10.0.0.0/8"]."""
    workflows_dir: Path | None = None
    """A folder of one's own journeys beside the shipped ones."""
    database_url: str | None = None
    """SQLAlchemy URL; default a SQLite file in the data directory."""
    redis_url: str | None = None
    secret_key: SecretStr | None = None
    secret_key_previous: list[SecretStr] = []
    """Former secrets, as a JSON list: what they protect stays readable."""
    otlp_url: str | None = None
    """Collector of OpenTelemetry traces (OTLP over HTTP), e.g. http://127.0.0.1:4318."""
    log_format: Literal["json", "text"] = "text"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    requests_per_minute: int = Field(default=600, ge=1)
    """Rate limit of the API per client address."""
    starts_per_minute: int = Field(default=60, ge=1)
    """Rate limit of new sessions per client address."""
    executor_id: str | None = Field(default=None, min_length=1, max_length=80)
    """Names this process among those that share a database; by default each start has a new one."""
    role: Literal["all", "web", "worker"] = "all"
    """`web` answers people and runs no jobs; `worker` runs jobs only; `all` does both."""
    sandbox_url: str | None = None
    """Where a sandbox stands in for partners without an address; `inside`: in this process.

    Empty means none at all. Unset means none, too, except that `run` and `dev` start one inside
    for somebody who tries T-Rex out on their own machine and has set no partner.
    """
    broker_url: SecretStr | None = None
    """RabbitMQ, e.g. amqp://user:password@127.0.0.1:5672/; unset: events are delivered locally."""
    load_demo_data: bool = True
    """Fill an empty inventory with demonstration vehicles and dealers at start."""
    vehicles_url: str | None = None
    """The inventory search API."""
    vin_url: str | None = None
    """The VIN decoder, in the shape of NHTSA's vPIC."""
    credit_url: str | None = None
    dealers_url: str | None = None
    crm_url: str | None = None
    sms_url: str | None = None
    smtp_url: str | None = None
    """The mail server: smtp://user:password@host:port, or smtp+starttls, or smtps."""
    credit_webhook_secret: SecretStr | None = None
    """What the credit bureau signs its webhooks with."""
    sms_account: str | None = None
    sms_token: SecretStr | None = None
    sms_from: str | None = None
    """The number or name that texts come from."""
    mail_from: str | None = None
    """Who mail comes from, e.g. T-Rex <mail@journeys.example>; default no-reply at the origin."""
    partner_policies: dict[str, dict[str, float | int | str]] = {}
    """Numbers of single partners, as JSON: {"credit": {"timeout_seconds": 15}}."""
    quiet_hours: str = Field(default="21:00-08:00", pattern=HOURS_PATTERN, examples=["21:00-08:00"])
    """When no text message is sent, by the market's clock; 00:00-00:00 means never."""
    retention_days: int = Field(default=365, ge=1)
    """How long finished journeys and what was sent keep their personal data."""
    idle_retention_days: int = Field(default=30, ge=1)
    """How long unfinished journeys keep theirs after they expired."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is not ours
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Where settings come from. An empty variable is one that is not set.

        Compose and units pass many that nobody filled in, and an empty secret would be one that
        everybody knows.
        """
        for source in (env_settings, dotenv_settings):
            if isinstance(source, EnvSettingsSource):
                source.env_vars = _said(source.env_vars)
        return init_settings, env_settings, dotenv_settings, file_secret_settings

    @property
    def is_development(self) -> bool:
        """Whether workflow files are followed as they change."""
        return self.environment == "development"

    @property
    def is_production(self) -> bool:
        """Whether the strict rules for a public installation apply."""
        return self.environment == "production"

    @property
    def resolved_database_url(self) -> str:
        """The database to use, with the SQLite default made explicit."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'trex.db'}"

    @property
    def origins(self) -> list[str]:
        """Every origin that may speak to this installation."""
        own = [self.public_origin] if self.public_origin else []
        own += [f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"]
        return list(dict.fromkeys([*own, *self.allowed_origins]))

    @property
    def has_secure_cookies(self) -> bool:
        """Whether cookies carry the Secure attribute: the public origin is https."""
        return (self.public_origin or "").startswith("https://")

    @cached_property
    def master_secret(self) -> bytes:
        """The installation's secret: from the environment, else made once and kept in the data dir.

        Raises SettingsInvalid for a short secret, or when none is set on a public address.
        """
        if self.secret_key is not None:
            value = self.secret_key.get_secret_value()
            if len(value) < SECRET_KEY_MIN_LENGTH:
                raise SettingsInvalid(
                    "TREX_SECRET_KEY is too short: use at least 32 characters, for example the "
                    "output of `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
                )
            return value.encode()
        if self.is_production and self.host not in LOOPBACK_HOSTS:
            raise SettingsInvalid(
                f"TREX_SECRET_KEY must be set when TREX_HOST is a public address ({self.host})."
            )
        return _kept_secret(self.data_dir / "secret_key")

    @property
    def previous_secrets(self) -> tuple[bytes, ...]:
        """The secrets that were in use before, newest first."""
        return tuple(secret.get_secret_value().encode() for secret in self.secret_key_previous)


def _said(variables: Mapping[str, str | None]) -> dict[str, str | None]:
    """The variables that say something."""
    return {
        name: value
        for name, value in variables.items()
        if value or name.upper() == MEANT_WHEN_EMPTY
    }


def _kept_secret(path: Path) -> bytes:
    """Read the generated secret, or create it once.

    The file appears under its name with its content or not at all (a hard link), so that of
    several processes starting together all use the secret of the first.
    """
    if path.exists():
        return path.read_bytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".secret_key-") as draft:
        draft.write(secrets.token_urlsafe(48).encode())
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
    return path.read_bytes()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def unknown_settings() -> dict[str, str]:
    """The `TREX_*` names, of the environment or .env, that no setting has.

    Each with the nearest name that a setting has; empty where none is near.
    """
    given = {
        name.upper()
        for source in (EnvSettingsSource(Settings), DotEnvSettingsSource(Settings))
        for name in source.env_vars
    }
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    return {
        name: next(iter(difflib.get_close_matches(name, known, n=1)), "")
        for name in sorted(given - known)
        if name.startswith(PREFIX) and not name.startswith(OTHERS_NAMES)
    }
