"""By when requests are answered, and how long data is kept; pure."""

from datetime import date, datetime, timedelta

from bsm_alumni.rights.enums import ErasureState, ErasureWhy, Item, Kept, RequestKind

# A month, as data protection law counts it (GDPR, article 12 (3), as a model).
ANSWER_WITHIN = timedelta(days=30)
# How long somebody is waited for who was asked whether they want to stay.
STAY_WITHIN = timedelta(days=60)

DEFAULT_MONTHS: dict[Kept, int] = {
    Kept.SIGN_IN_FAILURES: 1,
    Kept.SESSIONS: 6,
    Kept.MAIL_TEXTS: 24,
    Kept.IMPORT_ROWS: 12,
    Kept.DISCLOSURES: 60,
    Kept.DENIALS: 12,
    Kept.PROFILES: 36,
    Kept.EVENT_NOTES: 24,
}
# What a dispute can be about; the others name a record that is not theirs to judge.
ITEMS: dict[RequestKind, frozenset[Item]] = {
    RequestKind.CORRECTION: frozenset(Item),
    RequestKind.DISPUTE: frozenset(Item),
    RequestKind.RESTRICTION: frozenset({Item.OTHER}),
    RequestKind.ERASURE: frozenset({Item.OTHER}),
}
# Items that point at one record of their own.
POINTING = frozenset({Item.RESULT, Item.ATTENDANCE})


def due_on(asked: date) -> date:
    """The day by which a request is answered or an erasure carried out."""
    return asked + ANSWER_WITHIN


def days_left(due: date, today: date) -> int:
    """Days until it is due; negative once it is late."""
    return (due - today).days


def is_to_be_done(state: ErasureState, why: ErasureWhy, confirmed: bool, due: date, today: date) -> bool:
    """True for an erasure that the worker carries out now.

    Approved ones at once; those that the person themselves confirmed, or that follow from retention, on their day.
    """
    if state is ErasureState.APPROVED:
        return True
    waits_for_its_day = confirmed or why is ErasureWhy.RETENTION
    return state is ErasureState.ASKED and waits_for_its_day and today >= due


def months_before(now: datetime, months: int) -> datetime:
    """The instant so many months before; the last day of a month where it has no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, now.day - 4, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("Every month has 28 days.")
