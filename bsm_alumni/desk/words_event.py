"""What the trail of an event says, in words."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.desk.rules_home import Risk
from bsm_alumni.events.models import Event
from bsm_alumni.web.filters import when

VERBS: dict[str, Any] = {
    "event.added": _l("Added"),
    "event.edited": _l("Changed"),
    "event.moved": _l("Moved"),
    "event.cancelled": _l("Cancelled"),
    "event.archived": _l("Archived"),
    "event.restored": _l("Taken out of the archive"),
    "event.imported": _l("Taken over from a file"),
    "slot.added": _l("Slot added"),
    "slot.edited": _l("Slot changed"),
    "slot.removed": _l("Slot removed"),
}
FIELDS: dict[str, Any] = {
    "title": _l("title"),
    "kind": _l("kind"),
    "series_id": _l("series"),
    "starts_at": _l("start"),
    "ends_at": _l("end"),
    "zone": _l("time zone"),
    "outcome_area": _l("outcome area"),
    "status": _l("status"),
    "description": _l("description"),
    "languages": _l("languages"),
    "countries": _l("countries"),
    "principles": _l("principles"),
    "themes": _l("themes"),
    "partners": _l("partners"),
    "role": _l("role"),
    "seats": _l("seats"),
    "language": _l("language"),
    "level": _l("level"),
    "theme": _l("theme"),
    "note": _l("note"),
}
RISKS: dict[Risk, Any] = {
    Risk.STATUS: _l("No longer an active alumnus"),
    Risk.RESTRICTED: _l("Restricted since"),
    Risk.BLACKOUT: _l("Not available on that day any more"),
    Risk.WINDOWS: _l("The day is outside the times given"),
    Risk.SHARING: _l("Changed the sharing answer; a partner of the event cannot see them"),
}


def change_words(entry: AuditEntry, event: Event) -> list[str]:
    """One line for each field that an entry changed; times on the event's clock, long texts by name only."""
    if entry.verb.endswith((".added", ".restored", ".archived", ".imported")):
        return []
    lines = []
    for name in FIELDS:
        if name not in entry.after:
            continue
        before, after = entry.before.get(name), entry.after[name]
        if name == "description":
            lines.append(str(FIELDS[name]))
        else:
            parts = {"field": FIELDS[name], "before": _shown(before, event), "after": _shown(after, event)}
            lines.append(_("%(field)s: %(before)s → %(after)s", **parts))
    if reason := entry.after.get("reason"):
        lines.append(_("reason: %(reason)s", reason=reason))
    return lines


def _shown(value: Any, event: Event) -> str:
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    try:
        return when(datetime.fromisoformat(value), event.zone, "short")
    except (TypeError, ValueError):
        return str(value)
