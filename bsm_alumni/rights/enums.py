"""What can be asked for, of what, and what became of it."""

import enum


class RequestKind(enum.StrEnum):
    """What the person wants done."""

    CORRECTION = "correction"
    DISPUTE = "dispute"
    RESTRICTION = "restriction"
    ERASURE = "erasure"


class Item(enum.StrEnum):
    """What the person cannot change themselves. Results belong to an enrolment, attendance to an assignment."""

    NAME = "name"
    RESULT = "result"
    ATTENDANCE = "attendance"
    REMARKS = "remarks"
    OTHER = "other"


class RequestState(enum.StrEnum):
    """``open`` requests wait for staff; the others are over."""

    OPEN = "open"
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ErasureState(enum.StrEnum):
    """``asked`` waits for an administrator or its day; ``approved`` is carried out by the worker."""

    ASKED = "asked"
    APPROVED = "approved"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class ErasureWhy(enum.StrEnum):
    """The person asked, or the profile was kept for as long as it may be."""

    ASKED = "asked"
    RETENTION = "retention"


class Kept(enum.StrEnum):
    """Classes of data that are kept for some months only."""

    SIGN_IN_FAILURES = "sign_in_failures"
    SESSIONS = "sessions"
    MAIL_TEXTS = "mail_texts"
    IMPORT_ROWS = "import_rows"
    DISCLOSURES = "disclosures"
    DENIALS = "denials"
    PROFILES = "profiles"
    EVENT_NOTES = "event_notes"
