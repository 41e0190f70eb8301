"""Keep under which trip's key a dealer was asked to take a lead, where the outcome is unknown."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lead_dealer", sa.Column("key_trip", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("lead_dealer", "key_trip")
