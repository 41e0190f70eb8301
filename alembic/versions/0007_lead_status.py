"""Find the leads that stand in a certain way, and count them, without reading all of them."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lead_status", "lead", ["status"])


def downgrade() -> None:
    op.drop_index("ix_lead_status", "lead")
