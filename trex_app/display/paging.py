"""Which pages of a long list are offered."""

from typing import Final

GAP: Final = 0
"""Stands for the pages left out between two numbers."""

NEIGHBOURS: Final = 1


def page_numbers(page: int, pages: int) -> list[int]:
    """The numbers to offer on `page` of `pages`: ends, neighbours, and GAP for the rest."""
    near = range(page - NEIGHBOURS, page + NEIGHBOURS + 1)
    shown = sorted({1, pages, *(number for number in near if 1 <= number <= pages)})
    numbers: list[int] = []
    for number in shown:
        missing = number - (numbers[-1] if numbers else 0) - 1
        # A gap of one would take the room of the number it hides.
        numbers += [] if missing == 0 else [number - 1] if missing == 1 else [GAP]
        numbers.append(number)
    return numbers
