"""What a lead's travels need: events, messages, workers, webhooks, and more about leads."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    _extend_leads()
    _extend_credit_checks()
    _create_domain_event()
    _create_event_delivery()
    _create_message()
    _create_small_tables()


def downgrade() -> None:
    for table in (
        "lease",
        "webhook_receipt",
        "worker",
        "funnel_count",
        "message",
        "event_delivery",
        "domain_event",
    ):
        op.drop_table(table)
    with op.batch_alter_table("credit_check") as credit_check:
        credit_check.drop_column("give_up_at")
        credit_check.drop_column("attempts")
    op.drop_index("ix_lead_created_at", "lead")
    with op.batch_alter_table("lead_dealer") as lead_dealer:
        lead_dealer.drop_column("delivered_at")
        lead_dealer.drop_column("status")
    with op.batch_alter_table("lead") as lead:
        for name in (
            *("undo_status", "trip_began_at", "trip", "score_reasons", "score"),
            *("retry_at", "round", "locale", "kind"),
        ):
            lead.drop_column(name)


def _extend_leads() -> None:
    with op.batch_alter_table("lead") as lead:
        lead.add_column(sa.Column("kind", sa.String(20), nullable=False, server_default=""))
        lead.add_column(sa.Column("locale", sa.String(12), nullable=False, server_default="en"))
        lead.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
        lead.add_column(sa.Column("retry_at", UTC_TIME, nullable=True))
        lead.add_column(sa.Column("score", sa.Integer(), nullable=True))
        lead.add_column(sa.Column("score_reasons", sa.String(400), nullable=True))
        lead.add_column(sa.Column("trip", sa.Integer(), nullable=False, server_default="0"))
        lead.add_column(sa.Column("trip_began_at", UTC_TIME, nullable=True))
        lead.add_column(sa.Column("undo_status", sa.String(16), nullable=True))
    with op.batch_alter_table("lead_dealer") as lead_dealer:
        lead_dealer.add_column(
            sa.Column("status", sa.String(16), nullable=False, server_default="assigned")
        )
        lead_dealer.add_column(sa.Column("delivered_at", UTC_TIME, nullable=True))
    op.create_index("ix_lead_created_at", "lead", ["created_at"])


def _extend_credit_checks() -> None:
    with op.batch_alter_table("credit_check") as credit_check:
        credit_check.add_column(
            sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")
        )
        credit_check.add_column(sa.Column("give_up_at", UTC_TIME, nullable=True))


def _create_domain_event() -> None:
    op.create_table(
        "domain_event",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(36), nullable=False),
        sa.Column("topic", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("data", sa.String(), nullable=False),
        sa.Column("correlation_id", sa.String(80), nullable=True),
        sa.Column("recorded_at", UTC_TIME, nullable=False),
        sa.Column("published_at", UTC_TIME, nullable=True),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("ix_domain_event_subject", "domain_event", ["subject"])
    op.create_index("ix_domain_event_published_at", "domain_event", ["published_at"])


def _create_event_delivery() -> None:
    op.create_table(
        "event_delivery",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("handler", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("error", sa.String(200), nullable=True),
        sa.Column("done_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(["sequence"], ["domain_event.sequence"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sequence", "handler"),
    )
    op.create_index(
        "ix_event_delivery_waiting", "event_delivery", ["handler", "status", "sequence"]
    )
    op.create_index("ix_event_delivery_order", "event_delivery", ["handler", "subject", "sequence"])


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("message_id", sa.String(80), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("lead_key", sa.String(64), nullable=True),
        sa.Column("tenant", sa.String(80), nullable=True),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("message_id"),
    )
    for column in ("session_id", "lead_key", "status"):
        op.create_index(f"ix_message_{column}", "message", [column])


def _create_small_tables() -> None:
    op.create_table(
        "funnel_count",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("workflow_id", sa.String(80), nullable=False),
        sa.Column("step", sa.String(80), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "workflow_id", "step", "what"),
    )
    op.create_table(
        "worker",
        sa.Column("executor_id", sa.String(80), nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("seen_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("executor_id"),
    )
    op.create_index("ix_worker_seen_at", "worker", ["seen_at"])
    op.create_table(
        "webhook_receipt",
        sa.Column("partner", sa.String(20), nullable=False),
        sa.Column("signature", sa.String(80), nullable=False),
        sa.Column("received_at", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("partner", "signature"),
    )
    op.create_index("ix_webhook_receipt_received_at", "webhook_receipt", ["received_at"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("until", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
