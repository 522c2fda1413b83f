"""Staff pages: the themes, which staff extend, and the code lists, which they look up."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.extensions import utc_now
from bsm_alumni.reference import queries, service
from bsm_alumni.reference.countries import COUNTRIES, OBSERVERS, REGIONS, region_name
from bsm_alumni.reference.errors import NoSuchTheme
from bsm_alumni.reference.forms import ThemeForm
from bsm_alumni.reference.languages import LANGUAGES, UN_LANGUAGES
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.programme import OUTCOME_AREAS, PHASES, PRINCIPLES, RESOLUTIONS
from bsm_alumni.reference.words import OUTCOME_AREA_NAMES, PHASE_NAMES, PRINCIPLE_NAMES, THEME_VERBS
from bsm_alumni.reference.zones import ZONES, offset_label
from bsm_alumni.web.errors import FieldErrors
from bsm_alumni.web.locale import page_locale

bp = Blueprint("reference_staff", __name__)


@bp.get("/themes")
@access(staff_read)
def themes() -> ResponseReturnValue:
    """The themes in use, or the archived ones."""
    archived = request.args.get("archived") == "1"
    page = queries.themes_page(archived, request.args.get("after"), request.args.get("before"))
    total = queries.count_themes(archived)
    return render_template("reference/staff_themes.html", page=page, archived=archived, total=total)


@bp.get("/themes/new")
@access(staff_write)
def new_theme() -> ResponseReturnValue:
    """The empty form of a theme."""
    return render_template("reference/staff_new_theme.html", form=ThemeForm())


@bp.post("/themes/new")
@access(staff_write)
def add_theme() -> ResponseReturnValue:
    """Add a theme and show it."""
    form = ThemeForm()
    if form.validate_on_submit():
        try:
            theme = service.add_theme(form.name.data or "")
            flash(_("Theme “%(name)s” is added. It can be chosen from now on.", name=theme.name), "success")
            return redirect(url_for(".theme", theme_id=theme.id))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("reference/staff_new_theme.html", form=form), 422


@bp.get("/themes/<int:theme_id>")
@access(staff_read)
def theme(theme_id: int) -> ResponseReturnValue:
    """One theme: where it is used and what was done to it."""
    shown = _theme_or_404(theme_id)
    return render_template(
        "reference/staff_theme.html",
        row=queries.theme_row(shown),
        history=queries.theme_history(shown),
        verbs=THEME_VERBS,
    )


@bp.get("/themes/<int:theme_id>/edit")
@access(staff_write)
def edit_theme(theme_id: int) -> ResponseReturnValue:
    """The form with the theme's name."""
    shown = _theme_or_404(theme_id)
    return render_template("reference/staff_edit_theme.html", form=ThemeForm(obj=shown), theme=shown)


@bp.post("/themes/<int:theme_id>/edit")
@access(staff_write)
def rename_theme(theme_id: int) -> ResponseReturnValue:
    """Give the theme its new name."""
    shown = _theme_or_404(theme_id)
    form = ThemeForm()
    if form.validate_on_submit():
        try:
            service.rename_theme(shown, form.name.data or "")
            flash(_("The name is saved. Everyone who has this theme keeps it under the new name."), "success")
            return redirect(url_for(".theme", theme_id=theme_id))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("reference/staff_edit_theme.html", form=form, theme=shown), 422


@bp.post("/themes/<int:theme_id>/archive")
@access(staff_write)
def archive_theme(theme_id: int) -> ResponseReturnValue:
    """Take the theme out of the choices."""
    service.archive_theme(_theme_or_404(theme_id))
    flash(_("The theme is archived. It can no longer be chosen; who has it keeps it."), "success")
    return redirect(url_for(".theme", theme_id=theme_id))


@bp.post("/themes/<int:theme_id>/restore")
@access(staff_write)
def restore_theme(theme_id: int) -> ResponseReturnValue:
    """Put the theme among the choices again."""
    service.restore_theme(_theme_or_404(theme_id))
    flash(_("The theme is in use again and can be chosen."), "success")
    return redirect(url_for(".theme", theme_id=theme_id))


@bp.get("/reference")
@access(staff_read)
def reference() -> ResponseReturnValue:
    """The programme's own lists, and the way to the longer ones."""
    return render_template(
        "reference/staff_reference.html",
        areas=[(area.numeral, OUTCOME_AREA_NAMES[area.code]) for area in OUTCOME_AREAS.values()],
        principles=[PRINCIPLE_NAMES[code] for code in PRINCIPLES],
        resolutions=RESOLUTIONS.values(),
        phases=[(PHASE_NAMES[phase.code], phase) for phase in PHASES.values()],
        theme_total=queries.count_themes(),
        state_total=len(COUNTRIES) - len(OBSERVERS),
        observer_total=len(OBSERVERS),
        language_total=len(LANGUAGES),
        zone_total=len(ZONES),
    )


@bp.get("/reference/countries")
@access(staff_read)
def countries() -> ResponseReturnValue:
    """The States of the United Nations by M49 region and sub-region."""
    locale = page_locale()
    groups = [
        (
            region_name(region, locale),
            region_name(subregion, locale),
            [country for country in COUNTRIES.values() if country.subregion == subregion],
        )
        for region, subregions in REGIONS.items()
        for subregion in subregions
    ]
    return render_template("reference/staff_countries.html", groups=groups, observers=OBSERVERS)


@bp.get("/reference/languages")
@access(staff_read)
def languages() -> ResponseReturnValue:
    """The languages, the United Nations' six first."""
    return render_template("reference/staff_languages.html", codes=list(LANGUAGES), un_codes=UN_LANGUAGES)


@bp.get("/reference/zones")
@access(staff_read)
def zones() -> ResponseReturnValue:
    """The time zones with the offset each has now."""
    now = utc_now()
    rows = [(zone, offset_label(zone, now)) for zone in ZONES]
    return render_template("reference/staff_zones.html", rows=rows)


def _theme_or_404(theme_id: int) -> Theme:
    try:
        return queries.get_theme(theme_id)
    except NoSuchTheme:
        abort(404)
