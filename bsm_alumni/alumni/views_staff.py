"""People, as staff find and read them."""

from typing import Any
from urllib.parse import urlencode

from babel.lists import format_list
from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.queries_users import account_of_alumnus
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.forms import PeriodForm
from bsm_alumni.alumni.queries_export import PLAIN_COLUMNS, plain_rows
from bsm_alumni.alumni.queries_profile import disputes_of, get_visible, trainings_of
from bsm_alumni.alumni.queries_roster import (
    Work,
    cohort_codes,
    count_roster,
    roster_page,
    saved_filters,
    work_of,
)
from bsm_alumni.alumni.queries_sees import partners_of
from bsm_alumni.alumni.rules_roster import RosterFilter, quarter_span, read_filter
from bsm_alumni.alumni.service_filters import ROSTER
from bsm_alumni.alumni.service_photo import has_photo
from bsm_alumni.alumni.words import gender_words, level_words, place_choices, place_words, status_words
from bsm_alumni.audit.queries import history_of
from bsm_alumni.audit.service import note
from bsm_alumni.consent.disclosures import EVERYTHING, WITHOUT_CONTACT, disclose
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.words import group_names
from bsm_alumni.extensions import utc_now
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.exports import FORMATS, table_response
from bsm_alumni.web.filters import day
from bsm_alumni.web.locale import page_locale

bp = Blueprint("alumni_staff", __name__)


@bp.get("/alumni")
@access(staff_read)
def roster() -> ResponseReturnValue:
    """The list of people, narrowed by what the address says."""
    viewer, narrow = current_viewer(), read_filter(request.args)
    page = roster_page(viewer, narrow, request.args.get("after"), request.args.get("before"))
    themes, cohorts = theme_choices(), cohort_codes(narrow.cohort)
    return render_template(
        "alumni/staff_roster.html",
        page=page,
        count=count_roster(viewer, narrow),
        narrow=narrow,
        work=work_of([person.id for person in page.rows], quarter_span(utc_now())),
        no_work=Work(),
        pills=_pills(narrow, dict(themes), dict(cohorts)),
        saved=saved_filters(viewer, ROSTER),
        query=urlencode(narrow.to_args()),
        exports=[(name.upper(), _export_url(narrow, name)) for name in FORMATS],
        choices={
            "place": place_choices(page_locale()),
            "language": [(code, language_name(code, page_locale())) for code in LANGUAGES],
            "level": [(int(level), level_words(level)) for level in Level if level],
            "theme": themes,
            "cohort": cohorts,
            "status": [(one.value, status_words(one)) for one in AlumnusStatus if one is not AlumnusStatus.ERASED],
        },
        level_words=level_words,
        status_words=status_words,
    )


def _pills(narrow: RosterFilter, themes: dict[int, str], cohorts: dict[int, str]) -> list[tuple[str, str]]:
    """Each filter in use in words, with the address of the list without it."""
    locale = page_locale()
    words: list[tuple[str, tuple[str, ...]]] = []
    if narrow.q:
        words.append((_("“%(text)s”", text=narrow.q), ("q",)))
    if narrow.place:
        words.append((place_words(narrow.place, locale), ("place",)))
    if narrow.language:
        words.append((_spoken_words(narrow, locale), ("language", "level")))
    if narrow.theme:
        words.append((themes.get(narrow.theme) or _("A theme that is put away"), ("theme",)))
    if narrow.cohort:
        words.append((cohorts.get(narrow.cohort) or _("Another cohort"), ("cohort",)))
    if narrow.status:
        words.append((status_words(narrow.status), ("status",)))
    if narrow.free_days:
        first, last = (day(free) for free in narrow.free_days)
        words.append((_("Free %(first)s to %(last)s", first=first, last=last), ("free_from", "free_to")))
    return [(text, _roster_url(narrow.without(*names))) for text, names in words]


def _spoken_words(narrow: RosterFilter, locale: str) -> str:
    name, level = language_name(narrow.language, locale), level_words(narrow.level)
    return _("%(language)s, at least %(level)s", language=name, level=level) if level else name


def _roster_url(narrow: RosterFilter) -> str:
    args: dict[str, Any] = narrow.to_args()
    return url_for("alumni_staff.roster", **args)


def _export_url(narrow: RosterFilter, format_: str) -> str:
    args: dict[str, Any] = narrow.to_args()
    return url_for("alumni_staff.export", format=format_, **args)


@bp.get("/alumni/export")
@access(staff_read)
def export() -> ResponseReturnValue:
    """The roster as it is shown, every page of it, as a file; addresses and telephones have a page of their own."""
    format_ = request.args.get("format", "csv")
    if format_ not in FORMATS:
        abort(404)
    viewer, narrow = current_viewer(), read_filter(request.args)
    rows = list(plain_rows(viewer, narrow))
    made = {"kind": "alumni", "contacts": False, "count": len(rows), "format": format_, "filter": narrow.to_args()}
    note("export.made", "users", viewer.user_id or 0, made)
    disclose(viewer, [(row[0], WITHOUT_CONTACT) for row in rows], DisclosureWay.EXPORT)
    return table_response("alumni", format_, PLAIN_COLUMNS, rows)


@bp.get("/alumni/<int:alumnus_id>")
@access(staff_read)
def alumnus(alumnus_id: int) -> ResponseReturnValue:
    """One person: profile, availability, trainings, sharing and history."""
    return render_template("alumni/staff_alumnus.html", **page_of_person(alumnus_id, PeriodForm()))


def page_of_person(alumnus_id: int, period_form: PeriodForm) -> dict[str, Any]:
    """What the page of one person shows. Raises NoSuchAlumnus."""
    person = get_visible(current_viewer(), alumnus_id)
    note("alumni.read", "alumni", person.id)
    disclose(current_viewer(), [(person.id, EVERYTHING)], DisclosureWay.PAGE)
    period_form.fill_choices()
    return {
        "person": person,
        "has_photo": has_photo(person.id),
        "period_form": period_form,
        "trainings": trainings_of(person.id),
        "work": work_of([person.id], quarter_span(utc_now())).get(person.id, Work()),
        "partners": partners_of(person),
        "group_names": group_names,
        "joined_names": _joined,
        "sharing_url": _url_of("sharing_person.sharing", person.id),
        "history": history_of("alumni", person.id),
        "disputes": disputes_of(person.id),
        "request_url": _url_of("rights_staff.record_form", person.id),
        "level_words": level_words,
        "status_words": status_words,
        "gender_words": gender_words,
        "locale_names": LOCALES,
        "now": utc_now(),
        "assignments_url": _url_of("assignments_staff.of_alumnus", person.id),
        "account": account_of_alumnus(person.id),
    }


def _url_of(endpoint: str, alumnus_id: int) -> str | None:
    """A page about the person that a higher room owns; None while there is none."""
    return url_for(endpoint, alumnus_id=alumnus_id) if endpoint in current_app.view_functions else None


def _joined(names: list[str]) -> str:
    return format_list(names, locale=page_locale())
