"""What became of a feed, row by row."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

KEPT_REJECTIONS: Final = 1_000
"""Faults that are listed one by one; of a file that is wrong throughout, the rest are counted."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One fault of a row that was not imported; a row may have several.

    `field` is the column, or `row` where its cells cannot be told apart.
    """

    line: int
    field: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """Counts of rows by what became of them, and why rows were rejected."""

    encoding: str
    delimiter: str
    ignored_columns: list[str]
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected_rows: int = 0
    neutralised_cells: int = 0
    rejected: list[Rejection] = field(default_factory=list[Rejection])

    @property
    def rows(self) -> int:
        """How many rows the feed had."""
        return self.imported + self.updated + self.unchanged + self.rejected_rows

    def reject(self, faults: list[Rejection]) -> None:
        """Note that a row was left out, and why."""
        self.rejected_rows += 1
        self.rejected.extend(faults[: KEPT_REJECTIONS - len(self.rejected)])

    def to_dict(self) -> dict[str, Any]:
        """The report as data."""
        return {"rows": self.rows, **asdict(self)}
