"""Staff pages: the organisations whose people use the registry. Only an administrator changes them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, staff_read
from bsm_alumni.organisations import service
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.forms import KINDS, NewOrganisationForm, OrganisationForm
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.queries_list import count_organisations, organisations_page
from bsm_alumni.organisations.words import group_names
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("organisations_staff", __name__)


@bp.get("")
@access(staff_read)
def organisations() -> ResponseReturnValue:
    """The organisations in use, or the archived ones."""
    archived = request.args.get("archived") == "1"
    return render_template(
        "organisations/staff_organisations.html",
        page=organisations_page(archived, request.args.get("after"), request.args.get("before")),
        total=count_organisations(archived),
        archived=archived,
        kinds=KINDS,
        group_names=group_names,
    )


@bp.get("/new")
@access(admin_only)
def new() -> ResponseReturnValue:
    """The empty form of an organisation."""
    return render_template("organisations/staff_new.html", form=NewOrganisationForm())


@bp.post("/new")
@access(admin_only)
def create() -> ResponseReturnValue:
    """Add an organisation."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        try:
            kind = OrganisationKind(form.kind.data)
            added = service.create_organisation(form.code.data or "", form.name.data or "", kind)
            told = _("%(code)s is added. Add its users and an agreement next; each alumnus chooses.", code=added.code)
            flash(told, "success")
            return redirect(url_for(".organisations"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("organisations/staff_new.html", form=form), 422


@bp.get("/<int:organisation_id>/edit")
@access(admin_only)
def edit(organisation_id: int) -> ResponseReturnValue:
    """The form with an organisation."""
    shown = _organisation_or_404(organisation_id)
    return render_template("organisations/staff_edit.html", form=OrganisationForm(obj=shown), organisation=shown)


@bp.post("/<int:organisation_id>/edit")
@access(admin_only)
def save(organisation_id: int) -> ResponseReturnValue:
    """Change an organisation."""
    shown, form = _organisation_or_404(organisation_id), OrganisationForm()
    if form.validate_on_submit():
        try:
            service.edit_organisation(shown, form.code.data or "", form.name.data or "")
            flash(_("%(code)s is saved.", code=shown.code), "success")
            return redirect(url_for(".organisations"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("organisations/staff_edit.html", form=form, organisation=shown), 422


@bp.post("/<int:organisation_id>/archive")
@access(admin_only)
def archive(organisation_id: int) -> ResponseReturnValue:
    """Put a partner away."""
    try:
        service.archive_organisation(_organisation_or_404(organisation_id))
        flash(_("The partner is archived. It can no longer be chosen."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".organisations"))


@bp.post("/<int:organisation_id>/restore")
@access(admin_only)
def restore(organisation_id: int) -> ResponseReturnValue:
    """Take a partner out of the archive."""
    service.restore_organisation(_organisation_or_404(organisation_id))
    flash(_("The partner is in use again."), "success")
    return redirect(url_for(".organisations"))


def _organisation_or_404(organisation_id: int) -> Organisation:
    try:
        return get_organisation(organisation_id)
    except LookupError:
        abort(404)
