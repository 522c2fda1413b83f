"""Planning

Revision ID: 0002_planning
Revises: 0001_start
"""

import sqlalchemy as sa
from alembic import op


revision = '0002_planning'
down_revision = '0001_start'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('plan_weights',
    sa.Column('series_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('weight', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('value BETWEEN 0 AND 1000', name=op.f('ck_plan_weights_value')),
    sa.PrimaryKeyConstraint('series_id', 'weight', name=op.f('pk_plan_weights'))
    )
    op.create_table('plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('event_ids', sa.JSON(), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False),
    sa.Column('base_plan_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'running', 'ready', 'stopped', 'failed', 'applied', 'superseded', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('cancel_asked', sa.Boolean(), nullable=False),
    sa.Column('objective', sa.Double(), nullable=True),
    sa.Column('bound', sa.Double(), nullable=True),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('filled', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.Column('parts', sa.JSON(), nullable=False),
    sa.Column('history', sa.JSON(), nullable=False),
    sa.Column('optimal', sa.Boolean(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('edited', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_by', sa.Integer(), nullable=True),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('first_day <= last_day', name=op.f('ck_plans_order')),
    sa.ForeignKeyConstraint(['applied_by'], ['users.id'], name=op.f('fk_plans_applied_by_users')),
    sa.ForeignKeyConstraint(['base_plan_id'], ['plans.id'], name=op.f('fk_plans_base_plan_id_plans')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_plans_created_by_users')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_plans_job_id_jobs')),
    sa.ForeignKeyConstraint(['series_id'], ['event_series.id'], name=op.f('fk_plans_series_id_event_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plans'))
    )
    with op.batch_alter_table('plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plans_base_plan_id'), ['base_plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plans_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plans_series_id'), ['series_id'], unique=False)
        batch_op.create_index('ix_plans_state_applied_at', ['state', 'applied_at'], unique=False)

    op.create_table('plan_marks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=True),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('lock', 'forbid', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_plan_marks_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['by'], ['users.id'], name=op.f('fk_plan_marks_by_users')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_plan_marks_event_id_events')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_marks_plan_id_plans')),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_plan_marks_slot_id_slots'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_marks')),
    sa.UniqueConstraint('plan_id', 'slot_id', 'alumnus_id', name=op.f('uq_plan_marks_plan_id_slot_id_alumnus_id'))
    )
    with op.batch_alter_table('plan_marks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_marks_alumnus_id'), ['alumnus_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_marks_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_marks_slot_id'), ['slot_id'], unique=False)
        batch_op.create_index('uq_plan_marks_whole_event', ['plan_id', 'event_id', 'alumnus_id'], unique=True, sqlite_where=sa.text('slot_id IS NULL'), postgresql_where=sa.text('slot_id IS NULL'))

    op.create_table('plan_seats',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('price', sa.Double(), nullable=True),
    sa.Column('kind', sa.Enum('accepted', 'kept', 'new', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_plan_seats_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_plan_seats_event_id_events')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_seats_plan_id_plans')),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_plan_seats_slot_id_slots'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_seats')),
    sa.UniqueConstraint('plan_id', 'slot_id', 'alumnus_id', name=op.f('uq_plan_seats_plan_id_slot_id_alumnus_id'))
    )
    with op.batch_alter_table('plan_seats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_seats_alumnus_id'), ['alumnus_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_seats_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_plan_seats_plan_id_alumnus_id', ['plan_id', 'alumnus_id'], unique=False)
        batch_op.create_index('ix_plan_seats_plan_id_event_id', ['plan_id', 'event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_seats_slot_id'), ['slot_id'], unique=False)

    op.create_table('plan_shorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_plan_shorts_event_id_events')),
    sa.ForeignKeyConstraint(['plan_id'], ['plans.id'], name=op.f('fk_plan_shorts_plan_id_plans')),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_plan_shorts_slot_id_slots'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_shorts')),
    sa.UniqueConstraint('plan_id', 'slot_id', name=op.f('uq_plan_shorts_plan_id_slot_id'))
    )
    with op.batch_alter_table('plan_shorts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_shorts_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_shorts_slot_id'), ['slot_id'], unique=False)




def downgrade() -> None:

    with op.batch_alter_table('plan_shorts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_shorts_slot_id'))
        batch_op.drop_index(batch_op.f('ix_plan_shorts_event_id'))

    op.drop_table('plan_shorts')
    with op.batch_alter_table('plan_seats', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_seats_slot_id'))
        batch_op.drop_index('ix_plan_seats_plan_id_event_id')
        batch_op.drop_index('ix_plan_seats_plan_id_alumnus_id')
        batch_op.drop_index(batch_op.f('ix_plan_seats_event_id'))
        batch_op.drop_index(batch_op.f('ix_plan_seats_alumnus_id'))

    op.drop_table('plan_seats')
    with op.batch_alter_table('plan_marks', schema=None) as batch_op:
        batch_op.drop_index('uq_plan_marks_whole_event', sqlite_where=sa.text('slot_id IS NULL'), postgresql_where=sa.text('slot_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_plan_marks_slot_id'))
        batch_op.drop_index(batch_op.f('ix_plan_marks_event_id'))
        batch_op.drop_index(batch_op.f('ix_plan_marks_alumnus_id'))

    op.drop_table('plan_marks')
    with op.batch_alter_table('plans', schema=None) as batch_op:
        batch_op.drop_index('ix_plans_state_applied_at')
        batch_op.drop_index(batch_op.f('ix_plans_series_id'))
        batch_op.drop_index(batch_op.f('ix_plans_job_id'))
        batch_op.drop_index(batch_op.f('ix_plans_base_plan_id'))

    op.drop_table('plans')
    op.drop_table('plan_weights')

