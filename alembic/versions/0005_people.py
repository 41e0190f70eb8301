"""Find the sessions of a person by the keyed hash of an address."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_index",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", "session_id"),
    )
    op.create_index("ix_person_index_session_id", "person_index", ["session_id"])


def downgrade() -> None:
    op.drop_table("person_index")
