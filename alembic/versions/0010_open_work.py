"""Find what is still to be done, or is over its time, without reading all that ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ALIVE = sa.text("status = 'active' AND wrapped_key IS NOT NULL")
OPEN = sa.text("decision IS NULL AND wrapped_key IS NOT NULL")
UNERASED = sa.text("wrapped_key IS NOT NULL")
TOLD = sa.text("details IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_session_alive",
        "session",
        ["workflow_hash", "session_id"],
        sqlite_where=ALIVE,
        postgresql_where=ALIVE,
    )
    op.create_index(
        "ix_credit_check_open", "credit_check", ["key"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_domain_event_recorded_at", "domain_event", ["recorded_at"])
    op.create_index(
        "ix_session_kept",
        "session",
        ["status", "created_at"],
        sqlite_where=UNERASED,
        postgresql_where=UNERASED,
    )
    for table in ("lead", "message"):
        op.create_index(
            f"ix_{table}_kept", table, ["created_at"], sqlite_where=TOLD, postgresql_where=TOLD
        )


def downgrade() -> None:
    for table in ("message", "lead", "session"):
        op.drop_index(f"ix_{table}_kept", table)
    op.drop_index("ix_domain_event_recorded_at", "domain_event")
    op.drop_index("ix_credit_check_open", "credit_check")
    op.drop_index("ix_session_alive", "session")
