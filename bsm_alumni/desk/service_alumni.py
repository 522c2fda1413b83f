"""What alumni change of their own: profile and limits. Each change is put into the trail below."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bsm_alumni.accounts.queries import find_user_of_alumnus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.rules_profile import ProfileDetails
from bsm_alumni.alumni.service_profile import PLAIN_FIELDS, edit_alumnus
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now


def edit_own_profile(person: Alumnus, written: dict[str, Any], seen_at: datetime | None) -> None:
    """Change the fields of ``written`` and leave the others as they are; pages and clock follow at once.

    Raises FieldErrors or Refused as ``edit_alumnus`` does.
    """
    edit_alumnus(person, replace(details_of(person), **written), seen_at)
    confirm_profile(person)
    user = find_user_of_alumnus(person.id)
    if user is not None:
        user.locale, user.zone, user.name = person.locale, person.zone or user.zone, person.display_name
    db.session.flush()


def confirm_profile(person: Alumnus) -> None:
    """The person looked at their profile and says that it is right."""
    before = person.profile_confirmed_at
    person.profile_confirmed_at = utc_now()
    db.session.flush()
    record("alumnus.confirmed", person, {"at": before}, {"at": person.profile_confirmed_at})


def set_limits(person: Alumnus, notice_days: int, quarter_limit: int) -> None:
    """How early the person is to be asked, in days, and for how many sessions a quarter at most."""
    edit_alumnus(person, replace(details_of(person), notice_days=notice_days, quarter_limit=quarter_limit))


def details_of(person: Alumnus) -> ProfileDetails:
    """The profile as it stands, as the form of the same would give it."""
    return ProfileDetails(
        display_name=person.display_name,
        **{name: getattr(person, name) for name in PLAIN_FIELDS},
        emails=tuple(email.address for email in person.emails),
        languages={spoken.language_code: spoken.level for spoken in person.languages},
        theme_ids=frozenset(theme.id for theme in person.themes),
    )
