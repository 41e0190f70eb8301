"""Let a lead's record in the CRM be a job of its own, which neither delays nor undoes the lead."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")

# What the CRM was asked before. Nobody is at what was not answered, which is why it counts as given
# up: the lead's own way, which is still before it, begins it anew.
KNOWN = """
INSERT INTO crm_record (
    lead_key, is_wanted, trip, record_trip, round, status, attempts, error, waits_since, updated_at
)
SELECT
    lead.key,
    NOT (step.status = 'compensated' OR coalesce(step.error, '') LIKE 'not undone%'),
    lead.trip,
    lead.trip,
    0,
    CASE WHEN step.status IN ('done', 'compensated') THEN step.status ELSE 'failed' END,
    step.attempts,
    step.error,
    lead.updated_at,
    lead.updated_at
FROM lead_step AS step
JOIN lead ON lead.key = step.lead_key
WHERE step.name = 'record_in_crm' AND step.attempts > 0 AND step.status <> 'skipped'
"""


def upgrade() -> None:
    op.create_table(
        "crm_record",
        sa.Column("lead_key", sa.String(64), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("trip", sa.Integer(), nullable=False),
        sa.Column("record_trip", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(200), nullable=True),
        sa.Column("waits_since", UTC_TIME, nullable=False),
        sa.Column("retry_at", UTC_TIME, nullable=True),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.ForeignKeyConstraint(["lead_key"], ["lead.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lead_key"),
    )
    op.create_index("ix_crm_record_status", "crm_record", ["status"])
    op.execute(KNOWN)


def downgrade() -> None:
    op.drop_table("crm_record")
