"""What alumni see of themselves: who sees them, and how complete their profile is."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.queries import coming_for
from bsm_alumni.consent.enums import SharingSource
from bsm_alumni.consent.models import SharingStatement
from bsm_alumni.consent.queries import find_statement, partners_seeing, stated_by
from bsm_alumni.desk.rules_profile import Completeness, Part, completeness
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.queries import active_partners

# After a year a profile is looked at again.
FRESH_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Each partner with whether it was let in, the statement behind it, and whether the profile is shown at all."""

    partners: tuple[tuple[Organisation, bool], ...]
    statement: SharingStatement | None
    is_shown: bool
    # The partners that an answer still to be confirmed names.
    stated: frozenset[int] = frozenset()

    @property
    def is_confirmed(self) -> bool:
        """True when the person answered themselves."""
        own = self.statement is not None and self.statement.source is SharingSource.ALUMNUS
        return own and not self.stated


def sharing_of(person: Alumnus) -> Sharing:
    """Who was let in by this person. Four queries."""
    seeing = set(partners_seeing(person.id))
    return Sharing(
        partners=tuple((partner, partner.id in seeing) for partner in active_partners()),
        statement=find_statement(person.id),
        is_shown=person.status is AlumnusStatus.ACTIVE and not person.restricted,
        stated=frozenset(stated_by(person.id)),
    )


def profile_completeness(person: Alumnus, sharing: Sharing) -> Completeness:
    """How much of the profile is there, and what to add next."""
    confirmed = person.profile_confirmed_at
    there = {
        Part.SHARING: sharing.is_confirmed,
        Part.LANGUAGES: bool(person.languages),
        Part.LEVELS: bool(person.languages) and all(spoken.level for spoken in person.languages),
        Part.THEMES: bool(person.themes),
        Part.COUNTRY: person.country_code is not None,
        Part.ZONE: person.zone is not None,
        Part.AGENCY: bool(person.agency),
        Part.POSITION: bool(person.position),
        Part.PHONE: bool(person.phone),
        Part.CHECKED: confirmed is not None and confirmed > utc_now() - FRESH_FOR,
    }
    return completeness(frozenset(part for part, is_there in there.items() if is_there))


def today_for(person: Alumnus) -> date:
    """Today's date where the person is; by UTC where that is not known."""
    return utc_now().astimezone(ZoneInfo(person.zone or "UTC")).date()


def accepted_within(person: Alumnus, first: date, last: date) -> list[str]:
    """Titles of sessions that the person said yes to and that touch these days of theirs, both included."""
    zone = ZoneInfo(person.zone or "UTC")
    return [
        assignment.event.title
        for assignment in coming_for(person.id)
        if assignment.event.starts_at.astimezone(zone).date() <= last
        and assignment.event.ends_at.astimezone(zone).date() >= first
    ]
