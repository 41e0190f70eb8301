"""Dealers: who sells the listed vehicles, where they are, which makes they carry."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table
from sqlmodel import Field, SQLModel

from trex_app.db.columns import UtcDateTime


class Dealer(SQLModel, table=True):
    """One dealer. Coordinates are absent for a dealer whose place is not known.

    `unit_x`, `unit_y`, `unit_z` are the coordinates on the unit sphere: a query compares distances
    with them by plain arithmetic, which every database has.
    """

    __tablename__ = "dealer"  # pyright: ignore[reportAssignmentType]

    dealer_id: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=120)
    street: str | None = Field(default=None, max_length=120)
    city: str | None = Field(default=None, max_length=80)
    region: str | None = Field(default=None, max_length=80)
    postal_code: str | None = Field(default=None, max_length=12)
    country: str = Field(max_length=2)
    phone: str | None = Field(default=None, max_length=32)
    email: str | None = Field(default=None, max_length=254)
    latitude: float | None = None
    longitude: float | None = None
    unit_x: float | None = None
    unit_y: float | None = None
    unit_z: float | None = None
    inventory_refreshed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DealerMake(SQLModel, table=True):
    """One make that a dealer carries; `make_key` is the make as searches compare it."""

    __tablename__ = "dealer_make"  # pyright: ignore[reportAssignmentType]

    dealer_id: str = Field(
        sa_column=Column(
            String(64), ForeignKey("dealer.dealer_id", ondelete="CASCADE"), primary_key=True
        )
    )
    make_key: str = Field(primary_key=True, max_length=60, index=True)
    make: str = Field(max_length=60)


DEALERS: Table = SQLModel.metadata.tables["dealer"]
DEALER_MAKES: Table = SQLModel.metadata.tables["dealer_make"]
"""The tables as Core statements name them."""
