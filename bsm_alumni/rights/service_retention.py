"""How long data is kept: set by administrators who saw what would go, carried out once a day in batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask import current_app

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.database import writing
from bsm_alumni.extensions import UtcDateTime, db, utc_now
from bsm_alumni.rights.enums import Kept
from bsm_alumni.rights.models import RetentionAsk, RetentionPeriod
from bsm_alumni.rights.queries import find_open_erasure
from bsm_alumni.rights.retention import PARTS, Part
from bsm_alumni.rights.rules import DEFAULT_MONTHS, months_before
from bsm_alumni.rights.service_erasures import ask_by_retention

BATCH = 500


@dataclass(frozen=True, slots=True)
class WouldGo:
    """How many rows of a class are past a number of months, and since when the oldest is as it is."""

    months: int
    count: int
    oldest: datetime | None


def periods() -> dict[Kept, RetentionPeriod]:
    """What is set."""
    return {row.kept: row for row in db.session.scalars(sa.select(RetentionPeriod))}


def proposed_months() -> dict[Kept, int]:
    """What is set; before anything was ever set, what we propose."""
    held = {kept: row.months for kept, row in periods().items()}
    return held or dict(DEFAULT_MONTHS)


def preview(months: Mapping[Kept, int]) -> dict[Kept, WouldGo]:
    """What would go now if these were set. One query for each part of a class; nothing is changed."""
    now = utc_now()
    return {kept: _would_go(kept, number, months_before(now, number)) for kept, number in months.items()}


def _would_go(kept: Kept, months: int, before: datetime) -> WouldGo:
    count, oldest = 0, None
    for part in PARTS[kept]:
        since = sa.type_coerce(sa.func.min(part.since), UtcDateTime)
        found, first = db.session.execute(sa.select(sa.func.count(part.key), since).where(*part.past(before))).one()
        count += found
        oldest = min(filter(None, (oldest, first)), default=None)
    return WouldGo(months, count, oldest)


def confirm(months: Mapping[Kept, int], user_id: int | None) -> None:
    """Set the periods, for an administrator who saw the preview; classes that are not named are kept for ever.

    The worker carries them out from its next daily run on.
    """
    held = periods()
    before = {kept.value: row.months for kept, row in held.items()}
    for kept in Kept:
        row = held.get(kept)
        if kept not in months:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = RetentionPeriod(kept=kept)
            db.session.add(row)
        row.months, row.confirmed_at, row.confirmed_by_id = months[kept], utc_now(), user_id
    db.session.flush()
    after = {kept.value: number for kept, number in months.items()}
    record_many([Change("retention.confirmed", "retention_periods", "all", before, after)])


def apply_retention() -> int:
    """The worker's daily duty: let go of what is past its time, and of people who were asked and did not stay.

    Nothing goes of a class that no administrator confirmed. Returns how many rows.
    """
    today = utc_now().date()
    due = [
        (row.kept, row.months)
        for row in periods().values()
        if row.confirmed_at is not None and (row.ran_on is None or row.ran_on < today)
    ]
    db.session.rollback()
    count = 0
    for kept, months in sorted(due):
        try:
            count += _apply(kept, months, today)
        except Exception:
            db.session.rollback()
            current_app.logger.exception("Retention of %s was left for the next sweep", kept)
    return count


def _apply(kept: Kept, months: int, today: date) -> int:
    before, count = months_before(utc_now(), months), 0
    for part in PARTS[kept]:
        while removed := _one_batch(part, before):
            count += removed
    with writing():
        if kept is Kept.PROFILES:
            count += _let_go_of_silent(today)
        row = db.session.get(RetentionPeriod, kept, populate_existing=True)
        if row is not None:
            row.ran_on = today
        if count:
            after = {"count": count, "months": months}
            record_many([Change("retention.applied", "retention_periods", kept.value, {}, after)])
        db.session.commit()
    return count


def _one_batch(part: Part, before: datetime) -> int:
    with writing():
        keys = list(db.session.scalars(sa.select(part.key).where(*part.past(before)).order_by(part.key).limit(BATCH)))
        if keys:
            part.act(keys)
        db.session.commit()
    return len(keys)


def _let_go_of_silent(today: date) -> int:
    """Put down the erasure of those who were asked in time and said nothing; those who confirmed stay."""
    asks = db.session.execute(
        sa.select(RetentionAsk, Alumnus)
        .join(Alumnus, Alumnus.id == RetentionAsk.alumnus_id)
        .where(RetentionAsk.erase_on <= today)
        .order_by(RetentionAsk.alumnus_id)
    ).all()
    count = 0
    for ask, alumnus in asks:
        if alumnus.profile_confirmed_at is not None:
            db.session.delete(ask)
        elif alumnus.status is not AlumnusStatus.ERASED and find_open_erasure(alumnus.id) is None:
            ask_by_retention(alumnus)
            count += 1
    db.session.flush()
    return count
