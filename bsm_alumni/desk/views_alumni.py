"""An alumnus's first page, and who may see them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent
from flask_babel import gettext as _

from bsm_alumni.access import access, alumnus
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.assignments.queries import asked_of, coming_for
from bsm_alumni.consent.enums import SharingAnswer
from bsm_alumni.desk import service_alumni
from bsm_alumni.desk.forms_alumni import SharingForm
from bsm_alumni.desk.links import find_url
from bsm_alumni.desk.queries_alumni import Sharing, profile_completeness, sharing_of
from bsm_alumni.desk.queries_partner import find_shared
from bsm_alumni.desk.words import joined_names, next_step_words, spoken_words
from bsm_alumni.web.errors import FieldErrors, NotThere

bp = Blueprint("alumni_me", __name__)


def own_profile() -> Alumnus:
    """The profile of the person who is signed in."""
    viewer = current_viewer()
    return get_visible(viewer, viewer.alumnus_id or 0)


@bp.get("/")
@access(alumnus)
def home() -> ResponseReturnValue:
    """What is asked, what is next, who sees the person, what the profile lacks."""
    person = own_profile()
    sharing = sharing_of(person)
    complete = profile_completeness(person, sharing)
    return render_template(
        "alumni/me_home.html",
        person=person,
        zone=person.zone or current_viewer().zone,
        asked=asked_of(person.id),
        coming=coming_for(person.id),
        find_url=find_url,
        sharing=sharing,
        complete=complete,
        percent=format_percent(complete.percent / 100),
        next_step=next_step_words(complete.next_part),
    )


@bp.get("/sharing")
@access(alumnus)
def sharing() -> ResponseReturnValue:
    """What partners see, and the question whether they may."""
    person = own_profile()
    held = sharing_of(person)
    form = SharingForm()
    form.fill_choices([partner for partner, _seeing in held.partners])
    form.partners.data = [partner.id for partner, seeing in held.partners if seeing or partner.id in held.stated]
    if held.statement is not None and held.statement.answer is not SharingAnswer.NONE_GIVEN:
        form.answer.data = held.statement.answer.value
    return _sharing_page(form, held, 200)


@bp.post("/sharing")
@access(alumnus)
def answer_sharing() -> ResponseReturnValue:
    """Put the answer down; it counts from the next page that anybody opens."""
    person = own_profile()
    held = sharing_of(person)
    form = SharingForm()
    form.fill_choices([partner for partner, _seeing in held.partners])
    if form.validate_on_submit():
        try:
            service_alumni.answer_sharing(person.id, SharingAnswer(form.answer.data), form.partners.data or [])
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            _say_who_sees(sharing_of(person))
            return redirect(url_for("alumni_me.sharing"))
    return _sharing_page(form, held, 422)


@bp.post("/sharing/<int:organisation_id>")
@access(alumnus)
def switch_partner(organisation_id: int) -> ResponseReturnValue:
    """Open or close the profile to one partner."""
    person = own_profile()
    try:
        service_alumni.switch_partner(person.id, organisation_id, request.form.get("shared") == "1")
    except LookupError as missing:
        raise NotThere(str(missing)) from missing
    _say_who_sees(sharing_of(person))
    return redirect(url_for("alumni_me.home", _anchor="who"))


def _say_who_sees(held: Sharing) -> None:
    names = [partner.name for partner, seeing in held.partners if seeing]
    if names:
        flash(
            _("Saved. These partners may see you from now on: %(partners)s.", partners=joined_names(names)), "success"
        )
    else:
        flash(_("Saved. No partner sees you from now on."), "success")


def _sharing_page(form: SharingForm, held: Sharing, status: int) -> ResponseReturnValue:
    viewer = current_viewer()
    page = render_template(
        "alumni/me_sharing.html",
        form=form,
        sharing=held,
        seen=find_shared(viewer, viewer.alumnus_id or 0),
        spoken_words=spoken_words,
    )
    return page, status
