"""Inventory: dealers and their vehicles."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    _create_dealer()
    _create_dealer_make()
    _create_vehicle()


def downgrade() -> None:
    for table in ("vehicle", "dealer_make", "dealer"):
        op.drop_table(table)


def _create_dealer() -> None:
    op.create_table(
        "dealer",
        sa.Column("dealer_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=True),
        sa.Column("city", sa.String(length=80), nullable=True),
        sa.Column("region", sa.String(length=80), nullable=True),
        sa.Column("postal_code", sa.String(length=12), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("unit_x", sa.Float(), nullable=True),
        sa.Column("unit_y", sa.Float(), nullable=True),
        sa.Column("unit_z", sa.Float(), nullable=True),
        sa.Column("inventory_refreshed_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("dealer_id"),
    )


def _create_dealer_make() -> None:
    op.create_table(
        "dealer_make",
        sa.Column("dealer_id", sa.String(length=64), nullable=False),
        sa.Column("make_key", sa.String(length=60), nullable=False),
        sa.Column("make", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealer.dealer_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("dealer_id", "make_key"),
    )
    op.create_index("ix_dealer_make_make_key", "dealer_make", ["make_key"])


def _create_vehicle() -> None:
    op.create_table(
        "vehicle",
        sa.Column("vehicle_id", sa.String(length=32), nullable=False),
        sa.Column("dealer_id", sa.String(length=64), nullable=False),
        sa.Column("stock_number", sa.String(length=40), nullable=False),
        sa.Column("vin", sa.String(length=17), nullable=True),
        sa.Column("make", sa.String(length=60), nullable=False),
        sa.Column("make_key", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("model_key", sa.String(length=80), nullable=False),
        sa.Column("trim", sa.String(length=80), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("mileage_km", sa.Integer(), nullable=False),
        sa.Column("body_type", sa.String(length=20), nullable=False),
        sa.Column("fuel_type", sa.String(length=20), nullable=False),
        sa.Column("transmission", sa.String(length=20), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("colour", sa.String(length=40), nullable=True),
        sa.Column("power_kw", sa.Integer(), nullable=True),
        sa.Column("consumption_per_100_km", sa.Float(), nullable=True),
        sa.Column("boot_litres", sa.Integer(), nullable=True),
        sa.Column("safety_stars", sa.Integer(), nullable=True),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("image_url", sa.String(length=500), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealer.dealer_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("vehicle_id"),
        sa.UniqueConstraint("dealer_id", "stock_number", name="uq_vehicle_dealer_stock"),
    )
    op.create_index(
        "ix_vehicle_body_fuel_price", "vehicle", ["body_type", "fuel_type", "price_minor"]
    )
    op.create_index(
        "ix_vehicle_facets",
        "vehicle",
        ["make", "model", "body_type", "fuel_type", "year", "price_minor"],
    )
    op.create_index("ix_vehicle_fuel_price", "vehicle", ["fuel_type", "price_minor"])
    op.create_index(
        "ix_vehicle_make_model_price", "vehicle", ["make_key", "model_key", "price_minor"]
    )
    op.create_index("ix_vehicle_price", "vehicle", ["price_minor", "vehicle_id"])
    op.create_index("ix_vehicle_vin", "vehicle", ["vin"])
    op.create_index("ix_vehicle_year", "vehicle", ["year", "price_minor"])
