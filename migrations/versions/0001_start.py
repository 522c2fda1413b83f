"""Start

Revision ID: 0001_start
Revises: 
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op


revision = '0001_start'
down_revision = None
branch_labels = None
depends_on = None


def statements() -> list[str]:
    """What Alembic's operations cannot say, frozen beside this file: an index, triggers, the second wall."""
    file = Path(__file__).parents[1] / "sql" / f"{revision}.{op.get_bind().dialect.name}.sql"
    return [part.strip() for part in file.read_text().removesuffix(";\n").split(";\n\n")]


def upgrade() -> None:
    op.create_table('alumni',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('family_name', sa.String(length=120), nullable=False),
    sa.Column('given_names', sa.String(length=120), nullable=False),
    sa.Column('display_name', sa.String(length=240), nullable=False),
    sa.Column('latin_name', sa.String(length=240), nullable=False),
    sa.Column('sort_name', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('shown_sort', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('gender', sa.Enum('woman', 'man', 'other', name='gender', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('country_code', sa.String(length=2), nullable=True),
    sa.Column('agency', sa.String(length=200), nullable=False),
    sa.Column('position', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=60), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=True),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('quarter_limit', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('active', 'inactive', 'left_service', 'archived', 'erased', name='status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('remarks', sa.Text(), nullable=False),
    sa.Column('profile_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('notice_days BETWEEN 0 AND 365', name=op.f('ck_alumni_notice_days')),
    sa.CheckConstraint('quarter_limit BETWEEN 0 AND 50', name=op.f('ck_alumni_quarter_limit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alumni'))
    )
    with op.batch_alter_table('alumni', schema=None) as batch_op:
        batch_op.create_index('ix_alumni_country_code_status', ['country_code', 'status'], unique=False)
        batch_op.create_index('ix_alumni_shown_sort_id', ['shown_sort', 'id'], unique=False)
        batch_op.create_index('ix_alumni_sort_name_id', ['sort_name', 'id'], unique=False)

    op.create_table('audit_denials',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('minute', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('endpoint', sa.String(length=60), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_audit_denials'))
    )
    with op.batch_alter_table('audit_denials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_denials_minute'), ['minute'], unique=False)

    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('verb', sa.String(length=60), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.String(length=60), nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.Column('shredded', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_about_id'), ['about_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entries_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject_kind', 'subject_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entries_verb'), ['verb'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.Column('seal', sa.String(length=64), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('columns_version',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('id IN (1, 2)', name=op.f('ck_columns_version_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_columns_version'))
    )
    op.create_table('consent_erasures',
    sa.Column('alumnus_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('alumnus_id', name=op.f('pk_consent_erasures'))
    )
    op.create_table('courses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_courses')),
    sa.UniqueConstraint('title', name=op.f('uq_courses_title'))
    )
    op.create_table('event_series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_series')),
    sa.UniqueConstraint('title', name=op.f('uq_event_series_title'))
    )
    op.create_table('matching_weights',
    sa.Column('series_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('weight BETWEEN 0 AND 100', name=op.f('ck_matching_weights_weight')),
    sa.PrimaryKeyConstraint('series_id', 'reason', name=op.f('pk_matching_weights'))
    )
    op.create_table('oidc_answers',
    sa.Column('nonce_hash', sa.String(length=64), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('nonce_hash', name=op.f('pk_oidc_answers'))
    )
    with op.batch_alter_table('oidc_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_oidc_answers_taken_at'), ['taken_at'], unique=False)

    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('office', 'partner', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('code', name=op.f('uq_organisations_code'))
    )
    op.create_table('sign_in_failures',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_sign_in_failures'))
    )
    op.create_table('spent_challenges',
    sa.Column('challenge_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('challenge_hash', name=op.f('pk_spent_challenges'))
    )
    op.create_table('themes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_themes')),
    sa.UniqueConstraint('code', name=op.f('uq_themes_code')),
    sa.UniqueConstraint('name', name=op.f('uq_themes_name'))
    )
    op.create_table('agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=500), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_agreements_order')),
    sa.CheckConstraint('groups BETWEEN 0 AND 31', name=op.f('ck_agreements_groups')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_agreements_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements'))
    )
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.create_index('ix_agreements_organisation_id_starts_on', ['organisation_id', 'starts_on'], unique=False)

    op.create_table('alumnus_emails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=254), nullable=False),
    sa.Column('folded', sa.String(length=254), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_alumnus_emails_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alumnus_emails')),
    sa.UniqueConstraint('folded', name=op.f('uq_alumnus_emails_folded'))
    )
    with op.batch_alter_table('alumnus_emails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alumnus_emails_alumnus_id'), ['alumnus_id'], unique=False)

    op.create_table('alumnus_languages',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('language_code', sa.String(length=8), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.CheckConstraint('level BETWEEN 0 AND 7', name=op.f('ck_alumnus_languages_level')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_alumnus_languages_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('alumnus_id', 'language_code', name=op.f('pk_alumnus_languages'))
    )
    with op.batch_alter_table('alumnus_languages', schema=None) as batch_op:
        batch_op.create_index('ix_alumnus_languages_language_code_level', ['language_code', 'level'], unique=False)

    op.create_table('alumnus_photos',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_alumnus_photos_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('alumnus_id', name=op.f('pk_alumnus_photos'))
    )
    op.create_table('alumnus_terms',
    sa.Column('term', sa.String(length=120).with_variant(sa.String(length=120, collation='C'), 'postgresql'), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('field_bit', sa.Integer(), autoincrement=False, nullable=False),
    sa.CheckConstraint('field_bit IN (0, 1, 2, 4)', name=op.f('ck_alumnus_terms_field_bit')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_alumnus_terms_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('term', 'alumnus_id', 'field_bit', name=op.f('pk_alumnus_terms'))
    )
    with op.batch_alter_table('alumnus_terms', schema=None) as batch_op:
        batch_op.create_index('ix_alumnus_terms_alumnus_id', ['alumnus_id'], unique=False)

    op.create_table('alumnus_themes',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_alumnus_themes_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_alumnus_themes_theme_id_themes')),
    sa.PrimaryKeyConstraint('alumnus_id', 'theme_id', name=op.f('pk_alumnus_themes'))
    )
    with op.batch_alter_table('alumnus_themes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alumnus_themes_theme_id'), ['theme_id'], unique=False)

    op.create_table('availability_periods',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('window', 'blackout', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_availability_periods_order')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_availability_periods_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_availability_periods'))
    )
    with op.batch_alter_table('availability_periods', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_availability_periods_alumnus_id'), ['alumnus_id'], unique=False)

    op.create_table('cohorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('country_code', sa.String(length=2), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('participants', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on', name=op.f('ck_cohorts_order')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_cohorts_course_id_courses')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('code', name=op.f('uq_cohorts_code'))
    )
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohorts_course_id'), ['course_id'], unique=False)
        batch_op.create_index('ix_cohorts_starts_on_id', ['starts_on', 'id'], unique=False)

    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.Enum('webinar', 'training', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('outcome_area', sa.String(length=40), nullable=True),
    sa.Column('status', sa.Enum('draft', 'planned', 'confirmed', 'delivered', 'cancelled', 'archived', name='status', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_events_order')),
    sa.ForeignKeyConstraint(['series_id'], ['event_series.id'], name=op.f('fk_events_series_id_event_series')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_series_id'), ['series_id'], unique=False)
        batch_op.create_index('ix_events_starts_at_id', ['starts_at', 'id'], unique=False)

    op.create_table('mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=True),
    sa.Column('alumnus_id', sa.Integer(), nullable=True),
    sa.Column('to_address', sa.String(length=254), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('held', 'queued', 'sent', 'failed', 'cancelled', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.Column('sent_subject', sa.String(length=300), nullable=False),
    sa.Column('sent_text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_mails_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mails')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_mails_dedupe_key'))
    )
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mails_alumnus_id'), ['alumnus_id'], unique=False)
        batch_op.create_index('ix_mails_state_not_before', ['state', 'not_before'], unique=False)
        batch_op.create_index('ix_mails_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('not_same_person',
    sa.Column('lower_id', sa.Integer(), nullable=False),
    sa.Column('higher_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=True),
    sa.CheckConstraint('lower_id < higher_id', name=op.f('ck_not_same_person_order')),
    sa.ForeignKeyConstraint(['higher_id'], ['alumni.id'], name=op.f('fk_not_same_person_higher_id_alumni')),
    sa.ForeignKeyConstraint(['lower_id'], ['alumni.id'], name=op.f('fk_not_same_person_lower_id_alumni')),
    sa.PrimaryKeyConstraint('lower_id', 'higher_id', name=op.f('pk_not_same_person'))
    )
    op.create_table('oidc_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('claim', sa.String(length=60), nullable=False),
    sa.Column('value', sa.String(length=200), nullable=False),
    sa.Column('role', sa.Enum('admin', 'officer', 'viewer', 'partner', 'alumnus', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(role = 'partner') = (organisation_id IS NOT NULL)", name=op.f('ck_oidc_rules_partner_has_organisation')),
    sa.CheckConstraint("role IN ('admin', 'officer', 'viewer', 'partner')", name=op.f('ck_oidc_rules_role_of_staff_or_partner')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_oidc_rules_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_oidc_rules'))
    )
    op.create_table('retention_asks',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_retention_asks_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('alumnus_id', name=op.f('pk_retention_asks'))
    )
    op.create_table('shared_with',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.CheckConstraint('groups % 2 = 1', name=op.f('ck_shared_with_identity')),
    sa.CheckConstraint('groups BETWEEN 1 AND 31', name=op.f('ck_shared_with_groups')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_shared_with_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_shared_with_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('alumnus_id', 'organisation_id', name=op.f('pk_shared_with'))
    )
    with op.batch_alter_table('shared_with', schema=None) as batch_op:
        batch_op.create_index('ix_shared_with_organisation_id_alumnus_id', ['organisation_id', 'alumnus_id'], unique=False)

    op.create_table('sharing_statements',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('all', 'some', 'no', 'none_given', name='answer', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('source', sa.Enum('import', 'staff', 'alumnus', name='source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_sharing_statements_alumnus_id_alumni')),
    sa.PrimaryKeyConstraint('alumnus_id', name=op.f('pk_sharing_statements'))
    )
    op.create_table('stated_with',
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_stated_with_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_stated_with_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('alumnus_id', 'organisation_id', name=op.f('pk_stated_with'))
    )
    with op.batch_alter_table('stated_with', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stated_with_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('role', sa.Enum('admin', 'officer', 'viewer', 'partner', 'alumnus', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('alumnus_id', sa.Integer(), nullable=True),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('zone', sa.String(length=60), nullable=False),
    sa.Column('is_focal_point', sa.Boolean(), nullable=False),
    sa.Column('totp_secret', sa.String(length=255), nullable=True),
    sa.Column('totp_confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('totp_counter', sa.BigInteger(), nullable=False),
    sa.Column('totp_pending', sa.String(length=255), nullable=True),
    sa.Column('totp_pending_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('webauthn_handle', sa.String(length=64), nullable=True),
    sa.Column('oidc_subject', sa.String(length=400), nullable=True),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invited_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(role = 'alumnus') = (alumnus_id IS NOT NULL)", name=op.f('ck_users_alumnus_has_profile')),
    sa.CheckConstraint("NOT is_focal_point OR role = 'partner'", name=op.f('ck_users_focal_point_is_partner')),
    sa.CheckConstraint("role <> 'partner' OR organisation_id IS NOT NULL", name=op.f('ck_users_partner_has_organisation')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_users_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_users_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_users')),
    sa.UniqueConstraint('alumnus_id', name=op.f('uq_users_alumnus_id')),
    sa.UniqueConstraint('email', name=op.f('uq_users_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_users_fs_uniquifier')),
    sa.UniqueConstraint('oidc_subject', name=op.f('uq_users_oidc_subject')),
    sa.UniqueConstraint('webauthn_handle', name=op.f('uq_users_webauthn_handle'))
    )
    op.create_table('approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.Enum('granted', 'refused', 'withdrawn', name='decision', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("decision = 'withdrawn' OR asked_by_id <> decided_by_id", name=op.f('ck_approvals_two_people')),
    sa.CheckConstraint("used_at IS NULL OR (decision IS NOT NULL AND decision = 'granted')", name=op.f('ck_approvals_used_if_granted')),
    sa.CheckConstraint('(decision IS NULL) = (decided_by_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)', name=op.f('ck_approvals_decided_whole')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['users.id'], name=op.f('fk_approvals_asked_by_id_users')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_approvals_decided_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approvals'))
    )
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.create_index('ix_approvals_asked_by_id', ['asked_by_id'], unique=False)

    op.create_table('cohort_partners',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_partners_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cohort_partners_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('cohort_id', 'organisation_id', name=op.f('pk_cohort_partners'))
    )
    op.create_table('colleague_invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('invited_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_colleague_invitations_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_colleague_invitations_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_colleague_invitations')),
    sa.UniqueConstraint('user_id', name=op.f('uq_colleague_invitations_user_id'))
    )
    with op.batch_alter_table('colleague_invitations', schema=None) as batch_op:
        batch_op.create_index('uq_colleague_invitations_organisation_id_email', ['organisation_id', 'email'], unique=True)

    op.create_table('consent_proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decision', sa.Enum('confirmed', 'refused', 'at_once', name='decision', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.CheckConstraint("evidence <> ''", name=op.f('ck_consent_proposals_evidence')),
    sa.CheckConstraint("given = (decision IS NULL OR decision <> 'at_once')", name=op.f('ck_consent_proposals_only_withdrawals_at_once')),
    sa.CheckConstraint('(decision IS NULL) = (decided_at IS NULL)', name=op.f('ck_consent_proposals_decided')),
    sa.CheckConstraint('decided_by_id <> recorded_by_id', name=op.f('ck_consent_proposals_second_person')),
    sa.CheckConstraint('groups BETWEEN 1 AND 31', name=op.f('ck_consent_proposals_groups')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_consent_proposals_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['users.id'], name=op.f('fk_consent_proposals_decided_by_id_users')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_consent_proposals_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_consent_proposals_recorded_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent_proposals'))
    )
    with op.batch_alter_table('consent_proposals', schema=None) as batch_op:
        batch_op.create_index('uq_consent_proposals_pending', ['alumnus_id', 'organisation_id'], unique=True, sqlite_where=sa.text('decision IS NULL'), postgresql_where=sa.text('decision IS NULL'))

    op.create_table('consents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('field_group', sa.Enum('identity', 'professional', 'contact', 'availability', 'assignments', name='field_group', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('locale', sa.String(length=10), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('source', sa.Enum('alumnus', 'staff', 'demo', name='source', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("source <> 'staff' OR (evidence <> '' AND recorded_by_id IS NOT NULL)", name=op.f('ck_consents_staff_has_evidence')),
    sa.CheckConstraint("source <> 'staff' OR NOT given OR confirmed_by_id IS NOT NULL", name=op.f('ck_consents_staff_is_confirmed')),
    sa.CheckConstraint('confirmed_by_id <> recorded_by_id', name=op.f('ck_consents_second_person')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_consents_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['users.id'], name=op.f('fk_consents_confirmed_by_id_users')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_consents_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_consents_recorded_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents'))
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index('ix_consents_alumnus_id_organisation_id', ['alumnus_id', 'organisation_id'], unique=False)

    op.create_table('disclosures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('way', sa.Enum('list', 'page', 'export', 'event', 'calendar', 'mail', 'api', name='way', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.CheckConstraint('groups BETWEEN 1 AND 31', name=op.f('ck_disclosures_groups')),
    sa.CheckConstraint('times >= 1', name=op.f('ck_disclosures_times')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_disclosures_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_disclosures_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_disclosures_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosures'))
    )
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.create_index('ix_disclosures_alumnus_id_day_id', ['alumnus_id', 'day', 'id'], unique=False)
        batch_op.create_index('ix_disclosures_day', ['day'], unique=False)

    op.create_table('enrolments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('result', sa.Enum('completed', 'not_completed', 'pending', name='result', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_enrolments_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolments_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments')),
    sa.UniqueConstraint('cohort_id', 'alumnus_id', name=op.f('uq_enrolments_cohort_id_alumnus_id'))
    )
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolments_alumnus_id'), ['alumnus_id'], unique=False)

    op.create_table('erased_addresses',
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['lifted_by_id'], ['users.id'], name=op.f('fk_erased_addresses_lifted_by_id_users')),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_erased_addresses'))
    )
    with op.batch_alter_table('erased_addresses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erased_addresses_alumnus_id'), ['alumnus_id'], unique=False)

    op.create_table('event_countries',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('country_code', sa.String(length=2), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_countries_event_id_events')),
    sa.PrimaryKeyConstraint('event_id', 'country_code', name=op.f('pk_event_countries'))
    )
    op.create_table('event_languages',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('language_code', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_languages_event_id_events')),
    sa.PrimaryKeyConstraint('event_id', 'language_code', name=op.f('pk_event_languages'))
    )
    op.create_table('event_partners',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_partners_event_id_events')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_event_partners_organisation_id_organisations')),
    sa.PrimaryKeyConstraint('event_id', 'organisation_id', name=op.f('pk_event_partners'))
    )
    with op.batch_alter_table('event_partners', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_partners_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('event_principles',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('principle', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_principles_event_id_events')),
    sa.PrimaryKeyConstraint('event_id', 'principle', name=op.f('pk_event_principles'))
    )
    op.create_table('event_themes',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_themes_event_id_events')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_event_themes_theme_id_themes')),
    sa.PrimaryKeyConstraint('event_id', 'theme_id', name=op.f('pk_event_themes'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('progress_done', sa.Integer(), nullable=False),
    sa.Column('progress_total', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heartbeat_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_jobs_actor_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_state_created_at', ['state', 'created_at'], unique=False)

    op.create_table('one_time_tokens',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('invitation', 'sign_in', 'password_reset', 'address_change', 'address_undo', 'confirm', 'first_administrator', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_one_time_tokens_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_tokens')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_tokens_token_hash'))
    )
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        batch_op.create_index('ix_one_time_tokens_user_id_kind', ['user_id', 'kind'], unique=False)

    op.create_table('partner_exports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('file_format', sa.String(length=10), nullable=False),
    sa.Column('purpose', sa.String(length=300), nullable=False),
    sa.Column('narrow', sa.JSON(), nullable=False),
    sa.Column('groups', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_partner_exports_organisation_id_organisations')),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_partner_exports_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_exports'))
    )
    with op.batch_alter_table('partner_exports', schema=None) as batch_op:
        batch_op.create_index('ix_partner_exports_organisation_id_at', ['organisation_id', 'at'], unique=False)

    op.create_table('passkeys',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('credential_id', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.Text(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_passkeys_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkeys')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkeys_credential_id'))
    )
    with op.batch_alter_table('passkeys', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkeys_user_id'), ['user_id'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.SmallInteger(), nullable=False),
    sa.Column('code_hash', sa.String(length=255), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('user_id', 'position', name=op.f('uq_recovery_codes_user_id_position'))
    )
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_codes_user_id'), ['user_id'], unique=False)

    op.create_table('retention_periods',
    sa.Column('kept', sa.Enum('sign_in_failures', 'sessions', 'mail_texts', 'import_rows', 'disclosures', 'denials', 'profiles', 'event_notes', name='kept', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('ran_on', sa.Date(), nullable=True),
    sa.CheckConstraint('months BETWEEN 1 AND 600', name=op.f('ck_retention_periods_months')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['users.id'], name=op.f('fk_retention_periods_confirmed_by_id_users')),
    sa.PrimaryKeyConstraint('kept', name=op.f('pk_retention_periods'))
    )
    op.create_table('rights_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('correction', 'dispute', 'restriction', 'erasure', name='kind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('item', sa.Enum('name', 'result', 'attendance', 'remarks', 'other', name='item', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'partly', 'refused', 'withdrawn', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'withdrawn') OR answered_at IS NOT NULL", name=op.f('ck_rights_requests_answered')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_rights_requests_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['users.id'], name=op.f('fk_rights_requests_answered_by_id_users')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_rights_requests_recorded_by_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_requests'))
    )
    with op.batch_alter_table('rights_requests', schema=None) as batch_op:
        batch_op.create_index('ix_rights_requests_alumnus_id_state', ['alumnus_id', 'state'], unique=False)
        batch_op.create_index('ix_rights_requests_state_due_on', ['state', 'due_on'], unique=False)

    op.create_table('saved_filters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('page', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('query', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_saved_filters_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_filters')),
    sa.UniqueConstraint('user_id', 'page', 'name', name=op.f('uq_saved_filters_user_id_page_name'))
    )
    op.create_table('saved_mappings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_saved_mappings_actor_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_mappings')),
    sa.UniqueConstraint('name', name=op.f('uq_saved_mappings_name'))
    )
    op.create_table('slots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('presenter', 'co_presenter', 'moderator', 'panellist', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('seats', sa.Integer(), nullable=False),
    sa.Column('language_code', sa.String(length=8), nullable=True),
    sa.Column('level_needed', sa.Integer(), nullable=False),
    sa.Column('theme_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.CheckConstraint('level_needed BETWEEN 0 AND 7', name=op.f('ck_slots_level_needed')),
    sa.CheckConstraint('seats BETWEEN 1 AND 50', name=op.f('ck_slots_seats')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_slots_event_id_events')),
    sa.ForeignKeyConstraint(['theme_id'], ['themes.id'], name=op.f('fk_slots_theme_id_themes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slots'))
    )
    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_slots_event_id'), ['event_id'], unique=False)

    op.create_table('user_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.Enum('password', 'link', 'passkey', 'oidc', name='method', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('awaits', sa.Enum('nothing', 'factor', 'set_up', name='awaits', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fresh_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('second_factor_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.Enum('signed_out', 'ended_by_user', 'ended_by_administrator', 'deactivated', 'role_changed', 'password_changed', 'address_changed', 'factor_changed', 'replaced', name='ended_why', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('network', sa.String(length=45), nullable=False),
    sa.Column('device', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_sessions_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_sessions_token_hash'))
    )
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.create_index('ix_user_sessions_user_id_ended_at', ['user_id', 'ended_at'], unique=False)

    op.create_table('assignments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slot_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('proposed', 'invited', 'accepted', 'declined', 'expired', 'withdrawn', 'cancelled', 'delivered', 'no_show', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('event_revision', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Enum('busy', 'not_allowed', 'other_time', 'suggest', 'other', name='reason', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('reason_text', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('seat >= 1', name=op.f('ck_assignments_seat')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_assignments_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_assignments_event_id_events')),
    sa.ForeignKeyConstraint(['slot_id'], ['slots.id'], name=op.f('fk_assignments_slot_id_slots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments')),
    sa.UniqueConstraint('slot_id', 'alumnus_id', name=op.f('uq_assignments_slot_id_alumnus_id'))
    )
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.create_index('ix_assignments_alumnus_id_state', ['alumnus_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_assignments_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_assignments_state_answer_by', ['state', 'answer_by'], unique=False)
        batch_op.create_index('uq_assignments_live_event_alumnus', ['event_id', 'alumnus_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"), postgresql_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"))
        batch_op.create_index('uq_assignments_live_seat', ['slot_id', 'seat'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"), postgresql_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"))

    op.create_table('erasures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.Enum('asked', 'retention', name='why', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('asked', 'approved', 'done', 'withdrawn', 'refused', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recorded_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_by_id', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('notified', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f('ck_erasures_done')),
    sa.CheckConstraint('approved_by_id IS NULL OR approved_by_id <> recorded_by_id', name=op.f('ck_erasures_second_person')),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_erasures_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['users.id'], name=op.f('fk_erasures_approved_by_id_users')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['users.id'], name=op.f('fk_erasures_recorded_by_id_users')),
    sa.ForeignKeyConstraint(['request_id'], ['rights_requests.id'], name=op.f('fk_erasures_request_id_rights_requests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures')),
    sa.UniqueConstraint('request_id', name=op.f('uq_erasures_request_id'))
    )
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.create_index('ix_erasures_state_due_on', ['state', 'due_on'], unique=False)
        batch_op.create_index('uq_erasures_open', ['alumnus_id'], unique=True, sqlite_where=sa.text("state IN ('asked', 'approved')"), postgresql_where=sa.text("state IN ('asked', 'approved')"))

    op.create_table('import_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('state', sa.Enum('reading', 'ready', 'applying', 'applied', 'undone', 'failed', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('error', sa.String(length=500), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_import_batches_actor_id_users')),
    sa.ForeignKeyConstraint(['job_id'], ['jobs.id'], name=op.f('fk_import_batches_job_id_jobs')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches'))
    )
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batches_sha256'), ['sha256'], unique=False)

    op.create_table('sharing_asks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alumnus_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('nonce', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['alumnus_id'], ['alumni.id'], name=op.f('fk_sharing_asks_alumnus_id_alumni')),
    sa.ForeignKeyConstraint(['proposal_id'], ['consent_proposals.id'], name=op.f('fk_sharing_asks_proposal_id_consent_proposals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sharing_asks')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sharing_asks_token_hash'))
    )
    with op.batch_alter_table('sharing_asks', schema=None) as batch_op:
        batch_op.create_index('ix_sharing_asks_alumnus_id_proposal_id', ['alumnus_id', 'proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sharing_asks_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('assignment_moves',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('from_state', sa.Enum('proposed', 'invited', 'accepted', 'declined', 'expired', 'withdrawn', 'cancelled', 'delivered', 'no_show', name='from_state', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('to_state', sa.Enum('proposed', 'invited', 'accepted', 'declined', 'expired', 'withdrawn', 'cancelled', 'delivered', 'no_show', name='to_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['users.id'], name=op.f('fk_assignment_moves_actor_id_users')),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_assignment_moves_assignment_id_assignments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_moves'))
    )
    with op.batch_alter_table('assignment_moves', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_moves_assignment_id'), ['assignment_id'], unique=False)

    op.create_table('import_problems',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('column', sa.String(length=120), nullable=False),
    sa.Column('value', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('problem', sa.String(length=500), nullable=False),
    sa.Column('severity', sa.Enum('error', 'warning', 'note', name='severity', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_problems_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_problems'))
    )
    with op.batch_alter_table('import_problems', schema=None) as batch_op:
        batch_op.create_index('ix_import_problems_batch_id_id', ['batch_id', 'id'], unique=False)

    op.create_table('import_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=False),
    sa.Column('sheet_kind', sa.String(length=20), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('repairs', sa.JSON(), nullable=False),
    sa.Column('left_out', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.Enum('added', 'updated', 'merged', 'unchanged', 'skipped', name='outcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_import_rows_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_rows')),
    sa.UniqueConstraint('batch_id', 'sheet', 'row', name=op.f('uq_import_rows_batch_id_sheet_row'))
    )
    op.create_table('imported_values',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=100), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=60), nullable=False),
    sa.Column('column', sa.String(length=120), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_imported_values_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_values'))
    )
    with op.batch_alter_table('imported_values', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_values_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_imported_values_subject', ['subject_kind', 'subject_id'], unique=False)

    op.create_table('invitation_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('nonce', sa.String(length=64), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['assignments.id'], name=op.f('fk_invitation_links_assignment_id_assignments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_links_token_hash'))
    )
    with op.batch_alter_table('invitation_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_links_assignment_id'), ['assignment_id'], unique=False)
    for statement in statements():
        op.execute(statement)


def take_wall_away() -> None:
    """Policies and functions hang on the tables; the two roles stay, since they belong to the whole server."""
    policies = op.get_bind().execute(sa.text("SELECT policyname, tablename FROM pg_policies WHERE policyname LIKE 'wall_%'"))
    for name, table in policies.all():
        op.execute(f"DROP POLICY {name} ON {table}")
    for role in ("bsm_partner", "bsm_alumnus"):
        op.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
    for function in ("bsm_agreed()", "bsm_today()", "bsm_number(text)"):
        op.execute(f"DROP FUNCTION {function}")


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        take_wall_away()
    with op.batch_alter_table('invitation_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_links_assignment_id'))

    op.drop_table('invitation_links')
    with op.batch_alter_table('imported_values', schema=None) as batch_op:
        batch_op.drop_index('ix_imported_values_subject')
        batch_op.drop_index(batch_op.f('ix_imported_values_batch_id'))

    op.drop_table('imported_values')
    op.drop_table('import_rows')
    with op.batch_alter_table('import_problems', schema=None) as batch_op:
        batch_op.drop_index('ix_import_problems_batch_id_id')

    op.drop_table('import_problems')
    with op.batch_alter_table('assignment_moves', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_moves_assignment_id'))

    op.drop_table('assignment_moves')
    with op.batch_alter_table('sharing_asks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sharing_asks_proposal_id'))
        batch_op.drop_index('ix_sharing_asks_alumnus_id_proposal_id')

    op.drop_table('sharing_asks')
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batches_sha256'))

    op.drop_table('import_batches')
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_index('uq_erasures_open', sqlite_where=sa.text("state IN ('asked', 'approved')"), postgresql_where=sa.text("state IN ('asked', 'approved')"))
        batch_op.drop_index('ix_erasures_state_due_on')

    op.drop_table('erasures')
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.drop_index('uq_assignments_live_seat', sqlite_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"), postgresql_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"))
        batch_op.drop_index('uq_assignments_live_event_alumnus', sqlite_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"), postgresql_where=sa.text("state IN ('proposed', 'invited', 'accepted', 'delivered', 'no_show')"))
        batch_op.drop_index('ix_assignments_state_answer_by')
        batch_op.drop_index(batch_op.f('ix_assignments_event_id'))
        batch_op.drop_index('ix_assignments_alumnus_id_state')

    op.drop_table('assignments')
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_user_sessions_user_id_ended_at')

    op.drop_table('user_sessions')
    with op.batch_alter_table('slots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_slots_event_id'))

    op.drop_table('slots')
    op.drop_table('saved_mappings')
    op.drop_table('saved_filters')
    with op.batch_alter_table('rights_requests', schema=None) as batch_op:
        batch_op.drop_index('ix_rights_requests_state_due_on')
        batch_op.drop_index('ix_rights_requests_alumnus_id_state')

    op.drop_table('rights_requests')
    op.drop_table('retention_periods')
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_codes_user_id'))

    op.drop_table('recovery_codes')
    with op.batch_alter_table('passkeys', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkeys_user_id'))

    op.drop_table('passkeys')
    with op.batch_alter_table('partner_exports', schema=None) as batch_op:
        batch_op.drop_index('ix_partner_exports_organisation_id_at')

    op.drop_table('partner_exports')
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        batch_op.drop_index('ix_one_time_tokens_user_id_kind')

    op.drop_table('one_time_tokens')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('ix_jobs_state_created_at')

    op.drop_table('jobs')
    op.drop_table('event_themes')
    op.drop_table('event_principles')
    with op.batch_alter_table('event_partners', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_partners_organisation_id'))

    op.drop_table('event_partners')
    op.drop_table('event_languages')
    op.drop_table('event_countries')
    with op.batch_alter_table('erased_addresses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erased_addresses_alumnus_id'))

    op.drop_table('erased_addresses')
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolments_alumnus_id'))

    op.drop_table('enrolments')
    with op.batch_alter_table('disclosures', schema=None) as batch_op:
        batch_op.drop_index('ix_disclosures_day')
        batch_op.drop_index('ix_disclosures_alumnus_id_day_id')

    op.drop_table('disclosures')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index('ix_consents_alumnus_id_organisation_id')

    op.drop_table('consents')
    with op.batch_alter_table('consent_proposals', schema=None) as batch_op:
        batch_op.drop_index('uq_consent_proposals_pending', sqlite_where=sa.text('decision IS NULL'), postgresql_where=sa.text('decision IS NULL'))

    op.drop_table('consent_proposals')
    with op.batch_alter_table('colleague_invitations', schema=None) as batch_op:
        batch_op.drop_index('uq_colleague_invitations_organisation_id_email')

    op.drop_table('colleague_invitations')
    op.drop_table('cohort_partners')
    with op.batch_alter_table('approvals', schema=None) as batch_op:
        batch_op.drop_index('ix_approvals_asked_by_id')

    op.drop_table('approvals')
    op.drop_table('users')
    with op.batch_alter_table('stated_with', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stated_with_organisation_id'))

    op.drop_table('stated_with')
    op.drop_table('sharing_statements')
    with op.batch_alter_table('shared_with', schema=None) as batch_op:
        batch_op.drop_index('ix_shared_with_organisation_id_alumnus_id')

    op.drop_table('shared_with')
    op.drop_table('retention_asks')
    op.drop_table('oidc_rules')
    op.drop_table('not_same_person')
    with op.batch_alter_table('mails', schema=None) as batch_op:
        batch_op.drop_index('ix_mails_subject')
        batch_op.drop_index('ix_mails_state_not_before')
        batch_op.drop_index(batch_op.f('ix_mails_alumnus_id'))

    op.drop_table('mails')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index('ix_events_starts_at_id')
        batch_op.drop_index(batch_op.f('ix_events_series_id'))

    op.drop_table('events')
    with op.batch_alter_table('cohorts', schema=None) as batch_op:
        batch_op.drop_index('ix_cohorts_starts_on_id')
        batch_op.drop_index(batch_op.f('ix_cohorts_course_id'))

    op.drop_table('cohorts')
    with op.batch_alter_table('availability_periods', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_availability_periods_alumnus_id'))

    op.drop_table('availability_periods')
    with op.batch_alter_table('alumnus_themes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alumnus_themes_theme_id'))

    op.drop_table('alumnus_themes')
    with op.batch_alter_table('alumnus_terms', schema=None) as batch_op:
        batch_op.drop_index('ix_alumnus_terms_alumnus_id')

    op.drop_table('alumnus_terms')
    op.drop_table('alumnus_photos')
    with op.batch_alter_table('alumnus_languages', schema=None) as batch_op:
        batch_op.drop_index('ix_alumnus_languages_language_code_level')

    op.drop_table('alumnus_languages')
    with op.batch_alter_table('alumnus_emails', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alumnus_emails_alumnus_id'))

    op.drop_table('alumnus_emails')
    with op.batch_alter_table('agreements', schema=None) as batch_op:
        batch_op.drop_index('ix_agreements_organisation_id_starts_on')

    op.drop_table('agreements')
    op.drop_table('themes')
    op.drop_table('spent_challenges')
    op.drop_table('sign_in_failures')
    op.drop_table('organisations')
    with op.batch_alter_table('oidc_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_oidc_answers_taken_at'))

    op.drop_table('oidc_answers')
    op.drop_table('matching_weights')
    op.drop_table('event_series')
    op.drop_table('courses')
    op.drop_table('consent_erasures')
    op.drop_table('columns_version')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entries_verb'))
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index(batch_op.f('ix_audit_entries_actor_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entries_about_id'))

    op.drop_table('audit_entries')
    with op.batch_alter_table('audit_denials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_denials_minute'))

    op.drop_table('audit_denials')
    with op.batch_alter_table('alumni', schema=None) as batch_op:
        batch_op.drop_index('ix_alumni_sort_name_id')
        batch_op.drop_index('ix_alumni_shown_sort_id')
        batch_op.drop_index('ix_alumni_country_code_status')

    op.drop_table('alumni')
    if is_postgresql:
        op.execute("DROP FUNCTION consents_stay()")
