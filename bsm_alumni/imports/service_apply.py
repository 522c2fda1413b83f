"""Step four: what was read and checked goes into the registry, once, a batch at a time."""

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record, record_many
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.apply_cohorts import group_rows, write_cohorts
from bsm_alumni.imports.apply_events import write_events
from bsm_alumni.imports.apply_people import Ids, add_people
from bsm_alumni.imports.context import Context
from bsm_alumni.imports.drafts import CohortDraft, EventDraft, PersonDraft
from bsm_alumni.imports.duplicates import PeopleIndex
from bsm_alumni.imports.enums import ImportState, RowOutcome
from bsm_alumni.imports.errors import AlreadyApplied, ImportRefused
from bsm_alumni.imports.fields import SheetKind
from bsm_alumni.imports.headers import SheetMap
from bsm_alumni.imports.lists import ensure_lists, load_context
from bsm_alumni.imports.merging import Person, RowRef, gather
from bsm_alumni.imports.models import ImportBatch, ImportRow
from bsm_alumni.imports.provenance import Provenance
from bsm_alumni.imports.registry import load_people
from bsm_alumni.imports.report import final_counts
from bsm_alumni.imports.service_check import check_batch, read_row
from bsm_alumni.imports.stored import (
    ProblemLog,
    Progress,
    StoredRow,
    count_rows,
    maps_of,
    rows_by_id,
    rows_of,
    set_outcomes,
)
from bsm_alumni.imports.update_people import update_people


def claim(batch: ImportBatch) -> None:
    """Take the import for applying. Of two who try at once, the second gets AlreadyApplied."""
    taken = db.session.execute(
        sa.update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state == ImportState.READY)
        .values(state=ImportState.APPLYING)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(batch)
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        if batch.state in (ImportState.READING, ImportState.FAILED):
            raise ImportRefused("not_ready")
        raise AlreadyApplied("already_applied")
    record_many([Change("import.started", "import_batches", batch.id, {"state": "ready"}, {"state": "applying"})])


def apply_batch(batch: ImportBatch, progress: Progress) -> None:
    """Apply an import that was claimed. Begun anew after a stop, it goes on where it stood."""
    if batch.state is not ImportState.APPLYING:
        raise AlreadyApplied("already_applied")
    total = count_rows(batch.id) * 2
    done = 0

    def checked(now: int, _total: int) -> None:
        nonlocal done
        done = now
        progress(now, total)

    ensure_lists()
    same = check_batch(batch, checked).same
    _Apply(batch, same, progress, done, total).run()
    batch.state, batch.applied_at = ImportState.APPLIED, utc_now()
    batch.report = {**batch.report, **final_counts(batch.id)}
    db.session.flush()
    after = {"state": "applied", **{key: batch.report[key] for key in ("rows", "people", "cohorts", "events")}}
    record("import.applied", batch, before={"state": "applying"}, after=after)
    progress(total, total)


class _Apply:
    """One run over the rows. `same` is row id → id of the first row of the same person."""

    def __init__(self, batch: ImportBatch, same: dict[int, int], progress: Progress, done: int, total: int) -> None:
        self.batch, self.batch_id, self.same = batch, batch.id, same
        # What a caller had loaded stays; what a batch of rows loads is let go, so that memory does not grow.
        self.held = set(db.session.identity_map.keys())
        self.progress, self.done, self.total = progress, done, total
        self.others: dict[int, list[int]] = {}
        for row_id, first in same.items():
            self.others.setdefault(first, []).append(row_id)
        self.maps: dict[str, SheetMap] = maps_of(batch)
        headings = {name: {v: k for k, v in sheet.columns.items()} for name, sheet in self.maps.items()}
        self.provenance = Provenance(batch, headings)
        self.log = ProblemLog(batch)
        self.context: Context = load_context()

    def run(self) -> None:
        """Cohorts first, since people refer to them."""
        self._cohorts()
        self.context = load_context()
        self.ids = Ids(self.context)
        self.index: PeopleIndex = load_people()
        for rows in rows_of(self.batch, SheetKind.ALUMNI):
            self._people(rows)
            self._end_batch(len(rows))
        self._events()

    def _end_batch(self, count: int) -> None:
        self.provenance.write()
        self.log.write()
        db.session.flush()
        self.done += count
        self.progress(self.done, self.total)
        for loaded in list(db.session.identity_map.values()):
            if sa.inspect(loaded).key not in self.held and loaded in db.session:  # a parent takes its parts along
                db.session.expunge(loaded)

    def _read(self, kind: SheetKind, row: StoredRow) -> object:
        return read_row(kind, row, self.context, self.maps[row.sheet]).draft

    def _cohorts(self) -> None:
        rows: list[tuple[RowRef, CohortDraft]] = []
        outcomes: dict[int, RowOutcome] = {}
        for batch_rows in rows_of(self.batch, SheetKind.COHORTS):
            for row in batch_rows:
                draft = self._read(SheetKind.COHORTS, row)
                if row.outcome is not None:
                    continue
                if isinstance(draft, CohortDraft):
                    rows.append((RowRef(row.id, row.sheet, row.row), draft))
                else:
                    outcomes[row.id] = RowOutcome.SKIPPED
        if rows:
            written, kept = write_cohorts(group_rows(rows), Ids(self.context), self.provenance, self.batch_id)
            outcomes |= written
            for ref, one in kept:
                self.log.add(ref.sheet, ref.row, [one])
        set_outcomes(outcomes)
        self._end_batch(count_rows(self.batch_id, SheetKind.COHORTS))

    def _people(self, rows: list[StoredRow]) -> None:
        outcomes: dict[int, RowOutcome] = {}
        new: list[Person] = []
        known: list[tuple[int, Person]] = []
        firsts = [row for row in rows if row.id not in self.same and row.outcome is None]
        wanted = [one for row in firsts for one in self.others.get(row.id, ())]
        others = rows_by_id(self.batch, wanted) if wanted else {}
        for row in firsts:
            draft = self._read(SheetKind.ALUMNI, row)
            if not isinstance(draft, PersonDraft):
                outcomes[row.id] = RowOutcome.SKIPPED
                continue
            parts = [(RowRef(row.id, row.sheet, row.row), draft)]
            for other_id in self.others.get(row.id, ()):
                other = others[other_id]
                more = self._read(SheetKind.ALUMNI, other)
                assert isinstance(more, PersonDraft)
                parts.append((RowRef(other.id, other.sheet, other.row), more))
            person = gather(parts, self.context.partners)
            meeting = self.index.meet(person.draft)
            if meeting.same is not None and meeting.same.alumnus_id is not None:
                known.append((meeting.same.alumnus_id, person))
            else:
                new.append(person)
        add_people(new, self.ids, self.index, self.provenance, self.batch_id)
        updates = update_people(known, self.ids, self.index, self.provenance, self.batch_id) if known else {}
        for person in new:
            outcomes |= dict.fromkeys(self.others.get(person.first.id, ()), RowOutcome.MERGED)
            outcomes[person.first.id] = RowOutcome.ADDED
        for alumnus_id, person in known:
            update = updates.get(alumnus_id)
            changed = update is not None and bool(update.after)
            outcome = RowOutcome.UPDATED if changed else RowOutcome.UNCHANGED
            others_outcome = RowOutcome.MERGED if changed else RowOutcome.UNCHANGED
            outcomes |= dict.fromkeys(self.others.get(person.first.id, ()), others_outcome)
            outcomes[person.first.id] = outcome
            if update is not None:
                self.log.add(person.first.sheet, person.first.row, update.kept)
        set_outcomes(outcomes)

    def _events(self) -> None:
        rows: list[tuple[RowRef, EventDraft]] = []
        outcomes: dict[int, RowOutcome] = {}
        for batch_rows in rows_of(self.batch, SheetKind.EVENTS):
            for row in batch_rows:
                draft = self._read(SheetKind.EVENTS, row)
                if row.outcome is not None:
                    continue
                if isinstance(draft, EventDraft):
                    rows.append((RowRef(row.id, row.sheet, row.row), draft))
                else:
                    outcomes[row.id] = RowOutcome.SKIPPED
        if rows:
            outcomes |= write_events(rows, self.ids, self.provenance, self.batch_id)
        set_outcomes(outcomes)
        left_out = sa.update(ImportRow).where(
            ImportRow.batch_id == self.batch_id, ImportRow.left_out.is_(True), ImportRow.outcome.is_(None)
        )
        db.session.execute(left_out.values(outcome=RowOutcome.SKIPPED))
        self._end_batch(count_rows(self.batch_id, SheetKind.EVENTS))
