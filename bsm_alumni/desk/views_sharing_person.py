"""Staff's page about one person's sharing, and the form by which they put down what the person told them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.consent.disclosures import disclose
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.words import NAMES, group_names
from bsm_alumni.desk import service_sharing_staff as service
from bsm_alumni.desk.forms_sharing import GIVEN, RecordForm
from bsm_alumni.desk.queries_sharing import history_page, sharing_of
from bsm_alumni.desk.words import joined_names
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("sharing_person", __name__)


def _person(alumnus_id: int) -> Alumnus:
    return get_visible(current_viewer(), alumnus_id)


@bp.get("/alumni/<int:alumnus_id>/sharing")
@access(staff_read)
def sharing(alumnus_id: int) -> ResponseReturnValue:
    """Who sees the person and why not more, what waits, and all that was said so far."""
    person = _person(alumnus_id)
    disclose(current_viewer(), [(person.id, {FieldGroup.IDENTITY})], DisclosureWay.PAGE)
    return render_template(
        "consent/staff_person.html",
        person=person,
        sharing=sharing_of(person),
        page=history_page(person.id, request.args.get("after"), request.args.get("before")),
        zone=current_viewer().zone,
        group_names=group_names,
        joined_names=joined_names,
        group_name=NAMES.__getitem__,
        own_words=_("Said by the person."),
    )


@bp.get("/alumni/<int:alumnus_id>/sharing/record")
@access(staff_write)
def new(alumnus_id: int) -> ResponseReturnValue:
    """The form: what the person said, for which partner, and where the proof is."""
    form = RecordForm()
    form.fill_choices(active_partners())
    return _form_page(_person(alumnus_id), form, 200)


@bp.post("/alumni/<int:alumnus_id>/sharing/record")
@access(staff_write)
def put_down(alumnus_id: int) -> ResponseReturnValue:
    """Put it down: a consent waits for a second person or the alumnus, a withdrawal counts at once."""
    person, form = _person(alumnus_id), RecordForm()
    form.fill_choices(active_partners())
    if form.validate():
        given = form.what.data == GIVEN
        try:
            service.put_down(
                current_viewer(),
                person,
                form.organisation.data,
                form.ticked(),
                given=given,
                evidence=form.evidence.data or "",
            )
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
        else:
            if given:
                words = _("Put down. Nothing is shared until a second person or the alumnus confirms it.")
            else:
                words = _("Put down. It counts at once, and the person is told.")
            flash(words, "success")
            return redirect(url_for(".sharing", alumnus_id=person.id))
    return _form_page(person, form, 422)


def _form_page(person: Alumnus, form: RecordForm, status: int) -> ResponseReturnValue:
    return render_template("consent/staff_record.html", person=person, form=form), status
