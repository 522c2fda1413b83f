"""What the pages of events are put together from: filter bar, pills, tabs, the form with its choices."""

from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.events.forms import EventForm
from bsm_alumni.events.models import Event
from bsm_alumni.events.queries import series_choices
from bsm_alumni.events.rules_list import ALL, PAST, UPCOMING, EventFilter
from bsm_alumni.events.words import STATUSES, outcome_label
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.programme import OUTCOME_AREAS
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.filters import day
from bsm_alumni.web.locale import page_locale

Choices = dict[str, list[tuple[Any, str]]]


def filter_choices(narrow: EventFilter) -> Choices:
    """(value, words) for each select of the filter bar. Two queries."""
    locale = page_locale()
    return {
        "status": [(status.value, str(words)) for status, words in STATUSES.items()],
        "series": list(series_choices(narrow.series or None)),
        "outcome": [(code, outcome_label(code)) for code in OUTCOME_AREAS],
        "language": [(code, language_name(code, locale)) for code in LANGUAGES],
        "partner": [(partner.id, partner.code) for partner in active_partners()],
    }


def pills(narrow: EventFilter, choices: Choices) -> list[tuple[str, str]]:
    """Each filter in use in words, with the address of the list without it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if narrow.q:
        found.append((_("“%(text)s”", text=narrow.q), ("q",)))
    for name in ("status", "series", "outcome", "language", "partner"):
        if value := getattr(narrow, name):
            found.append((dict(choices[name]).get(value) or _("Something that is no more"), (name,)))
    if narrow.first and narrow.last:
        words = _("%(first)s to %(last)s", first=day(narrow.first), last=day(narrow.last))
        found.append((words, ("first", "last")))
    elif narrow.first:
        found.append((_("from %(day)s", day=day(narrow.first)), ("first",)))
    elif narrow.last:
        found.append((_("until %(day)s", day=day(narrow.last)), ("last",)))
    return [(words, _list_url(narrow.without(*names))) for words, names in found]


def list_tabs(narrow: EventFilter) -> list[tuple[str, str, bool]]:
    """(words, address, is current): to come, past, all; none is current while a period is chosen."""
    bare, period = narrow.without("first", "last"), bool(narrow.first or narrow.last)
    labels = {UPCOMING: _("To come"), PAST: _("Past"), ALL: _("All")}
    return [
        (words, _list_url(replace(bare, show=show)), not period and show == narrow.show)
        for show, words in labels.items()
    ]


def _list_url(narrow: EventFilter) -> str:
    return url_for("events_staff.events", **narrow.to_args())  # type: ignore[arg-type]


def event_form(viewer: Viewer, event: Event | None = None, fresh: bool = False) -> EventForm:
    """The form with its choices; ``fresh`` shows the event, else what was posted stands. Three queries."""
    form = EventForm()
    if fresh and event is not None:
        form.show_event(event)
    elif not form.is_submitted():
        form.zone.data = viewer.zone
    partners = [(partner.id, partner.name) for partner in active_partners()]
    if event is not None:
        known = {partner_id for partner_id, _name in partners}
        partners += [(partner.id, partner.name) for partner in event.partners if partner.id not in known]
    form.fill_choices(
        at=event.starts_at if event else utc_now(),
        viewer_zone=viewer.zone,
        series=series_choices(event.series_id if event else None),
        themes=theme_choices([theme.id for theme in event.themes] if event else ()),
        partners=partners,
        spoken=[row.language_code for row in event.languages] if event else (),
    )
    return form
