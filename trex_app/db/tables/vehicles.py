"""Vehicles: the inventory that searches and recommendations read."""

from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel


class Vehicle(SQLModel, table=True):
    """One vehicle for sale, unique by dealer and stock number.

    Units: `price_minor` in minor units of `currency`, `mileage_km`, `boot_litres`, `power_kw`,
    `consumption_per_100_km` in litres (kWh for electric). `make_key` and `model_key` are the names
    as searches compare them. What a dealer's feed left out is null.
    """

    __tablename__ = "vehicle"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("dealer_id", "stock_number", name="uq_vehicle_dealer_stock"),
        # Covers the facets: counting them reads this index and never the rows.
        Index(
            "ix_vehicle_facets",
            *("make", "model", "body_type", "fuel_type", "year", "price_minor"),
        ),
        Index("ix_vehicle_make_model_price", "make_key", "model_key", "price_minor"),
        Index("ix_vehicle_body_fuel_price", "body_type", "fuel_type", "price_minor"),
        Index("ix_vehicle_fuel_price", "fuel_type", "price_minor"),
        Index("ix_vehicle_price", "price_minor", "vehicle_id"),
        Index("ix_vehicle_year", "year", "price_minor"),
        Index("ix_vehicle_vin", "vin"),
    )

    vehicle_id: str = Field(primary_key=True, max_length=32)
    dealer_id: str = Field(
        sa_column=Column(
            String(64), ForeignKey("dealer.dealer_id", ondelete="CASCADE"), nullable=False
        )
    )
    stock_number: str = Field(max_length=40)
    vin: str | None = Field(default=None, max_length=17)
    make: str = Field(max_length=60)
    make_key: str = Field(max_length=60)
    model: str = Field(max_length=80)
    model_key: str = Field(max_length=80)
    trim: str | None = Field(default=None, max_length=80)
    year: int
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    mileage_km: int
    body_type: str = Field(max_length=20)
    fuel_type: str = Field(max_length=20)
    transmission: str | None = Field(default=None, max_length=20)
    seats: int | None = None
    colour: str | None = Field(default=None, max_length=40)
    power_kw: int | None = None
    consumption_per_100_km: float | None = None
    boot_litres: int | None = None
    safety_stars: int | None = None
    features: list[str] = Field(default_factory=list[str], sa_column=Column(JSON, nullable=False))
    image_url: str | None = Field(default=None, max_length=500)
    listed_on: date


VEHICLES: Table = SQLModel.metadata.tables["vehicle"]
"""The table as Core statements name it."""
