"""What a service needs to know of the job queue."""

from typing import Protocol

from trex_app.db.transaction import Transaction


class Enqueue(Protocol):
    """Enqueues the job of a name for a key and round, in the caller's transaction, once."""

    def __call__(
        self, tx: Transaction, name: str, key: str, *, round: int = 0, delay_seconds: float = 0
    ) -> None:
        """`delay_seconds` is a durable timer: the job waits in the database until then."""
        ...
