"""An alumnus's own profile and availability."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, alumnus
from bsm_alumni.alumni import service_periods
from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.alumni.queries_profile import trainings_of
from bsm_alumni.alumni.words import gender_words
from bsm_alumni.desk import service_alumni
from bsm_alumni.desk.forms_alumni import LimitsForm, OwnPeriodForm, ProfileForm
from bsm_alumni.desk.queries_alumni import accepted_within, today_for
from bsm_alumni.desk.views_alumni import bp, own_profile
from bsm_alumni.desk.words import day_in_words, spoken_words
from bsm_alumni.reference.languages import LANGUAGES, language_name
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.reference.queries import theme_choices
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.locale import page_locale


@bp.get("/profile")
@access(alumnus)
def profile() -> ResponseReturnValue:
    """All that the programme holds about the person."""
    person = own_profile()
    return render_template(
        "alumni/me_profile.html",
        person=person,
        spoken=spoken_words((spoken.language_code, spoken.level) for spoken in person.languages),
        trainings=trainings_of(person.id),
        gender=gender_words(person.gender),
        locale_name=LOCALES.get(person.locale, person.locale),
    )


@bp.post("/profile/confirm")
@access(alumnus)
def confirm_profile() -> ResponseReturnValue:
    """The person says that all of it is right."""
    service_alumni.confirm_profile(own_profile())
    flash(_("Thank you. It is noted that your profile is right as it stands."), "success")
    return redirect(url_for("alumni_me.home"))


@bp.get("/profile/edit")
@access(alumnus)
def edit_profile() -> ResponseReturnValue:
    """The profile to be changed."""
    person = own_profile()
    form = ProfileForm()
    form.show(person)
    form.fill_choices(theme_choices([theme.id for theme in person.themes]), person.country_code)
    return _profile_page(form, person, 200)


@bp.post("/profile/edit")
@access(alumnus)
def save_profile() -> ResponseReturnValue:
    """Save what the person wrote."""
    person = own_profile()
    form = ProfileForm()
    form.fill_choices(theme_choices([theme.id for theme in person.themes]), person.country_code)
    if form.validate_on_submit():
        try:
            service_alumni.edit_own_profile(person, form.written(), form.seen())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            flash(_("Your profile was saved."), "success")
            return redirect(url_for("alumni_me.profile"))
    return _profile_page(form, person, 422)


def _profile_page(form: ProfileForm, person: Alumnus, status: int) -> ResponseReturnValue:
    names = [language_name(code, page_locale()) for code in LANGUAGES]
    page = render_template("alumni/me_profile_edit.html", form=form, person=person, language_names=names)
    return page, status


@bp.get("/availability")
@access(alumnus)
def availability() -> ResponseReturnValue:
    """When the person can be asked, how early and how often."""
    person = own_profile()
    return _availability_page(person, _period_form(), _limits_form(person), 200)


@bp.post("/availability/periods")
@access(alumnus)
def add_period() -> ResponseReturnValue:
    """Add days in which the person can, or cannot, present."""
    person = own_profile()
    form = _period_form()
    if form.validate_on_submit():
        try:
            period = service_periods.add_period(
                person, PeriodKind(form.kind.data), form.starts_on.data, form.ends_on.data, form.note.data or ""
            )
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            _say_period(person, period)
            return redirect(url_for("alumni_me.availability"))
    return _availability_page(person, form, _limits_form(person), 422)


@bp.post("/availability/periods/<int:period_id>/remove")
@access(alumnus)
def remove_period(period_id: int) -> ResponseReturnValue:
    """Take such days away."""
    service_periods.remove_period(own_profile(), period_id)
    flash(_("The days were removed."), "success")
    return redirect(url_for("alumni_me.availability"))


@bp.post("/availability/limits")
@access(alumnus)
def save_limits() -> ResponseReturnValue:
    """Save how early and how often the person wants to be asked."""
    person = own_profile()
    form = LimitsForm()
    if form.validate_on_submit():
        service_alumni.set_limits(person, form.notice_days.data, form.quarter_limit.data)
        flash(_("Saved. Ranking follows it from now on."), "success")
        return redirect(url_for("alumni_me.availability"))
    return _availability_page(person, _period_form(), form, 422)


def _period_form() -> OwnPeriodForm:
    form = OwnPeriodForm()
    form.fill_choices()
    return form


def _limits_form(person: Alumnus) -> LimitsForm:
    return LimitsForm(formdata=None, notice_days=person.notice_days, quarter_limit=person.quarter_limit)


def _say_period(person: Alumnus, period: AvailabilityPeriod) -> None:
    first, last = day_in_words(period.starts_on), day_in_words(period.ends_on)
    if period.kind is PeriodKind.WINDOW:
        flash(_("Saved: you can present from %(first)s to %(last)s.", first=first, last=last), "success")
        return
    flash(_("Saved: you cannot present from %(first)s to %(last)s.", first=first, last=last), "success")
    for title in accepted_within(person, period.starts_on, period.ends_on):
        words = _(
            "You have said yes to “%(title)s” in these days. To step back, open it from your home page.", title=title
        )
        flash(words, "warning")


def _availability_page(
    person: Alumnus, period_form: OwnPeriodForm, limits_form: LimitsForm, status: int
) -> ResponseReturnValue:
    today = today_for(person)
    page = render_template(
        "alumni/me_availability.html",
        periods=[period for period in person.periods if period.ends_on >= today],
        has_windows=any(period.kind is PeriodKind.WINDOW and period.ends_on >= today for period in person.periods),
        past=[period for period in person.periods if period.ends_on < today],
        period_form=period_form,
        limits_form=limits_form,
    )
    return page, status
