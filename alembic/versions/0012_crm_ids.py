"""Keep the CRM's own ids of the records it has of a lead."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("crm_record", sa.Column("record_ids", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("crm_record", "record_ids")
