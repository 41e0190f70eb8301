"""Sessions: versions of workflows, state, history and resume links."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    _create_workflow_version()
    _create_publication()
    _create_session()
    _create_session_event()
    _create_effect_result()
    _create_resume_link()


def downgrade() -> None:
    for table in (
        "resume_link",
        "effect_result",
        "session_event",
        "session",
        "publication",
        "workflow_version",
    ):
        op.drop_table(table)


def _create_workflow_version() -> None:
    op.create_table(
        "workflow_version",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("workflow_id", sa.String(length=80), nullable=False),
        sa.Column("behaviour_hash", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_workflow_version_workflow_id", "workflow_version", ["workflow_id"])


def _create_publication() -> None:
    op.create_table(
        "publication",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.String(length=80), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["hash"],
            ["workflow_version.hash"],
        ),
        sa.PrimaryKeyConstraint("publication_id"),
    )
    op.create_index("ix_publication_workflow", "publication", ["workflow_id", "publication_id"])


def _create_session() -> None:
    op.create_table(
        "session",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("workflow_id", sa.String(length=80), nullable=False),
        sa.Column("workflow_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("frame", sa.String(length=400), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("filled_count", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=80), nullable=True),
        sa.Column("owner", sa.String(length=64), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("session_id"),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_session_owner", "session", ["owner", "workflow_id"])
    op.create_index("ix_session_workflow", "session", ["workflow_id", "status"])


def _create_session_event() -> None:
    op.create_table(
        "session_event",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("frame", sa.String(length=400), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("to_frame", sa.String(length=400), nullable=False),
        sa.Column("to_step", sa.String(length=80), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("request_hash", sa.String(length=64), nullable=True),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "number"),
    )
    op.create_index(
        "uq_session_event_request",
        "session_event",
        ["session_id", "idempotency_key"],
        unique=True,
        sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )


def _create_effect_result() -> None:
    op.create_table(
        "effect_result",
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("frame", sa.String(length=400), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "key"),
    )


def _create_resume_link() -> None:
    op.create_table(
        "resume_link",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("expires_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.session_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_resume_link_session_id", "resume_link", ["session_id"])
