"""States of an import."""

import enum


class ImportState(enum.StrEnum):
    """The steps an import goes through; ``failed`` files could not be read."""

    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"


class Severity(enum.StrEnum):
    """``error``: the value stays out until mended, and the row too where it needs that value; ``warning``: it goes in,
    look at it; ``note``: how it was read."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class RowOutcome(enum.StrEnum):
    """What applying a row did."""

    ADDED = "added"
    UPDATED = "updated"
    MERGED = "merged"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
