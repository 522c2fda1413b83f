"""Reading the trail."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.rules import CHECKED, READS
from bsm_alumni.audit.rules_list import TrailFilter
from bsm_alumni.audit.service_denials import DENIED, DENIED_AGAIN
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

COLUMNS = (
    "entry", "at", "actor_id", "actor", "verb", "subject_kind", "subject_id", "about", "before", "after", "shredded",
)  # fmt: skip


def history_of(subject_kind: str, subject_id: int | str, limit: int = 50) -> Sequence[AuditEntry]:
    """The latest changes of one thing, newest first; who read it is for the whole trail to tell."""
    return db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id == str(subject_id))
        .where(AuditEntry.verb.not_in(READS))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def _narrowed(narrow: TrailFilter, zone: str, select: sa.Select[Any]) -> sa.Select[Any]:
    if narrow.who.isdecimal() and len(narrow.who) < 10:
        select = select.where(AuditEntry.actor_id == int(narrow.who))
    elif narrow.who:
        select = select.where(AuditEntry.actor.icontains(narrow.who, autoescape=True))
    if narrow.verb:
        select = select.where(AuditEntry.verb == narrow.verb)
    if narrow.kind:
        select = select.where(AuditEntry.subject_kind == narrow.kind)
    if narrow.number:
        select = select.where(AuditEntry.subject_id == narrow.number)
    if narrow.about:
        select = select.where(AuditEntry.about_id == narrow.about)
    if narrow.denied:
        select = select.where(AuditEntry.verb.in_([DENIED, DENIED_AGAIN]))
    first, until = narrow.period(zone)
    if first:
        select = select.where(AuditEntry.at >= first)
    if until:
        select = select.where(AuditEntry.at < until)
    return select


def trail_page(
    narrow: TrailFilter, zone: str, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[AuditEntry]:
    """A page of the trail, newest first. One query; days are those of ``zone``."""
    select = _narrowed(narrow, zone, sa.select(AuditEntry))
    return page_of(select, [AuditEntry.id], after=after, before=before, size=size, descending=True)


def export_rows(narrow: TrailFilter, zone: str) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS, as the list is sorted."""
    entries = db.session.scalars(
        _narrowed(narrow, zone, sa.select(AuditEntry)).order_by(AuditEntry.id.desc()).execution_options(yield_per=500)
    )
    for entry in entries:
        yield (
            entry.id, entry.at, entry.actor_id, entry.actor, entry.verb, entry.subject_kind, entry.subject_id,
            entry.about_id, _document(entry.before), _document(entry.after), entry.shredded,
        )  # fmt: skip


def _document(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def find_last_check() -> AuditEntry | None:
    """The entry of the last time the worker checked the whole trail."""
    select = sa.select(AuditEntry).where(AuditEntry.verb == CHECKED).order_by(AuditEntry.id.desc()).limit(1)
    return db.session.scalar(select)
