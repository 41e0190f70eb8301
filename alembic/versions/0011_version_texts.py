"""Keep with each version of a journey what its texts say in other languages."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workflow_version", sa.Column("texts", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("workflow_version", "texts")
