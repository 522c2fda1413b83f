"""A person's own values, part by part, as the example of what a partner would see of them."""

from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.desk.projections import Availability, PartnerAlumnus, Period, Professional, Session
from bsm_alumni.desk.words import joined_names, spoken_words
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.web.filters import country, day, zone_words

MOST = 3


def examples(seen: PartnerAlumnus) -> dict[FieldGroup, list[str]]:
    """The values of each part that ``seen`` has; an empty list where the profile has nothing there."""
    parts = {FieldGroup.IDENTITY: _filled(seen.display_name, seen.latin_name, country(seen.country_code))}
    if seen.professional is not None:
        parts[FieldGroup.PROFESSIONAL] = _professional(seen.professional)
    if seen.contact is not None:
        parts[FieldGroup.CONTACT] = _filled(*seen.contact.emails, seen.contact.phone)
    if seen.availability is not None:
        parts[FieldGroup.AVAILABILITY] = _availability(seen.availability)
    if seen.sessions is not None:
        parts[FieldGroup.ASSIGNMENTS] = _some([_session(session) for session in seen.sessions])
    return parts


def _professional(seen: Professional) -> list[str]:
    spoken = [f"{name} {level}".strip() for name, level in spoken_words(seen.languages)]
    return _filled(
        seen.agency, seen.position, *(joined_names(list(names)) for names in (spoken, seen.themes, seen.cohorts))
    )


def _availability(seen: Availability) -> list[str]:
    days = ngettext("Needs %(num)d day of notice.", "Needs %(num)d days of notice.", seen.notice_days)
    limit = ngettext(
        "Takes on %(num)d session a quarter at most.",
        "Takes on %(num)d sessions a quarter at most.",
        seen.quarter_limit,
    )
    zone = zone_words(seen.zone, utc_now()) if seen.zone else ""
    return [*_filled(zone, days, limit), *_some([_period(period) for period in seen.periods])]


def _period(period: Period) -> str:
    first, last = day(period.starts_on), day(period.ends_on)
    if period.kind is PeriodKind.BLACKOUT:
        return _("cannot be asked from %(first)s to %(last)s", first=first, last=last)
    return _("can be asked from %(first)s to %(last)s", first=first, last=last)


def _session(session: Session) -> str:
    return _("%(session)s, %(day)s", session=session.title, day=day(session.starts_at))


def _some(words: list[str]) -> list[str]:
    more = len(words) - MOST
    if more <= 0:
        return words
    return [*words[:MOST], ngettext("and %(num)d more", "and %(num)d more", more)]


def _filled(*values: str) -> list[str]:
    return [value for value in values if value]
