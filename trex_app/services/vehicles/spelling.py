"""How close a typed text comes to a name, so that "Toyta" finds Toyota."""

from trex_app.services.vehicles.vocabulary import comparison_key

EXACT, BEGINNING, LATER_WORD, NEAR_MISS = range(4)


def closeness(typed: str, name: str) -> int | None:
    """How well a text fits a name, 0 the best; None where it does not fit.

    0 the whole name, 1 its beginning, 2 the beginning of a later word, 3 and more one or two slips
    away from the name or its beginning.
    """
    wanted, whole = comparison_key(typed), comparison_key(name)
    if wanted == whole:
        return EXACT
    if whole.startswith(wanted):
        return BEGINNING
    words = name.replace("-", " ").split()[1:]
    if any(comparison_key(word).startswith(wanted) for word in words):
        return LATER_WORD
    slips = _slips_to_beginning(wanted, whole)
    return NEAR_MISS + slips if slips <= _allowed_slips(wanted) else None


def _allowed_slips(wanted: str) -> int:
    """Short texts must be right, or everything would fit."""
    return 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2


def _slips_to_beginning(wanted: str, whole: str) -> int:
    """The fewest slips that turn the text into any beginning of the name."""
    counts = _slip_counts(wanted, whole[: len(wanted) + 2])
    return min(counts[max(0, len(wanted) - 2) :], default=len(wanted))


def _slip_counts(wanted: str, name: str) -> list[int]:
    """Slips from `wanted` to each beginning of `name`: optimal string alignment distance.

    A slip is a letter added, left out, mistaken, or swapped with its neighbour.
    """
    two_back: list[int] = []
    previous = list(range(len(name) + 1))
    for row, typed in enumerate(wanted, start=1):
        current = [row]
        for column, letter in enumerate(name, start=1):
            cost = min(
                previous[column] + 1,
                current[column - 1] + 1,
                previous[column - 1] + (typed != letter),
            )
            is_swap = row > 1 and column > 1
            if is_swap and typed == name[column - 2] and wanted[row - 2] == letter:
                cost = min(cost, two_back[column - 2] + 1)
            current.append(cost)
        two_back, previous = previous, current
    return previous
