"""What a partner is told of a person: the parts that agreement and consent cover, and nothing else; pure."""

from dataclasses import dataclass
from datetime import date, datetime

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.organisations.enums import FieldGroup


@dataclass(frozen=True, slots=True)
class Professional:
    """Work and expertise. ``languages`` are (code, level), ``cohorts`` their codes, ``themes`` names."""

    agency: str
    position: str
    languages: tuple[tuple[str, int], ...] = ()
    themes: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person; the first address is the one written to."""

    emails: tuple[str, ...]
    phone: str


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included, in which the person can or cannot be asked; why is not said."""

    kind: PeriodKind
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Availability:
    """When and how much the person can be asked."""

    zone: str | None
    notice_days: int
    quarter_limit: int
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A session that the person said yes to or gave; ``role`` and ``state`` by their codes."""

    title: str
    starts_at: datetime
    zone: str
    role: str
    state: str


@dataclass(frozen=True, slots=True)
class PartnerAlumnus:
    """A person as a partner sees them: name and country, and each other part only where it is shown; else None.

    Every field here was named to the person who consented; add none without asking them again.
    """

    id: int
    display_name: str
    latin_name: str
    country_code: str | None
    groups: frozenset[FieldGroup]
    professional: Professional | None = None
    contact: Contact | None = None
    availability: Availability | None = None
    sessions: tuple[Session, ...] | None = None
