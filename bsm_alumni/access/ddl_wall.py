"""What makes the second wall in PostgreSQL: two roles that own nothing, what they may read, and of which rows.

The statements are made with the tables; the migration that brings the wall runs the same. A table that is named here
nowhere cannot be read behind the wall at all.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from bsm_alumni.extensions import db

PARTNER_ROLE, ALUMNUS_ROLE = "bsm_partner", "bsm_alumnus"
BOTH = (PARTNER_ROLE, ALUMNUS_ROLE)

# Nothing of any person is in these.
OPEN = (
    "cohort_partners",
    "cohorts",
    "courses",
    "event_countries",
    "event_languages",
    "event_partners",
    "event_principles",
    "event_series",
    "event_themes",
    "events",
    "organisations",
    "slots",
    "themes",
)
# Rows of one person, by `alumnus_id`: the person reads their own.
OF_PERSON = (
    "alumnus_emails",
    "alumnus_languages",
    "alumnus_photos",
    "alumnus_terms",
    "alumnus_themes",
    "assignments",
    "availability_periods",
    "consent_proposals",
    "consents",
    "disclosures",
    "enrolments",
    "erasures",
    "mails",
    "rights_requests",
    "shared_with",
    "sharing_asks",
    "sharing_statements",
    "stated_with",
)
# Rows of one user, by `user_id`.
OF_USER = ("one_time_tokens", "passkeys", "recovery_codes", "saved_filters", "user_sessions")
# Rows that hang on an assignment.
OF_ASSIGNMENT = ("assignment_moves", "invitation_links")

# Of the wide tables a partner reads these columns alone: never remarks, notes, reasons, links.
PARTNER_COLUMNS = {
    "alumni": (
        "id",
        "display_name",
        "latin_name",
        "shown_sort",
        "country_code",
        "agency",
        "position",
        "phone",
        "zone",
        "notice_days",
        "quarter_limit",
        "status",
        "restricted",
    ),
    "alumnus_emails": ("id", "alumnus_id", "address", "position"),
    "alumnus_languages": ("alumnus_id", "language_code", "level"),
    "alumnus_terms": ("term", "alumnus_id", "field_bit"),
    "alumnus_themes": ("alumnus_id", "theme_id"),
    "assignments": ("id", "slot_id", "event_id", "alumnus_id", "state"),
    "availability_periods": ("id", "alumnus_id", "kind", "starts_on", "ends_on"),
    "enrolments": ("id", "cohort_id", "alumnus_id"),
    "shared_with": ("alumnus_id", "organisation_id", "groups"),
}
# The field group (`consent.enums.FieldGroup`, as its bit) that opens a table's rows to a partner.
PARTNER_GROUPS = {
    "alumnus_emails": 4,
    "alumnus_languages": 2,
    "alumnus_themes": 2,
    "availability_periods": 8,
    "enrolments": 2,
}

_FUNCTIONS = (
    "CREATE OR REPLACE FUNCTION bsm_number(name text) RETURNS integer LANGUAGE sql STABLE AS "
    "$$ SELECT nullif(current_setting('bsm.' || name, true), '')::integer $$",
    "CREATE OR REPLACE FUNCTION bsm_today() RETURNS date LANGUAGE sql STABLE AS "
    "$$ SELECT nullif(current_setting('bsm.today', true), '')::date $$",
    # What the partner's agreement in force covers; of two, what both cover at most.
    "CREATE OR REPLACE FUNCTION bsm_agreed() RETURNS integer LANGUAGE sql STABLE AS $$ "
    "SELECT coalesce(min(a.groups), 0) FROM agreements a JOIN organisations o ON o.id = a.organisation_id "
    "WHERE a.organisation_id = bsm_number('organisation_id') AND o.archived_at IS NULL AND a.ended_at IS NULL "
    "AND a.starts_on <= bsm_today() AND (a.ends_on IS NULL OR a.ends_on >= bsm_today()) $$",
)


def _shown(column: str, bits: int) -> str:
    """A condition: agreement and consent both cover ``bits`` of the person of ``column``."""
    return (
        "EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) "
        f"AND s.alumnus_id = {column} AND s.groups & (SELECT bsm_agreed()) & {bits} = {bits})"
    )


def _policies() -> Iterable[tuple[str, str, str]]:
    """(table, role, condition) of every row that can be read behind the wall."""
    own_organisation = "organisation_id = (SELECT bsm_number('organisation_id'))"
    own_alumnus = "alumnus_id = (SELECT bsm_number('alumnus_id'))"
    own_user = "user_id = (SELECT bsm_number('user_id'))"
    yield "alumni", ALUMNUS_ROLE, "id = (SELECT bsm_number('alumnus_id'))"
    yield "alumni", PARTNER_ROLE, f"status = 'active' AND NOT restricted AND {_shown('alumni.id', 1)}"
    yield "agreements", PARTNER_ROLE, own_organisation
    yield "agreements", ALUMNUS_ROLE, "true"
    yield "shared_with", PARTNER_ROLE, own_organisation
    yield "users", PARTNER_ROLE, own_organisation
    yield "colleague_invitations", PARTNER_ROLE, own_organisation
    yield "users", ALUMNUS_ROLE, "id = (SELECT bsm_number('user_id'))"
    yield "audit_entries", ALUMNUS_ROLE, "about_id = (SELECT bsm_number('alumnus_id'))"
    for table in OF_PERSON:
        yield table, ALUMNUS_ROLE, own_alumnus
    for table in OF_USER:
        for role in BOTH:
            yield table, role, own_user
    for table in OF_ASSIGNMENT:
        yield table, ALUMNUS_ROLE, f"{table}.assignment_id IN (SELECT id FROM assignments)"
    for table, bit in PARTNER_GROUPS.items():
        # The policy on alumni applies inside: who is restricted or inactive is not there.
        yield (
            table,
            PARTNER_ROLE,
            f"{_shown(f'{table}.alumnus_id', 1 | bit)} AND {table}.alumnus_id IN (SELECT id FROM alumni)",
        )
    names_or_work = f"(field_bit = 1 OR (field_bit = 2 AND {_shown('alumnus_terms.alumnus_id', 3)}))"
    yield "alumnus_terms", PARTNER_ROLE, f"{names_or_work} AND alumnus_id IN (SELECT id FROM alumni)"
    theirs = "event_id IN (SELECT event_id FROM event_partners WHERE " + own_organisation + ")"
    yield (
        "assignments",
        PARTNER_ROLE,
        "state IN ('accepted', 'delivered') AND alumnus_id IN (SELECT id FROM alumni) "
        f"AND ({theirs} OR {_shown('assignments.alumnus_id', 17)})",
    )


def make_role(role: str) -> str:
    """Roles belong to the whole server, so another database of it, or the operator, may have made them before.

    The program must be able to take the role; whoever may already is not granted it again, since only an
    administrator of the role could. Since PostgreSQL 16 whoever made a role is a member that may not take it.
    """
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') "
        f"THEN CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT; END IF; "
        f"IF NOT pg_has_role(CURRENT_USER, '{role}', CASE WHEN current_setting('server_version_num')::int >= 160000 "
        f"THEN 'SET' ELSE 'MEMBER' END) THEN GRANT {role} TO CURRENT_USER; END IF; END $$"
    )


def statements() -> list[str]:
    """Everything that raises the wall, in order; the tables must be there."""
    found: list[str] = []
    for role in BOTH:
        found += [make_role(role), f"GRANT USAGE ON SCHEMA public TO {role}"]
    found += _FUNCTIONS
    walled: dict[str, None] = {}
    granted: set[tuple[str, str]] = set()
    for number, (table, role, condition) in enumerate(_policies()):
        walled[table] = None
        found.append(f"CREATE POLICY wall_{number} ON {table} FOR SELECT TO {role} USING ({condition})")
        if (table, role) not in granted:
            granted.add((table, role))
            columns = (
                f" ({', '.join(PARTNER_COLUMNS[table])})" if role == PARTNER_ROLE and table in PARTNER_COLUMNS else ""
            )
            found.append(f"GRANT SELECT{columns} ON {table} TO {role}")
    found += [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in walled]
    found += [f"GRANT SELECT ON {table} TO {role}" for table in OPEN for role in BOTH]
    return found


def _raise(_target: object, connection: sa.Connection, **_options: object) -> None:
    if connection.dialect.name == "postgresql":
        for statement in statements():
            connection.exec_driver_sql(statement)


sa.event.listen(db.metadata, "after_create", _raise)
