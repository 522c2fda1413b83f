"""What a row is understood to say, before anything is written: drafts of people, cohorts and events."""

import datetime as dt
from dataclasses import dataclass, field

from bsm_alumni.alumni.enums import Gender
from bsm_alumni.cohorts.enums import EnrolmentResult
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.imports.names import Name
from bsm_alumni.imports.problems import Problem
from bsm_alumni.imports.sharing import Sharing
from bsm_alumni.imports.times import When
from bsm_alumni.reference.levels import Level


@dataclass(slots=True)
class PersonDraft:
    """One row of a register of people; None of its values is a guess without a problem beside it."""

    name: Name
    title: str
    gender: Gender | None
    country: str | None
    agency: str
    position: str
    emails: tuple[str, ...]
    phone: str
    languages: dict[str, Level]
    themes: tuple[str, ...]
    zone: str | None
    zone_said: bool
    sharing: Sharing
    remarks: str
    cohort: str | None
    result: EnrolmentResult


@dataclass(slots=True)
class CohortDraft:
    """One row of a list of cohorts. Rows with one `code` are parts of one cohort."""

    code: str
    code_made: bool
    course: str
    venue: str
    start: dt.date | None
    end: dt.date | None
    partners: tuple[str, ...]
    participants: int | None
    note: str


@dataclass(slots=True)
class EventDraft:
    """One row of a list of sessions."""

    title: str
    series: str
    when: When
    languages: tuple[str, ...]
    outcome_area: str | None
    partners: tuple[str, ...]
    themes: tuple[str, ...]
    principles: tuple[str, ...]
    seats: int
    status: EventStatus
    remarks: str


Draft = PersonDraft | CohortDraft | EventDraft


@dataclass(slots=True)
class ReadRow:
    """A row with its draft; without a draft it stays out, and an error among the problems says why."""

    draft: Draft | None
    problems: list[Problem] = field(default_factory=list)
