"""One tree of errors: what went wrong, for whom, and what a person can do next.

Each edge (REST, Reflex, CLI) maps this tree once. A message is a sentence for a person; the
technical cause belongs in the log.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class TrexError(Exception):
    """The root of every error T-Rex raises on purpose.

    `code` is stable and machine-readable, `status` is the HTTP status it maps to, `is_retryable`
    says whether the same request may succeed later without a change.
    """

    code: ClassVar[str] = "internal_error"
    status: ClassVar[int] = 500
    is_retryable: ClassVar[bool] = False
    default_message: ClassVar[str] = "Something went wrong on our side. Please try again."

    def __init__(self, message: str | None = None, **params: object) -> None:
        self.is_noted = False
        """Whether this error has been logged and counted."""
        self.template = message or self.default_message
        self.params: Mapping[str, object] = params
        super().__init__(self.template.format(**params) if params else self.template)

    @property
    def message(self) -> str:
        """The sentence for a person, in the language the message was written in."""
        return str(self)

    def details(self) -> dict[str, Any]:
        """What else a client may use, as members of the problem document."""
        return {}


@dataclasses.dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field. `template` with `params` is what a catalogue translates."""

    field: str
    code: str
    template: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict[str, object])

    @property
    def message(self) -> str:
        """The sentence in the language it was written in."""
        return self.template.format(**self.params) if self.params else self.template


class ValidationFailed(TrexError):
    """Bad input; every fault names its field and says how to mend it."""

    code = "validation_failed"
    status = 400
    default_message = "Please check the marked fields."

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__()
        self.errors = tuple(errors)

    def details(self) -> dict[str, Any]:
        """The first fault at top level (the seeds' ValidationError), and all of them."""
        rows = [{"field": e.field, "message": e.message, "code": e.code} for e in self.errors]
        return {"field": rows[0]["field"] if rows else "", "errors": rows}


class Unauthenticated(TrexError):
    """No credential came with the request."""

    code = "unauthenticated"
    status = 401
    default_message = "This request needs the token that came with the session's start."


class WebhookRefused(Unauthenticated):
    """A message that claims to be a partner's is not signed by it, or was signed long ago."""

    code = "webhook_refused"
    default_message = (
        "The signature does not fit the body and the timestamp, or the timestamp is more than "
        "five minutes off."
    )


class Forbidden(TrexError):
    """A credential came, but not one for this session (or for no session at all)."""

    code = "forbidden"
    status = 403
    default_message = "This session belongs to someone else, or does not exist."


class OriginNotAllowed(Forbidden):
    """A browser's cookies came with a change that a page of another site may have asked for."""

    code = "origin_not_allowed"
    default_message = (
        "This page may not send requests here. Open the journey on its own site, or send the "
        "session's token in place of cookies."
    )


class NotFound(TrexError):
    """A named thing that does not exist."""

    code = "not_found"
    status = 404
    default_message = "There is nothing at this address."


class Conflict(TrexError):
    """The request does not fit what has happened meanwhile."""

    code = "conflict"
    status = 409
    default_message = "Something changed meanwhile. Please look at the current step and try again."


class StaleStep(Conflict):
    """The request was made for a step or revision the session has moved on from."""

    code = "stale_step"
    default_message = (
        "This journey has moved on, perhaps in another tab. Here is the current step; "
        "what you typed is kept as a draft."
    )

    def __init__(self, current: object = None, draft: Mapping[str, Any] | None = None) -> None:
        super().__init__()
        self.current = current
        """The current step as services show it; each edge puts it into its own form."""
        self.draft = dict(draft or {})


class SealedStep(Conflict):
    """The change would undo something that has already been sent."""

    code = "sealed_step"
    default_message = (
        "Your answers on this step have already been sent, so they can no longer change here. "
        "Start a new journey, or write to the people you sent them to."
    )

    def __init__(self, message: str | None = None, *, sent: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.sent = tuple(sent)

    def details(self) -> dict[str, Any]:
        """What has already been sent, by title."""
        return {"sent": list(self.sent)}


class SessionCompleted(Conflict):
    """The journey has ended; nothing more can be answered in it."""

    code = "session_completed"
    default_message = "This journey is complete. You can look back, or start a new one."


class SessionExpired(TrexError):
    """The session was left alone for longer than its workflow allows."""

    code = "expired"
    status = 410
    default_message = (
        "This journey was left for too long and has expired. "
        "You can start anew with the answers that are still valid."
    )


class BodyTooLarge(TrexError):
    """A request body over the limit."""

    code = "body_too_large"
    status = 413
    default_message = "This is more than can be sent at once (64 KiB). Please shorten it."


class IdempotencyMismatch(TrexError):
    """The same idempotency key came with another body."""

    code = "idempotency_mismatch"
    status = 422
    default_message = "This Idempotency-Key was already used for another request. Use a new key."


class RateLimited(TrexError):
    """Too many requests in too short a time."""

    code = "rate_limited"
    status = 429
    is_retryable = True
    default_message = "Too many requests. Please wait {retry_after_seconds} seconds and try again."

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class Unavailable(TrexError):
    """A partner or a part of ours cannot answer now, and no fallback was declared."""

    code = "unavailable"
    status = 503
    is_retryable = True
    default_message = "This is not available right now. Nothing was lost; please try again shortly."


class PartnerRefused(TrexError):
    """A partner answered that it will not do what it was asked, now or later."""

    code = "partner_refused"
    status = 502
    default_message = "One of our partners could not take this. We will look into it."

    def __init__(self, partner: str, partner_status: int) -> None:
        super().__init__()
        self.partner = partner
        self.partner_status = partner_status


class PartnerUnavailable(Unavailable):
    """A partner gave no usable answer. `reason` is for logs and metrics, never for people."""

    code = "partner_unavailable"

    def __init__(self, partner: str, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(partner=partner, reason=reason)
        self.partner = partner
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds


class DefinitionInvalid(TrexError):
    """A workflow definition was refused; each problem names file, line, step and what to do."""

    code = "definition_invalid"
    status = 422
    default_message = "The workflow definition has mistakes."

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class SettingsInvalid(TrexError):
    """A setting that would make the product unsafe or unable to start."""

    code = "settings_invalid"
    default_message = "A setting is wrong."


class DataUnreadable(TrexError):
    """Stored data that no known key opens: another secret, or a changed row."""

    code = "data_unreadable"
    default_message = (
        "Stored data cannot be read. If TREX_SECRET_KEY was changed, add the old one to "
        "TREX_SECRET_KEY_PREVIOUS; otherwise the database was changed from outside."
    )
