"""Takes an import back: what it made goes, what it replaced returns, and what somebody changed since stays, by name."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage, AlumnusTerm, alumnus_themes
from bsm_alumni.audit.service import Change, record, record_many
from bsm_alumni.cohorts.models import Cohort, Course, Enrolment, cohort_partners
from bsm_alumni.consent.models import SharingStatement, StatedWith
from bsm_alumni.events.models import (
    Event,
    EventLanguage,
    EventPrinciple,
    EventSeries,
    Slot,
    event_partners,
    event_themes,
)
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.errors import NotUndoable
from bsm_alumni.imports.models import ImportBatch, ImportedValue
from bsm_alumni.imports.provenance import CREATED
from bsm_alumni.imports.references import changed_since, pointed_at
from bsm_alumni.imports.stored import BATCH, Progress
from bsm_alumni.imports.undo_updates import restore_cohort, restore_person

MOST_NAMED = 200

# A record's own parts, which go with it: (table, its column that points at the record).
_OF_PERSON: tuple[tuple[Any, Any], ...] = (
    (AlumnusEmail, AlumnusEmail.alumnus_id),
    (AlumnusLanguage, AlumnusLanguage.alumnus_id),
    (alumnus_themes, alumnus_themes.c.alumnus_id),
    (AlumnusTerm, AlumnusTerm.alumnus_id),
    (StatedWith, StatedWith.alumnus_id),
    (SharingStatement, SharingStatement.alumnus_id),
    (Enrolment, Enrolment.alumnus_id),
)
_OF_EVENT: tuple[tuple[Any, Any], ...] = (
    (EventLanguage, EventLanguage.event_id),
    (EventPrinciple, EventPrinciple.event_id),
    (event_themes, event_themes.c.event_id),
    (event_partners, event_partners.c.event_id),
    (Slot, Slot.event_id),
)
_OF_COHORT: tuple[tuple[Any, Any], ...] = ((cohort_partners, cohort_partners.c.cohort_id),)

# In this order, so that what points at others goes first.
_KINDS: tuple[tuple[Any, Any, tuple[tuple[Any, Any], ...], str, str], ...] = (
    (Alumnus, Alumnus.display_name, _OF_PERSON, "alumnus.imported", "alumnus.import_undone"),
    (Event, Event.title, _OF_EVENT, "event.imported", "event.import_undone"),
    (EventSeries, EventSeries.title, (), "series.imported", "series.import_undone"),
    (Cohort, Cohort.code, _OF_COHORT, "cohort.imported", "cohort.import_undone"),
    (Course, Course.title, (), "course.imported", "course.import_undone"),
)
_RESTORERS: dict[str, Callable[[int, Sequence[ImportedValue]], tuple[str, list[str]]]] = {
    "alumni": restore_person,
    "cohorts": restore_cohort,
}


def undo_batch(batch: ImportBatch, progress: Progress) -> None:
    """Undo an applied import. Raises NotUndoable when it was not applied, or was undone already."""
    if batch.state is not ImportState.APPLIED:
        raise NotUndoable("not_undoable")
    done = {"removed": 0, "restored": 0}
    kept: list[dict[str, str]] = []
    batch_id = batch.id
    count = sa.select(sa.func.count()).where(ImportedValue.batch_id == batch_id, ImportedValue.field == CREATED)
    total, seen = db.session.scalar(count) or 0, 0
    _restore(batch_id, done, kept)
    for model, name, parts, made_verb, undone_verb in _KINDS:
        for ids in _made(batch_id, model.__tablename__):
            removed = _remove(batch_id, model, name, parts, made_verb, undone_verb, ids, kept)
            done["removed"] += removed
            seen += len(ids)
            progress(seen, total)
    batch.state, batch.undone_at = ImportState.UNDONE, utc_now()
    summary = {**done, "kept": len(kept), "kept_names": kept[:MOST_NAMED]}
    batch.report = {**{k: v for k, v in batch.report.items() if k != "undoing"}, "undo": summary}
    db.session.flush()
    record("import.undone", batch, before={"state": "applied"}, after={"state": "undone", **done, "kept": len(kept)})


def _made(batch_id: int, kind: str) -> Iterator[list[int]]:
    ids = list(
        db.session.scalars(
            sa.select(ImportedValue.subject_id)
            .where(
                ImportedValue.batch_id == batch_id,
                ImportedValue.subject_kind == kind,
                ImportedValue.field == CREATED,
            )
            .order_by(ImportedValue.subject_id)
        )
    )
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _remove(
    batch_id: int,
    model: Any,
    name: Any,
    parts: tuple[tuple[Any, Any], ...],
    made_verb: str,
    undone_verb: str,
    ids: list[int],
    kept: list[dict[str, str]],
) -> int:
    table = model.__tablename__
    names: dict[int, str] = dict(db.session.execute(sa.select(model.id, name).where(model.id.in_(ids))).all())
    own = {getattr(part, "__tablename__", getattr(part, "name", "")) for part, _column in parts}
    changed = changed_since(table, list(names), made_verb) if names else set()
    used = pointed_at(table, list(names), but=own) if names else set()
    if model is Event:
        used |= _events_with_people(list(names))
    if model is Alumnus:
        changed |= _enrolled_since(batch_id, list(names)) - changed
    for one in sorted((changed | used) & names.keys()):
        why = _("changed since") if one in changed else _("in use")
        kept.append({"kind": table, "id": str(one), "name": names[one], "why": why})
    gone = [one for one in names if one not in changed and one not in used]
    if gone:
        for part, column in parts:
            db.session.execute(sa.delete(part).where(column.in_(gone)).execution_options(synchronize_session=False))
        db.session.execute(sa.delete(model).where(model.id.in_(gone)).execution_options(synchronize_session=False))
        record_many([Change(undone_verb, table, one, {"name": names[one]}, {"import": batch_id}) for one in gone])
    return len(gone)


def _events_with_people(ids: list[int]) -> set[int]:
    found = db.session.execute(sa.select(Slot.id, Slot.event_id).where(Slot.event_id.in_(ids)))
    slots: dict[int, int] = dict(found.all())
    return {slots[slot_id] for slot_id in pointed_at("slots", list(slots))} if slots else set()


def _enrolled_since(batch_id: int, ids: list[int]) -> set[int]:
    """People who were put into further cohorts than the import put them into."""
    imported = {
        subject_id: set(after or {})
        for subject_id, after in db.session.execute(
            sa.select(ImportedValue.subject_id, ImportedValue.after).where(
                ImportedValue.batch_id == batch_id,
                ImportedValue.subject_kind == "alumni",
                ImportedValue.field == "enrolments",
                ImportedValue.subject_id.in_(ids),
            )
        )
    }
    rows = db.session.execute(
        sa.select(Enrolment.alumnus_id, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id.in_(ids))
    )
    return {alumnus_id for alumnus_id, code in rows if code not in imported.get(alumnus_id, set())}


def _restore(batch_id: int, done: dict[str, int], kept: list[dict[str, str]]) -> None:
    """Give back what the import replaced in records that were there before it."""
    for kind, restorer in _RESTORERS.items():
        made = (
            sa.select(ImportedValue.subject_id)
            .where(
                ImportedValue.batch_id == batch_id,
                ImportedValue.subject_kind == kind,
                ImportedValue.field == CREATED,
            )
            .scalar_subquery()
        )
        values = db.session.scalars(
            sa.select(ImportedValue)
            .where(
                ImportedValue.batch_id == batch_id,
                ImportedValue.subject_kind == kind,
                ImportedValue.subject_id.not_in(made),
            )
            .order_by(ImportedValue.subject_id, ImportedValue.id.desc())
        ).all()
        by_subject: dict[int, list[ImportedValue]] = {}
        for value in values:
            by_subject.setdefault(value.subject_id, []).append(value)
        for subject_id, changes in by_subject.items():
            name, left = restorer(subject_id, changes)
            if len(left) < len(changes):
                done["restored"] += 1
            if left:
                why = _("changed since: %(fields)s", fields=", ".join(left))
                kept.append({"kind": kind, "id": str(subject_id), "name": name, "why": why})
