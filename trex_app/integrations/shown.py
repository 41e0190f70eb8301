"""What people were shown of a partner's things, kept so that they can go on with them."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Final

from trex_app.ports import Data

MOST_KEPT: Final = 2000


class Shown:
    """Things by id, as they were last shown; the oldest go first. Thread-safe."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._lock = Lock()
        self._things: OrderedDict[str, Data] = OrderedDict()

    def remember(self, things: Iterable[tuple[str, Data]]) -> None:
        """Keep each thing under its id."""
        with self._lock:
            for key, thing in things:
                self._things[key] = thing
                self._things.move_to_end(key)
            while len(self._things) > self._most_kept:
                self._things.popitem(last=False)

    def known(self, ids: Sequence[str]) -> dict[str, Data]:
        """Those of the ids that were shown."""
        with self._lock:
            return {key: self._things[key] for key in ids if key in self._things}
