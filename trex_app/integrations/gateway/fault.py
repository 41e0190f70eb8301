"""What can go wrong with a partner, as the gateway counts it."""

from typing import Literal, TypeAlias

Reason: TypeAlias = Literal[
    "timeout", "open", "busy", "error", "malformed", "limited", "connection", "unauthorised"
]
"""`open`, `busy` and a local `limited` never reached the partner; the others are its doing.

`unauthorised`: our credentials are not taken. Nothing is wrong with the request, so it waits until
they are mended; nor with the partner, which is not to be asked less for it.
"""

RETRYABLE: frozenset[Reason] = frozenset({"connection", "error", "malformed", "limited", "timeout"})
FAILURES: frozenset[Reason] = frozenset({"connection", "error", "malformed", "timeout"})
"""What counts against a partner: being told to come later does not."""


class PartnerFault(Exception):
    """A call that a partner did not answer usefully; the gateway retries and counts it.

    `retry_after_seconds` is how long the partner, or an open breaker, asks to be left alone;
    `status` is the code of its answer, where it gave one.
    """

    def __init__(
        self,
        reason: Reason = "error",
        retry_after_seconds: float | None = None,
        *,
        status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.status = status
