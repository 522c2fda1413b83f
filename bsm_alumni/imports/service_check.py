"""Step two: every row is read and compared; every problem is written down. Nothing of the registry is touched."""

from collections import Counter
from dataclasses import dataclass, field
from sys import intern
from typing import Any

import sqlalchemy as sa

from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.imports.cohort_rows import read_cohort
from bsm_alumni.imports.context import Context, KnownCohort
from bsm_alumni.imports.drafts import CohortDraft, EventDraft, PersonDraft, ReadRow
from bsm_alumni.imports.duplicates import PeopleIndex, known_of, name_key
from bsm_alumni.imports.event_rows import read_event
from bsm_alumni.imports.fields import SheetKind
from bsm_alumni.imports.headers import SheetMap
from bsm_alumni.imports.lists import load_context
from bsm_alumni.imports.merging import FirstRow, differences
from bsm_alumni.imports.models import ImportBatch, ImportProblem
from bsm_alumni.imports.people_rows import read_person
from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, problem
from bsm_alumni.imports.registry import load_people
from bsm_alumni.imports.service_read import OF_THE_FILE
from bsm_alumni.imports.sharing import Sharing
from bsm_alumni.imports.stored import ProblemLog, Progress, StoredRow, count_rows, maps_of, rows_of
from bsm_alumni.reference.folding import fold


@dataclass(slots=True)
class Findings:
    """What checking found. `same` is row id → id of the first row of the same person."""

    same: dict[int, int] = field(default_factory=dict)
    unusable: set[int] = field(default_factory=set)
    new: int = 0
    known: int = 0
    sharing: Counter[str] = field(default_factory=Counter)
    cohorts: dict[str, CohortDraft] = field(default_factory=dict)
    known_cohorts: set[str] = field(default_factory=set)
    events: int = 0
    known_events: int = 0

    def summary(self) -> dict[str, Any]:
        """What the preview says."""
        return {
            "people": {"new": self.new, "known": self.known, "merged": len(self.same)},
            "cohorts": {"new": len(self.cohorts.keys() - self.known_cohorts)},
            "events": {"new": self.events},
            "unusable": len(self.unusable),
            "sharing": dict(self.sharing),
        }


def read_row(kind: SheetKind, row: StoredRow, context: Context, sheet: SheetMap) -> ReadRow:
    """Read one row by the rules of its kind of sheet."""
    if kind is SheetKind.ALUMNI:
        return _kept_out(read_person(row.values, context, sheet.order_of("cohort_date")), context)
    if kind is SheetKind.COHORTS:
        return read_cohort(row.values, context, sheet.order_of("start"), sheet.order_of("end"))
    return read_event(row.values, context, sheet.order_of("date"))


def _kept_out(read: ReadRow, context: Context) -> ReadRow:
    """A row with an address of somebody who asked to be erased does not come in, as long as staff do not let it."""
    for address in read.draft.emails if isinstance(read.draft, PersonDraft) else ():
        if context.is_erased(address):
            return ReadRow(None, [*read.problems, problem("asked_to_be_erased", ERROR, address, "email")])
    return read


def known_cohorts_of(batch: ImportBatch) -> Context:
    """The registry's lists with the cohorts of this file added."""
    context, maps = load_context(), maps_of(batch)
    gather = _Cohorts(Findings(), context)
    for rows in rows_of(batch, SheetKind.COHORTS):
        for row in rows:
            draft = read_row(SheetKind.COHORTS, row, context, maps[row.sheet]).draft
            if draft is not None:
                gather.check(row, draft)
    return context


def check_batch(batch: ImportBatch, progress: Progress) -> Findings:
    """Read all rows, write all problems anew, and say what applying would do."""
    db.session.execute(
        sa.delete(ImportProblem).where(ImportProblem.batch_id == batch.id, ImportProblem.kind.not_in(OF_THE_FILE))
    )
    findings, context = Findings(), load_context()
    findings.known_cohorts = set(context.cohorts.by_code)
    total, done = count_rows(batch.id), 0
    maps, log = maps_of(batch), ProblemLog(batch)
    for kind in (SheetKind.COHORTS, SheetKind.ALUMNI, SheetKind.EVENTS):
        checker = _CHECKERS[kind](findings, context)
        for rows in rows_of(batch, kind):
            for row in rows:
                read = read_row(kind, row, context, maps[row.sheet])
                if read.draft is None:
                    findings.unusable.add(row.id)
                else:
                    read.problems.extend(checker.check(row, read.draft))
                log.add(row.sheet, row.row, read.problems)
            log.write()
            done += len(rows)
            progress(done, total)
    batch.report = {**batch.report, "preview": {"rows": total, **findings.summary()}}
    db.session.flush()
    return findings


class _People:
    """Compares people with those met before, in this file and in the registry."""

    def __init__(self, findings: Findings, context: Context) -> None:
        self.findings = findings
        self.index: PeopleIndex | None = None
        self.answers: dict[tuple[str, str], Sharing] = {}

    def check(self, row: StoredRow, draft: Any) -> list[Problem]:
        self.index = self.index or load_people()
        meeting = self.index.meet(draft)
        remarks = [
            problem("address_of_another", WARNING, address, "email", other=owner.name, where=owner.where)
            for address, owner in meeting.taken
        ]
        known = meeting.same
        if known is not None and known.row:
            first: FirstRow = known.first
            self.findings.same[row.id] = first.id
            self.index.add_emails(known, draft.emails)
            code = "same_person_address" if meeting.how == "address" else "same_person_name"
            remarks.append(problem(code, NOTE, draft.name.display, "family_name", row=known.row))
            return [*remarks, *differences(first, draft, known.row)]
        if known is not None:  # of the registry: later rows of the same person follow this one
            self.findings.known += 1
            known.sheet, known.row = row.sheet, row.row
            self.index.add_emails(known, draft.emails)
        else:
            self.findings.new += 1
            known = known_of(draft, row.sheet, row.row)
            self.index.add(known, draft.emails, name_key(draft.name.family, draft.name.given))
            if meeting.near is not None:
                details = {"other": meeting.near.name, "where": meeting.near.where}
                remarks.append(problem("may_be_same_person", WARNING, draft.name.display, "family_name", **details))
        self.findings.sharing[draft.sharing.answer.value] += 1
        answer = self.answers.setdefault((draft.sharing.answer.value, draft.sharing.words), draft.sharing)
        known.first = FirstRow(row.id, draft.country, intern(draft.agency), intern(draft.position), answer)
        return remarks


class _Cohorts:
    """Gathers cohorts, so that people of the same file can refer to them."""

    def __init__(self, findings: Findings, context: Context) -> None:
        self.findings, self.context = findings, context

    def check(self, row: StoredRow, draft: Any) -> list[Problem]:
        assert isinstance(draft, CohortDraft)
        if draft.code not in self.findings.cohorts:
            self.findings.cohorts[draft.code] = draft
            known = KnownCohort(draft.code, draft.course, draft.venue, draft.start, draft.end)
            if draft.code not in self.context.cohorts.by_code:
                self.context.cohorts.add(known)
                if draft.code_made:
                    return [problem("code_made", NOTE, draft.course[:80], "course", made=draft.code)]
        return []


class _Events:
    """Finds sessions that are known already, or stand twice in the file."""

    def __init__(self, findings: Findings, context: Context) -> None:
        self.findings = findings
        self.known: dict[str, list[Any]] | None = None
        self.seen: dict[tuple[str, Any], int] = {}

    def check(self, row: StoredRow, draft: Any) -> list[Problem]:
        assert isinstance(draft, EventDraft)
        if self.known is None:
            self.known = known_events()
        key = (fold(draft.title), draft.when.start)
        if key in self.seen:
            return [problem("same_event_twice", NOTE, draft.title, "title", row=self.seen[key])]
        self.seen[key] = row.row
        starts = self.known.get(key[0], [])
        if draft.when.start in starts:
            self.findings.known_events += 1
            return []
        self.findings.events += 1
        if starts:
            start = f"{max(starts):%Y-%m-%d %H:%M} UTC"
            return [problem("event_same_title", WARNING, draft.title, "title", start=start)]
        return []


def known_events() -> dict[str, list[Any]]:
    """Folded title → when such sessions begin."""
    known: dict[str, list[Any]] = {}
    for title, start in db.session.execute(sa.select(Event.title, Event.starts_at)):
        known.setdefault(fold(title), []).append(start)
    return known


_CHECKERS: dict[SheetKind, Any] = {
    SheetKind.ALUMNI: _People,
    SheetKind.COHORTS: _Cohorts,
    SheetKind.EVENTS: _Events,
}
