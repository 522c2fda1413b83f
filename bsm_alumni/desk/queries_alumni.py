"""What alumni see of themselves: how complete their profile is, and what lies on their days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.queries import coming_for
from bsm_alumni.desk.queries_sharing import Sharing
from bsm_alumni.desk.rules_profile import Completeness, Part, completeness
from bsm_alumni.extensions import utc_now

# After a year a profile is looked at again.
FRESH_FOR = timedelta(days=365)


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
