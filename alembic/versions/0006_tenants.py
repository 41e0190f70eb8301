"""Let other sites show journeys: tenants, and the tickets their frames open a socket with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tenant",
        sa.Column("tenant_id", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("bundle_origins", sa.JSON(), nullable=False),
        sa.Column("default_workflow", sa.String(80), nullable=True),
        sa.Column("workflows", sa.JSON(), nullable=False),
        sa.Column("theme", sa.JSON(), nullable=False),
        sa.Column("dealer_ids", sa.JSON(), nullable=False),
        sa.Column("may_share_answers", sa.Boolean(), nullable=False),
        sa.Column("may_be_framed", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id"),
    )
    op.create_table(
        "embed_ticket",
        sa.Column("ticket_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tenant_id", sa.String(80), nullable=False),
        sa.Column("host_origin", sa.String(300), nullable=False),
        sa.Column("bundle_origin", sa.String(300), nullable=True),
        sa.Column("session_key", sa.String(64), nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.tenant_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ticket_hash"),
    )
    op.create_index("ix_embed_ticket_expires_at", "embed_ticket", ["expires_at"])


def downgrade() -> None:
    op.drop_table("embed_ticket")
    op.drop_table("tenant")
