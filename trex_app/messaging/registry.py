"""The functions behind the handlers' names: filled by the container, asked by every delivery."""

from collections.abc import Callable, Mapping

from trex_app.db.transaction import Transaction
from trex_app.messaging.events import Event
from trex_app.messaging.subscriptions import SUBSCRIPTIONS, Subscriptions

Handler = Callable[[Transaction, Event], None]
"""Does what follows from an event, in the transaction that also marks it as handled.

It touches our own database only (and may enqueue jobs), so that both happen or neither does.
"""


class Registry:
    """Every handler's function, by name. Raises ValueError where names and functions differ."""

    def __init__(
        self, functions: Mapping[str, Handler], subscriptions: Subscriptions = SUBSCRIPTIONS
    ) -> None:
        differing = functions.keys() ^ subscriptions.keys()
        if differing:
            raise ValueError(f"handlers without function or subscription: {sorted(differing)}")
        self.functions = dict(functions)
        self.subscriptions = subscriptions

    @property
    def names(self) -> tuple[str, ...]:
        """The handlers' names, in the order in which they are declared."""
        return tuple(self.subscriptions)
