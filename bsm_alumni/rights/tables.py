"""One decision for each table: how rows about a person are found, what of them is handed out, what becomes of them.

A test holds that every table stands here or in NOBODY, so that a new table without a decision fails it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.mail.enums import MailState
from bsm_alumni.rights.enums_tables import Fate
from bsm_alumni.rights.person import Person

Where = Callable[[sa.Table, Person], sa.ColumnElement[bool]]

TOMBSTONE = "Erased person"


@dataclass(frozen=True, slots=True)
class Held:
    """``left`` is what a blanked row's columns hold afterwards, ``stays`` the columns that are left as they are;
    ``hidden`` are keys and hashes that say nothing to the person and would help a thief of the file."""

    title: Any
    where: Where
    fate: Fate
    left: Mapping[str, Any] = field(default_factory=dict)
    stays: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def _by(*columns: str) -> Where:
    return lambda table, person: sa.or_(*(table.c[name] == person.alumnus_id for name in columns))


def _of_user(column: str) -> Where:
    return lambda table, person: table.c[column].in_(person.user_ids)


def _of_assignment(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    return table.c.assignment_id.in_(person.assignment_ids)


def _mails(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    about = sa.and_(table.c.subject_kind == "assignment", table.c.subject_id.in_(person.assignment_ids))
    to = sa.func.lower(table.c.to_address).in_(person.addresses)
    return sa.or_(table.c.alumnus_id == person.alumnus_id, to, about)


def _addressed(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    return sa.func.lower(table.c.email).in_(person.addresses)


def _rows(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    return table.c.id.in_(person.rows)


def _problems(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    return sa.tuple_(table.c.batch_id, table.c.sheet, table.c.row).in_(person.places)


def _values(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.subject_kind == "alumni", table.c.subject_id == person.alumnus_id)


def _trail(table: sa.Table, person: Person) -> sa.ColumnElement[bool]:
    own = sa.and_(table.c.subject_kind == "alumni", table.c.subject_id == str(person.alumnus_id))
    return sa.or_(table.c.about_id == person.alumnus_id, own, table.c.actor_id.in_(person.user_ids))


PROFILE: dict[str, Any] = {
    "title": "",
    "family_name": "",
    "given_names": "",
    "display_name": TOMBSTONE,
    "latin_name": "",
    "sort_name": "",
    "shown_sort": "",
    "gender": None,
    "country_code": None,
    "agency": "",
    "position": "",
    "phone": "",
    "zone": None,
    "locale": "en",
    "notice_days": 14,
    "quarter_limit": 2,
    "status": AlumnusStatus.ERASED,
    "restricted": True,
    "remarks": "",
    "profile_confirmed_at": None,
}
MAIL: dict[str, Any] = {
    "params": {},
    "to_address": "",
    "last_error": "",
    "sent_subject": "",
    "sent_text": "",
    "state": MailState.CANCELLED,
}

HELD: dict[str, Held] = {
    "alumni": Held(_l("Profile"), _by("id"), Fate.BLANKED, PROFILE, frozenset({"id", "created_at", "updated_at"})),
    "alumnus_emails": Held(_l("Addresses"), _by("alumnus_id"), Fate.DELETED),
    "alumnus_photos": Held(_l("Photo"), _by("alumnus_id"), Fate.DELETED),
    "alumnus_languages": Held(_l("Languages"), _by("alumnus_id"), Fate.DELETED),
    "alumnus_themes": Held(_l("Themes"), _by("alumnus_id"), Fate.DELETED),
    "availability_periods": Held(_l("Days you can or cannot present"), _by("alumnus_id"), Fate.DELETED),
    "alumnus_terms": Held(_l("Words by which you are found"), _by("alumnus_id"), Fate.DELETED),
    "not_same_person": Held(
        _l("Profiles that staff found to be of somebody else"),
        _by("lower_id", "higher_id"),
        Fate.DELETED,
        hidden=frozenset({"lower_id", "higher_id", "evidence"}),
    ),
    "enrolments": Held(
        _l("Cohorts"),
        _by("alumnus_id"),
        Fate.BLANKED,
        {"note": ""},
        frozenset({"id", "cohort_id", "alumnus_id", "result", "created_at"}),
    ),
    "assignments": Held(
        _l("Sessions you were asked for"),
        _by("alumnus_id"),
        Fate.BLANKED,
        {"reason": None, "reason_text": ""},
        frozenset(
            {"id", "slot_id", "event_id", "alumnus_id", "seat", "state", "event_revision", "invited_at", "answer_by"}
            | {"reminded_at", "answered_at", "created_at", "updated_at"}
        ),
    ),
    "assignment_moves": Held(
        _l("Each step of those"),
        _of_assignment,
        Fate.BLANKED,
        {"actor": "", "reason": "", "actor_id": None},
        frozenset({"id", "assignment_id", "from_state", "to_state", "at"}),
    ),
    "invitation_links": Held(
        _l("Links of invitations"), _of_assignment, Fate.DELETED, hidden=frozenset({"nonce", "token_hash"})
    ),
    "plan_marks": Held(_l("Marks that staff set in plans"), _by("alumnus_id"), Fate.DELETED),
    "plan_seats": Held(_l("Seats you had in plans"), _by("alumnus_id"), Fate.DELETED),
    "mails": Held(
        _l("Mails to you"),
        _mails,
        Fate.BLANKED,
        MAIL,
        frozenset({"id", "kind", "dedupe_key", "alumnus_id", "subject_kind", "subject_id", "not_before"})
        | {"attempts", "created_at", "sent_at"},
    ),
    "sharing_statements": Held(_l("Your answer about sharing"), _by("alumnus_id"), Fate.DELETED),
    "stated_with": Held(_l("Partners named in an answer you have not confirmed"), _by("alumnus_id"), Fate.DELETED),
    "shared_with": Held(_l("What each partner may see of you"), _by("alumnus_id"), Fate.DELETED),
    "consents": Held(_l("Consents given and taken back, in the words of then"), _by("alumnus_id"), Fate.DELETED),
    "consent_proposals": Held(_l("Consents that staff put down"), _by("alumnus_id"), Fate.DELETED),
    "sharing_asks": Held(
        _l("Mails that asked you about sharing"),
        _by("alumnus_id"),
        Fate.DELETED,
        hidden=frozenset({"nonce", "token_hash"}),
    ),
    "consent_erasures": Held(_l("Consents being deleted"), _by("alumnus_id"), Fate.DELETED),
    "disclosures": Held(_l("Who saw or received what about you"), _by("alumnus_id"), Fate.DELETED),
    "rights_requests": Held(
        _l("Your requests"),
        _by("alumnus_id"),
        Fate.BLANKED,
        {"words": "", "answer": "", "item_id": None},
        frozenset({"id", "alumnus_id", "kind", "item", "state", "asked_at", "due_on", "recorded_by_id"})
        | {"answered_at", "answered_by_id"},
    ),
    "erasures": Held(_l("Erasure of your data"), _by("alumnus_id"), Fate.KEPT),
    "erased_addresses": Held(_l("Addresses kept out"), _by("alumnus_id"), Fate.KEPT, hidden=frozenset({"hash"})),
    "retention_asks": Held(_l("Whether you were asked to stay"), _by("alumnus_id"), Fate.DELETED),
    "users": Held(
        _l("Your account"),
        _by("alumnus_id"),
        Fate.DELETED,
        hidden=frozenset({"password", "fs_uniquifier", "totp_secret", "totp_counter", "webauthn_handle"}),
    ),
    "colleague_invitations": Held(_l("Invitations by a partner"), _addressed, Fate.DELETED),
    "user_sessions": Held(
        _l("Where you were signed in"), _of_user("user_id"), Fate.DELETED, hidden=frozenset({"token_hash"})
    ),
    "one_time_tokens": Held(
        _l("Links sent to sign in"), _of_user("user_id"), Fate.DELETED, hidden=frozenset({"nonce", "token_hash"})
    ),
    "recovery_codes": Held(_l("Recovery codes"), _of_user("user_id"), Fate.DELETED, hidden=frozenset({"code_hash"})),
    "passkeys": Held(
        _l("Passkeys"), _of_user("user_id"), Fate.DELETED, hidden=frozenset({"credential_id", "public_key"})
    ),
    "saved_filters": Held(_l("Filters you keep"), _of_user("user_id"), Fate.DELETED),
    "import_rows": Held(_l("Rows of files you came from"), _rows, Fate.DELETED),
    "import_problems": Held(_l("What was noted of those rows"), _problems, Fate.DELETED),
    "imported_values": Held(_l("What was taken from those rows"), _values, Fate.DELETED),
    "jobs": Held(
        _l("Work that the program did for you"),
        _of_user("actor_id"),
        Fate.BLANKED,
        {"params": {}, "result": None, "error": "", "actor_id": None},
        frozenset({"id", "kind", "state", "progress_done", "progress_total", "attempts", "created_at", "started_at"})
        | {"heartbeat_at", "finished_at"},
    ),
    "audit_entries": Held(
        _l("The trail of what was done"),
        _trail,
        Fate.SHREDDED,
        hidden=frozenset({"salt", "digest", "mac", "shredded"}),
    ),
    "audit_denials": Held(_l("Pages you were refused"), _of_user("actor_id"), Fate.DELETED, hidden=frozenset({"key"})),
}

_LIST = "A list of the programme."
_STAFF = "What staff and partners do; an alumnus has no part in it. Words that name a person are taken out of it."
_SESSION = "A session or cohort, not a person. Words that name a person are taken out of it."
_NUMBERS = "Numbers and keys alone."
# Tables without rows about an alumnus, and why. Their texts are searched when somebody is erased.
NOBODY: dict[str, str] = {
    "agreements": _LIST,
    "approvals": _STAFF,
    "audit_head": _NUMBERS,
    "cohort_partners": _LIST,
    "cohorts": _SESSION,
    "columns_version": _NUMBERS,
    "courses": _SESSION,
    "event_countries": _SESSION,
    "event_languages": _SESSION,
    "event_partners": _SESSION,
    "event_principles": _SESSION,
    "event_series": _SESSION,
    "event_themes": _SESSION,
    "events": _SESSION,
    # Files are dropped when they may hold the person: see `service_erasure`.
    "import_batches": _STAFF,
    "matching_weights": _NUMBERS,
    "oidc_answers": _NUMBERS,
    "oidc_rules": _STAFF,
    "organisations": _LIST,
    # Who is in a file is told by `disclosures`.
    "partner_exports": _STAFF,
    "plan_shorts": _NUMBERS,
    "plan_weights": _NUMBERS,
    "plans": _STAFF,
    "retention_periods": _NUMBERS,
    "saved_mappings": _STAFF,
    "sign_in_failures": "Keyed hashes of addresses, gone after a month.",
    "slots": _SESSION,
    "spent_challenges": _NUMBERS,
    "themes": _LIST,
}
