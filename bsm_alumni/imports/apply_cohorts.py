"""Writes cohorts and their courses. Rows with one code are one cohort; courses are told apart by folded title."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.cohorts.models import Cohort, Course, cohort_partners
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.apply_people import Ids
from bsm_alumni.imports.drafts import CohortDraft
from bsm_alumni.imports.enums import RowOutcome
from bsm_alumni.imports.merging import RowRef
from bsm_alumni.imports.problems import WARNING, Problem, problem
from bsm_alumni.imports.provenance import CREATED, Provenance, last_imported
from bsm_alumni.reference.folding import fold

KIND = "cohorts"
COURSES = "courses"
_SCALARS = {"venue": "venue", "start": "starts_on", "end": "ends_on", "participants": "participants"}


@dataclass(slots=True)
class Group:
    """All rows of one cohort."""

    draft: CohortDraft
    refs: list[RowRef]
    periods: dict[str, None] = field(default_factory=dict)


def group_rows(rows: list[tuple[RowRef, CohortDraft]]) -> dict[str, Group]:
    """Code → its rows as one: gaps filled in order, participants added up where the code was made for rows alike."""
    groups: dict[str, Group] = {}
    for ref, draft in rows:
        group = groups.get(draft.code)
        if group is None:
            groups[draft.code] = group = Group(draft, [ref])
        else:
            group.refs.append(ref)
            mine = group.draft
            for name in ("venue", "start", "end"):
                if not getattr(mine, name):
                    setattr(mine, name, getattr(draft, name))
            if mine.start and mine.end and mine.end < mine.start:
                mine.end = None
            if draft.participants is not None and (draft.code_made or mine.participants is None):
                mine.participants = (mine.participants or 0) + draft.participants
            mine.partners += tuple(code for code in draft.partners if code not in mine.partners)
        if draft.note:
            group.periods[draft.note] = None
    for group in groups.values():
        group.draft.note = ", ".join(group.periods)[:500]
    return groups


def write_cohorts(
    groups: dict[str, Group], ids: Ids, provenance: Provenance, batch_id: int
) -> tuple[dict[int, RowOutcome], list[tuple[RowRef, Problem]]]:
    """Add new cohorts and fill known ones; row id → outcome, and what was kept against the file."""
    outcomes: dict[int, RowOutcome] = {}
    kept: list[tuple[RowRef, Problem]] = []
    known = {
        cohort.code: cohort
        for start in range(0, len(groups), 500)
        for cohort in db.session.scalars(
            sa.select(Cohort).where(Cohort.code.in_(list(groups)[start : start + 500])).order_by(Cohort.id)
        )
    }
    earlier = last_imported(KIND, [cohort.id for cohort in known.values()]) if known else {}
    new = [group for code, group in groups.items() if code not in known]
    _add(new, ids, provenance, batch_id)
    for group in new:
        outcomes |= {ref.id: RowOutcome.MERGED for ref in group.refs}
        outcomes[group.refs[0].id] = RowOutcome.ADDED
    for code, cohort in known.items():
        group = groups[code]
        changed = _fill(cohort, group, earlier, provenance, kept)
        if changed:
            after = {"import": batch_id, **{name: after for name, (_, after) in changed.items()}}
            before = {name: before for name, (before, _) in changed.items()}
            record_many([Change("cohort.updated_by_import", KIND, cohort.id, before, after)])
        outcomes |= {ref.id: RowOutcome.UNCHANGED for ref in group.refs}
        if changed:
            outcomes[group.refs[0].id] = RowOutcome.UPDATED
    db.session.flush()
    return outcomes, kept


def _courses(new: list[Group], provenance: Provenance, batch_id: int) -> dict[str, int]:
    """Folded title → course, made where there is none."""
    courses = {fold(title): one for one, title in db.session.execute(sa.select(Course.id, Course.title))}
    changes = []
    for group in new:
        key = fold(group.draft.course)
        if key not in courses:
            course = Course(title=group.draft.course)
            db.session.add(course)
            db.session.flush()
            courses[key] = course.id
            provenance.add(group.refs[0], COURSES, course.id, CREATED, None, course.title)
            after = {"import": batch_id, "title": course.title}
            changes.append(Change("course.imported", COURSES, course.id, {}, after))
    record_many(changes)
    return courses


def _add(new: list[Group], ids: Ids, provenance: Provenance, batch_id: int) -> None:
    if not new:
        return
    courses, now = _courses(new, provenance, batch_id), utc_now()
    rows = [
        {
            "code": group.draft.code,
            "course_id": courses[fold(group.draft.course)],
            "venue": group.draft.venue,
            "starts_on": group.draft.start,
            "ends_on": group.draft.end,
            "participants": group.draft.participants,
            "note": group.draft.note,
            "created_at": now,
        }
        for group in new
    ]
    made = db.session.scalars(sa.insert(Cohort).returning(Cohort.id, sort_by_parameter_order=True), rows).all()
    partners: list[dict[str, int]] = []
    changes = []
    for cohort_id, group, row in zip(made, new, rows, strict=True):
        ids.cohorts[group.draft.code] = cohort_id
        partners += [
            {"cohort_id": cohort_id, "organisation_id": ids.partners[code]}
            for code in group.draft.partners
            if code in ids.partners
        ]
        provenance.add(group.refs[0], KIND, cohort_id, CREATED, None, group.draft.code)
        for name in ("code", "course", "venue", "start", "end", "participants"):
            if (value := getattr(group.draft, name)) is not None:
                provenance.add(group.refs[0], KIND, cohort_id, name, None, value)
        changes.append(Change("cohort.imported", KIND, cohort_id, {}, {"import": batch_id, **row}))
    if partners:
        db.session.execute(sa.insert(cohort_partners), partners)
    record_many(changes)


def _fill(
    cohort: Cohort,
    group: Group,
    earlier: dict[tuple[int, str], Any],
    provenance: Provenance,
    kept: list[tuple[RowRef, Problem]],
) -> dict[str, tuple[Any, Any]]:
    changed: dict[str, tuple[Any, Any]] = {}
    for name, column in _SCALARS.items():
        value, current = getattr(group.draft, name), getattr(cohort, column)
        before = earlier.get((cohort.id, name))
        if value in (None, "") or value == current or before == _plain(value):
            continue
        if current in (None, "") or before == _plain(current):
            setattr(cohort, column, value)
            changed[name] = (current, value)
            provenance.add(group.refs[0], KIND, cohort.id, name, current, value)
        else:
            other = str(_plain(current))
            kept.append((group.refs[0], problem("kept_registry_value", WARNING, str(value), name, other=other)))
    return changed


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
