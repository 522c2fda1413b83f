"""Two counters for ranking's columns: one for people, one for seats

Revision ID: 0002_columns_parts
Revises: 0001_initial
"""

import sqlalchemy as sa
from alembic import op

revision = "0002_columns_parts"
down_revision = "0001_initial"
branch_labels = None
depends_on = None


def _make(check: str, name: str) -> None:
    # A counter has nothing to keep: it goes on from the clock, above what it has shown before.
    op.drop_table("columns_version")
    op.create_table(
        "columns_version",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(check, name=op.f(name)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_columns_version")),
    )


def upgrade() -> None:
    _make("id IN (1, 2)", "ck_columns_version_part")


def downgrade() -> None:
    _make("id = 1", "ck_columns_version_one_row")
