"""Reads what a plain form sends: who drew it, what is asked for, and the answers."""

import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import parse_qsl

from fastapi import Request

from trex_app.api.plain.refusals import FormNotOurs, FormUnreadable
from trex_app.api.schemas.requests import REVISION_MAX, UUID_PATTERN
from trex_app.core.crypto import Keyring
from trex_app.display.fields import field_view
from trex_app.display.forms import Asked, answers_of

Json = Any

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
FIELDS_MAX: Final = 400
KEY_PATTERN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
KEY_BYTES: Final = 16
OWN_PREFIX: Final = "trex."
"""Our own fields; no field of a definition has a dot in its name."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form carries along unseen: which step it answers, as whom, and as which attempt.

    `key` is made when the form is drawn: sent twice, the form counts once.
    """

    token: str
    session_id: str
    revision: int
    key: str

    @classmethod
    def new(cls, token: str, session_id: str, revision: int) -> Self:
        """The stamp of a form that is being drawn."""
        return cls(token, session_id, revision, secrets.token_urlsafe(KEY_BYTES))

    def fields(self) -> dict[str, str]:
        """The hidden fields by name."""
        return {
            "trex.token": self.token,
            "trex.session": self.session_id,
            "trex.revision": str(self.revision),
            "trex.key": self.key,
        }


class Form:
    """A form as it came in. A name may have several values, in the order of the page."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = tuple(pairs)

    def getlist(self, key: str) -> list[str]:
        """Every value of a name."""
        return [value for name, value in self.pairs if name == key]

    def first(self, key: str) -> str:
        """The first value of a name; empty where there is none."""
        return next(iter(self.getlist(key)), "")

    @property
    def action(self) -> str:
        """What the pressed button asks for; the main one submits."""
        return self.first("trex.action") or "submit"

    def typed(self) -> list[tuple[str, str]]:
        """What the person filled in, as it was sent."""
        return [(name, value) for name, value in self.pairs if not name.startswith(OWN_PREFIX)]

    def stamp(self) -> Stamp:
        """The stamp that the form was drawn with. Raises FormUnreadable."""
        session_id, revision = self.first("trex.session"), self.first("trex.revision")
        key = self.first("trex.key")
        is_whole = (
            re.fullmatch(UUID_PATTERN, session_id)
            and revision.isdecimal()
            and int(revision[:10]) <= REVISION_MAX
            and KEY_PATTERN.fullmatch(key)
        )
        if not is_whole:
            raise FormUnreadable
        return Stamp(self.first("trex.token"), session_id.lower(), int(revision[:10]), key)


async def form_of(request: Request) -> Form:
    """The form in a request's body. Raises FormUnreadable."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE:
        raise FormUnreadable
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError as error:
        raise FormUnreadable from error
    # Browsers send every line break as two characters, which would count twice.
    return Form([(name, value.replace("\r\n", "\n")) for name, value in pairs])


def token_for(keyring: Keyring, visitor: str) -> str:
    """What every form of a visitor's pages carries, and no page of another site can know."""
    return keyring.fingerprint(_subject(visitor))


def check_token(keyring: Keyring, visitor: str, token: str) -> None:
    """Raises FormNotOurs unless the form was drawn for this visitor."""
    own = keyring.fingerprints(_subject(visitor))
    if not any(hmac.compare_digest(one, token) for one in own if token.isascii()):
        raise FormNotOurs


def _subject(visitor: str) -> bytes:
    return f"plain-form:{visitor}".encode()


def answers_in(form: Form, configs: Sequence[Mapping[str, Json]], locale: str) -> dict[str, Json]:
    """The answers by field, typed as the step's schema says.

    `configs` are as in `ui_config["fields"]`. What cannot be read stays text, for the engine to
    refuse by name.
    """
    return answers_of(_asked(configs, locale), form, locale)


def draft_in(form: Form, configs: Sequence[Mapping[str, Json]], locale: str) -> dict[str, Json]:
    """What to draw the form with again: its answers, and nothing where a field was emptied."""
    empty = dict.fromkeys((config["name"] for config in configs), None)
    return empty | answers_in(form, configs, locale)


def _asked(configs: Sequence[Mapping[str, Json]], locale: str) -> list[Asked]:
    return [Asked.of(field_view(config, None, locale)) for config in configs]
