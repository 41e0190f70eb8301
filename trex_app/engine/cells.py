"""A `{frame: {step: value}}` table that copies a frame only when it is about to change."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from trex_app.engine.definition import EMPTY
from trex_app.engine.session import Position

T = TypeVar("T")


class Cells(Generic[T]):
    """A private, changeable view of a shared table; the original is never touched."""

    def __init__(self, frames: Mapping[str, Mapping[str, T]]) -> None:
        self._frames: dict[str, Mapping[str, T]] = dict(frames)
        self._own: dict[str, dict[str, T]] = {}

    def frame(self, frame: str) -> Mapping[str, T]:
        """Everything of one frame."""
        return self._frames.get(frame, EMPTY)

    def get(self, position: Position) -> T | None:
        """What stands at `position`, or None."""
        return self._frames.get(position.frame, EMPTY).get(position.step)

    def put(self, position: Position, value: T) -> None:
        """Set what stands at `position`."""
        self._owned(position.frame)[position.step] = value

    def take(self, position: Position) -> T | None:
        """Remove and return what stands at `position`, or None."""
        if position.step not in self._frames.get(position.frame, EMPTY):
            return None
        return self._owned(position.frame).pop(position.step)

    @property
    def frames(self) -> Mapping[str, Mapping[str, T]]:
        """The table as it now is; it changes with the next `put` or `take`."""
        return self._frames

    def freeze(self) -> Mapping[str, Mapping[str, T]]:
        """The table for good, without frames that hold nothing."""
        return {frame: steps for frame, steps in self._frames.items() if steps}

    def _owned(self, frame: str) -> dict[str, T]:
        own = self._own.get(frame)
        if own is None:
            own = self._own[frame] = dict(self._frames.get(frame, EMPTY))
            self._frames[frame] = own
        return own
