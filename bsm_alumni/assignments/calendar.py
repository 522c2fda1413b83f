"""Sessions as iCalendar files (RFC 5545), and what calendars are told when they change (iTIP, RFC 5546)."""

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from icalendar import Calendar, vCalAddress, vText
from icalendar import Event as Entry

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.events.words import ROLES
from bsm_alumni.extensions import utc_now
from bsm_alumni.reference.zones import default_zone
from bsm_alumni.web.filters import when

PRODUCT = "-//BSM Alumni//EN"


def zone_of_person(assignment: Assignment) -> str:
    """The zone in which this person reads times: their own, their country's capital's, or the event's."""
    alumnus = assignment.alumnus
    return alumnus.zone or default_zone(alumnus.country_code) or assignment.event.zone


def _host() -> str:
    return str(current_app.extensions["bsm_settings"].host)


def _entry(assignment: Assignment, method: str, address: str | None) -> Entry:
    event = assignment.event
    entry = Entry()
    # One UID for one person's place, whatever happens to it, so that calendars update the same entry.
    entry.add("uid", f"assignment-{assignment.id}@{_host()}")
    entry.add("dtstamp", utc_now())
    entry.add("dtstart", event.starts_at)
    entry.add("dtend", event.ends_at)
    entry.add("summary", event.title)
    entry.add("sequence", event.revision + (1 if method == "CANCEL" else 0))
    if method == "CANCEL":
        entry.add("status", "CANCELLED")
    else:
        entry.add("status", "CONFIRMED" if assignment.state is AssignmentState.ACCEPTED else "TENTATIVE")
    zones = dict.fromkeys([zone_of_person(assignment), event.zone])
    clocks = "\n".join(f"{when(event.starts_at, zone)} [{zone}]" for zone in zones)
    role = str(ROLES[assignment.slot.role])
    entry.add("description", _("Your part: %(role)s", role=role) + "\n" + clocks)
    if address is not None:
        organiser = vCalAddress(f"mailto:no-reply@{_host()}")
        organiser.params["CN"] = vText("BSM Alumni")
        entry.add("organizer", organiser)
        attendee = vCalAddress(f"mailto:{address}")
        accepted = assignment.state is AssignmentState.ACCEPTED
        attendee.params["PARTSTAT"] = vText("ACCEPTED" if accepted else "NEEDS-ACTION")
        # The answer is given on the page; a calendar's own reply would go to nobody.
        attendee.params["RSVP"] = vText("FALSE")
        entry.add("attendee", attendee)
    return entry


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def session_ics(assignment: Assignment, method: str, address: str | None = None) -> bytes:
    """One session as an .ics file. ``method`` REQUEST or CANCEL for a mail to ``address``, PUBLISH for a download.

    Times are UTC and the description says the clocks by zone name; nobody else's address is in it.
    """
    calendar = _calendar(method)
    calendar.add_component(_entry(assignment, method, address))
    return bytes(calendar.to_ical())


def feed_ics(assignments: Iterable[Assignment]) -> bytes:
    """A person's accepted sessions as one calendar to subscribe to."""
    calendar = _calendar("PUBLISH")
    name: Any = _("BSM sessions")
    calendar.add("x-wr-calname", name)
    for assignment in assignments:
        calendar.add_component(_entry(assignment, "PUBLISH", None))
    return bytes(calendar.to_ical())
