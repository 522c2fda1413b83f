"""States of a mail in the outbox."""

import enum


class MailState(enum.StrEnum):
    """``held`` waits for a person's review; ``queued`` waits for the worker."""

    HELD = "held"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
