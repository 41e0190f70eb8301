"""The id of a listing, derived from what makes it unique."""

from hashlib import sha256


def vehicle_id_of(dealer_id: str, stock_number: str) -> str:
    """The same dealer and stock number always make the same id, so a feed may come again."""
    return "v" + sha256(f"{dealer_id}\n{stock_number}".encode()).hexdigest()[:15]
