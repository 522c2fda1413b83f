"""Forms about events."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from bsm_alumni.events.enums import EventKind, EventStatus
from bsm_alumni.events.forms_times import ClockField, offer, settle, zone_choices
from bsm_alumni.events.models import Event
from bsm_alumni.events.rules import CHOSEN, EventDetails
from bsm_alumni.events.words import KINDS, STATUSES, outcome_label, principle_label
from bsm_alumni.reference.countries import country_name, find_country, suggest_countries
from bsm_alumni.reference.languages import LANGUAGES, UN_LANGUAGES, language_name
from bsm_alumni.reference.programme import OUTCOME_AREAS, PRINCIPLES
from bsm_alumni.reference.zones import ZONES
from bsm_alumni.web.forms import BaseForm, CalendarDateField, at_most, optional, required
from bsm_alumni.web.locale import page_locale


def ticks(label: Any, **options: Any) -> SelectMultipleField:
    """Several of a few: tick boxes."""
    boxes = {"widget": ListWidget(prefix_label=False), "option_widget": CheckboxInput()}
    return SelectMultipleField(label, [optional()], **boxes, **options)


class EventForm(BaseForm):
    """An event as staff write it: times on the wall clock of its zone."""

    seen_at = HiddenField()
    title = StringField(_l("Title"), [required(_l("Write the event's title.")), at_most(300)])
    kind = RadioField(_l("Kind"), choices=[(kind.value, words) for kind, words in KINDS.items()], default="webinar")
    series_id = SelectField(_l("Series"), coerce=int, default=0, validate_choice=False)
    start_day = CalendarDateField(_l("Day"), [required(_l("Choose the day it starts."))])
    start_clock = ClockField(_l("Starts at"), [required(_l("Write when it starts, such as 14:30."))])
    start_choice = RadioField(_l("Which time it starts"), [optional()], choices=[], validate_choice=False)
    end_clock = ClockField(_l("Ends at"), [required(_l("Write when it ends, such as 16:00."))])
    end_day = CalendarDateField(_l("Last day"), [optional()], description=_l("Leave it empty if it ends the same day."))
    end_choice = RadioField(_l("Which time it ends"), [optional()], choices=[], validate_choice=False)
    zone = SelectField(
        _l("Time zone of these clocks"),
        validate_choice=False,
        description=_l("Everyone sees the time on their own clock too."),
    )
    status = RadioField(
        _l("Status"), choices=[(status.value, STATUSES[status]) for status in CHOSEN], default=EventStatus.PLANNED.value
    )
    languages = ticks(_l("Languages"), validate_choice=False)
    other_language = SelectField(_l("Another language"), [optional()], default="", validate_choice=False)
    theme_ids = ticks(_l("Themes"), coerce=int, validate_choice=False)
    outcome_area = SelectField(_l("Outcome area"), [optional()], default="")
    principles = ticks(_l("Cross-cutting principles"))
    partner_ids = ticks(_l("Partners"), coerce=int, validate_choice=False)
    countries = TextAreaField(
        _l("Countries it is about"),
        [optional(), at_most(2000)],
        description=_l("One a line. Leave it empty if it is about none in particular."),
        render_kw={"rows": 3},
    )
    description = TextAreaField(_l("What it is about"), [optional(), at_most(5000)])

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    country_codes: tuple[str, ...] = ()

    def fill_choices(
        self,
        at: datetime,
        viewer_zone: str,
        series: Iterable[tuple[int, str]],
        themes: Iterable[tuple[int, str]],
        partners: Iterable[tuple[int, str]],
        spoken: Iterable[str] = (),
    ) -> None:
        """Give the choices. ``at`` is when offsets are shown for, ``spoken`` the languages it has already."""
        locale = page_locale()
        ticked = list(dict.fromkeys([*UN_LANGUAGES, *spoken]))
        others = sorted((language_name(code, locale), code) for code in LANGUAGES if code not in ticked)
        self.series_id.choices = [(0, _("None")), *series]
        self.zone.choices = zone_choices(at, self.zone.data or "", viewer_zone)
        self.languages.choices = [(code, language_name(code, locale)) for code in ticked]
        self.other_language.choices = [("", _("None")), *[(code, name) for name, code in others]]
        self.theme_ids.choices = list(themes)
        self.outcome_area.choices = [("", _("None")), *[(code, outcome_label(code)) for code in OUTCOME_AREAS]]
        self.principles.choices = [(code, principle_label(code)) for code in PRINCIPLES]
        self.partner_ids.choices = list(partners)

    def show_event(self, event: Event) -> None:
        """Fill the form with an event."""
        starts, ends = (instant.astimezone(ZoneInfo(event.zone)) for instant in (event.starts_at, event.ends_at))
        self.seen_at.data = event.updated_at.isoformat()
        self.title.data, self.kind.data, self.status.data = event.title, event.kind.value, event.status.value
        self.series_id.data, self.zone.data = event.series_id or 0, event.zone
        self.start_day.data, self.start_clock.data, self.end_clock.data = starts.date(), starts.time(), ends.time()
        self.end_day.data = ends.date() if ends.date() != starts.date() else None
        offer(self.start_choice, event.starts_at, event.zone)
        offer(self.end_choice, event.ends_at, event.zone)
        self.languages.data = [row.language_code for row in event.languages]
        self.theme_ids.data = [theme.id for theme in event.themes]
        self.outcome_area.data = event.outcome_area or ""
        self.principles.data = [row.principle for row in event.principles]
        self.partner_ids.data = [partner.id for partner in event.partners]
        self.countries.data = "\n".join(country_name(row.country_code, page_locale()) for row in event.countries)
        self.description.data = event.description

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, then the two instants and the countries; the questions about clocks are errors here."""
        super().validate(extra_validators)
        if self.zone.data not in ZONES:
            self.zone.errors = (_("Choose one of the time zones."),)
        elif self.start_day.data and not (self.start_day.errors or self.end_day.errors):
            if self.start_clock.data:
                self.starts_at = settle(self.start_choice, self.start_day.data, self.start_clock.data, self.zone.data)
            if self.end_clock.data:
                last = self.end_day.data or self.start_day.data
                self.ends_at = settle(self.end_choice, last, self.end_clock.data, self.zone.data)
        self.country_codes = self._read_countries()
        return not self.errors

    def _read_countries(self) -> tuple[str, ...]:
        found: list[str] = []
        for name in filter(None, (part.strip() for part in re.split(r"[\n;]", self.countries.data or ""))):
            country = find_country(name)
            if country is not None:
                found.append(country.code)
                continue
            near = ", ".join(item.name for item in suggest_countries(name, 2))
            words = (
                _("“%(name)s” is not on the list of countries. Is it one of these: %(near)s?", name=name, near=near)
                if near
                else _("“%(name)s” is not on the list of countries. Write its name as the UN does.", name=name)
            )
            self.countries.errors = (*self.countries.errors, words)
        return tuple(dict.fromkeys(found))

    def seen(self) -> datetime | None:
        """When the event that the editor was shown had last been changed; None when it is not known."""
        try:
            return datetime.fromisoformat(self.seen_at.data or "")
        except ValueError:
            return None

    def details(self) -> EventDetails:
        """What was written, trimmed; call after ``validate``. Raises ValueError while a time is open."""
        if self.starts_at is None or self.ends_at is None:
            raise ValueError("The times are not settled.")
        spoken = [*(self.languages.data or ()), self.other_language.data or ""]
        return EventDetails(
            title=" ".join((self.title.data or "").split()),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            zone=self.zone.data,
            kind=EventKind(self.kind.data),
            status=EventStatus(self.status.data),
            series_id=self.series_id.data or None,
            outcome_area=self.outcome_area.data or None,
            description=(self.description.data or "").strip(),
            languages=tuple(dict.fromkeys(code for code in spoken if code in LANGUAGES)),
            countries=self.country_codes,
            principles=tuple(self.principles.data or ()),
            theme_ids=tuple(self.theme_ids.data or ()),
            partner_ids=tuple(self.partner_ids.data or ()),
        )
