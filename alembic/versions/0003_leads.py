"""Leads and credit checks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    _create_lead()
    _create_lead_step()
    _create_lead_dealer()
    _create_credit_check()


def downgrade() -> None:
    for table in ("credit_check", "lead_dealer", "lead_step", "lead"):
        op.drop_table(table)


def _create_lead() -> None:
    op.create_table(
        "lead",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("journey", sa.String(length=80), nullable=False),
        sa.Column("tenant", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_lead_reference", "lead", ["reference"])
    op.create_index("ix_lead_session_id", "lead", ["session_id"])


def _create_lead_step() -> None:
    op.create_table(
        "lead_step",
        sa.Column("lead_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["lead_key"], ["lead.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_key", "name"),
    )


def _create_lead_dealer() -> None:
    op.create_table(
        "lead_dealer",
        sa.Column("lead_key", sa.String(length=64), nullable=False),
        sa.Column("dealer_id", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_key"], ["lead.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_key", "dealer_id"),
    )


def _create_credit_check() -> None:
    op.create_table(
        "credit_check",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("frame", sa.String(length=400), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("decided_at", UTC_TIME, nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_credit_check_session_id", "credit_check", ["session_id"])
