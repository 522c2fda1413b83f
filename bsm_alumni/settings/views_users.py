"""Administrators' pages: who may sign in."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries_users import count_users, find_user_by_id, users_page
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_users import deactivate_user, reactivate_user
from bsm_alumni.organisations.queries import all_organisations
from bsm_alumni.settings.forms import UserForm
from bsm_alumni.settings.words import ROLE_NAMES
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("users_staff", __name__)


@bp.get("")
@access(admin_only)
def users() -> ResponseReturnValue:
    """Users by address: those who may sign in, or those who no longer may."""
    q, active = " ".join(request.args.get("q", "").replace("\x00", "").split())[:100], request.args.get("show") != "off"
    asked = request.args.get("role", "")
    role = Role(asked) if asked in set(Role) else None
    return render_template(
        "settings/staff_users.html",
        page=users_page(q, role, active, request.args.get("after"), request.args.get("before")),
        total=count_users(q, role, active),
        q=q,
        role=role.value if role else "",
        active=active,
        role_names=ROLE_NAMES,
        own_id=current_viewer().user_id,
    )


@bp.get("/new")
@access(admin_only)
def new() -> ResponseReturnValue:
    """The empty form of a user."""
    return render_template("settings/staff_new_user.html", form=_form())


@bp.post("/new")
@access(admin_only)
def create() -> ResponseReturnValue:
    """Add a user."""
    form = _form()
    if form.validate_on_submit():
        try:
            user = create_user(
                form.email.data or "",
                Role(form.role.data),
                password=form.password.data,
                name=(form.name.data or "").strip(),
                organisation_id=form.organisation_id.data or None,
                zone=form.zone.data,
            )
            flash(_("%(email)s may sign in now.", email=user.email), "success")
            return redirect(url_for(".users"))
        except FieldErrors as found:
            form.set_errors({{"organisation": "organisation_id"}.get(k, k): v for k, v in found.errors.items()})
    return render_template("settings/staff_new_user.html", form=form), 422


@bp.post("/<int:user_id>/deactivate")
@access(admin_only)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let a user in no more."""
    user = _user_or_404(user_id)
    try:
        deactivate_user(user, current_viewer().user_id)
        flash(_("%(email)s may no longer sign in. What they did stays on record.", email=user.email), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".users"))


@bp.post("/<int:user_id>/reactivate")
@access(admin_only)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a user in again."""
    user = _user_or_404(user_id)
    reactivate_user(user)
    flash(_("%(email)s may sign in again.", email=user.email), "success")
    return redirect(url_for(".users"))


def _form() -> UserForm:
    form = UserForm()
    form.fill_choices([(row.id, row.name) for row in all_organisations() if row.archived_at is None])
    return form


def _user_or_404(user_id: int) -> User:
    return find_user_by_id(user_id) or abort(404)
