"""Administrators' pages: who may sign in, and as what."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, fresh
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries_users import count_users, find_user_by_id, standings, users_page
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_factors import reset_factors
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_users import deactivate_user, edit_person, edit_user, end_sessions, reactivate_user
from bsm_alumni.audit.queries import history_of
from bsm_alumni.audit.service import note
from bsm_alumni.audit.service_reads import note_list
from bsm_alumni.organisations.queries import all_organisations
from bsm_alumni.settings import service_admins
from bsm_alumni.settings.forms import NewUserForm, OwnUserForm, UserForm
from bsm_alumni.settings.words import ROLE_NAMES, STANDINGS
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.filtering import asked_text

bp = Blueprint("users_staff", __name__)

admin_again = fresh(admin_only)


@bp.get("")
@access(admin_only)
def users() -> ResponseReturnValue:
    """Users by address: those who may sign in, or those who no longer may."""
    q, active = asked_text(request.args, "q"), request.args.get("show") != "off"
    asked = request.args.get("role", "")
    role = Role(asked) if asked in set(Role) else None
    page = users_page(q, role, active, request.args.get("after"), request.args.get("before"))
    note_list("user.listed", "users", len(page.rows), {"q": q, "role": asked, "show": "" if active else "off"})
    return render_template(
        "settings/staff_users.html",
        page=page,
        total=count_users(q, role, active),
        standings=standings(page.rows),
        standing_words=STANDINGS,
        requests=service_admins.open_requests(),
        q=q,
        role=role.value if role else "",
        active=active,
        role_names=ROLE_NAMES,
    )


@bp.get("/new")
@access(admin_again)
def new() -> ResponseReturnValue:
    """The empty form of a user."""
    return _new_page(_with_choices(NewUserForm()), 200)


@bp.post("/new")
@access(admin_again)
def create() -> ResponseReturnValue:
    """Add a user and write to them; an administrator only once a second one agreed."""
    form = _with_choices(NewUserForm())
    if form.validate_on_submit():
        try:
            flash(_create(form), "success")
            return redirect(url_for(".users"))
        except FieldErrors as found:
            _put(form, found)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return _new_page(form, 422)


def _create(form: NewUserForm) -> str:
    email, name, zone = form.email.data or "", (form.name.data or "").strip(), form.zone.data
    if Role(form.role.data) is Role.ADMIN:
        service_admins.ask_for_new(email, name, zone)
        return _waits_for()
    user = create_user(
        email,
        Role(form.role.data),
        name=name,
        organisation_id=form.organisation_id.data or None,
        zone=zone,
        is_focal_point=form.is_focal_point.data,
    )
    invite(user, current_viewer().name)
    return _("An invitation goes to %(email)s. Its link works once, for a week.", email=user.email)


def _waits_for() -> str:
    names = service_admins.who_could_agree(current_viewer())
    return _("This waits for a second administrator: %(names)s.", names=", ".join(names))


@bp.get("/<int:user_id>")
@access(admin_again)
def user(user_id: int) -> ResponseReturnValue:
    """One user: what they are, where they stand, and what can be done."""
    found = _user_or_404(user_id)
    note("user.read", "users", user_id, about_id=found.alumnus_id)
    form: UserForm | OwnUserForm = OwnUserForm(obj=found) if found.role is Role.ALUMNUS else UserForm(
        obj=found, role=found.role.value, organisation_id=found.organisation_id or 0
    )  # fmt: skip
    return _user_page(found, _with_choices(form), 200)


@bp.post("/<int:user_id>")
@access(admin_again)
def save(user_id: int) -> ResponseReturnValue:
    """Change what a user is."""
    found = _user_or_404(user_id)
    form: Any = _with_choices(OwnUserForm() if found.role is Role.ALUMNUS else UserForm())
    if form.validate_on_submit():
        try:
            flash(_save(found, form), "success")
            return redirect(url_for(".user", user_id=user_id))
        except FieldErrors as errors:
            _put(form, errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return _user_page(found, form, 422)


def _save(found: User, form: Any) -> str:
    name, zone = (form.name.data or "").strip(), form.zone.data
    if found.role is Role.ALUMNUS:
        edit_person(found, name=name, zone=zone)
        return _("Saved.")
    asked = Role(form.role.data)
    if asked is Role.ADMIN and found.role is not Role.ADMIN:
        # The rest is done when the second administrator agrees; until then the user stays what they are.
        edit_person(found, name=name, zone=zone)
        service_admins.ask_for(found)
        return _waits_for()
    edit_user(
        found,
        name=name,
        zone=zone,
        role=asked,
        organisation_id=form.organisation_id.data or None,
        focal=form.is_focal_point.data,
        by=current_viewer().user_id or 0,
    )
    return _("Saved. If role or organisation changed, %(email)s was signed out everywhere.", email=found.email)


@bp.post("/<int:user_id>/invite")
@access(admin_again)
def send_invitation(user_id: int) -> ResponseReturnValue:
    """Write to the user with a new link; the earlier one stops working."""

    def step(found: User) -> str:
        invite(found, current_viewer().name)
        return _("An invitation goes to %(email)s. An earlier link no longer works.", email=found.email)

    return _step(user_id, step)


@bp.post("/<int:user_id>/reset-factors")
@access(admin_again)
def reset(user_id: int) -> ResponseReturnValue:
    """Take the second factors away from somebody who lost them."""

    def step(found: User) -> str:
        if found.id == current_viewer().user_id:
            raise Refused(_("Your own second factors are on the page of your account."))
        reset_factors(found)
        return _("%(email)s is signed out and sets up a new second step at the next sign-in.", email=found.email)

    return _step(user_id, step)


@bp.post("/<int:user_id>/end-sessions")
@access(admin_again)
def sign_out(user_id: int) -> ResponseReturnValue:
    """Sign a user out everywhere."""

    def step(found: User) -> str:
        end_sessions(found)
        return _("%(email)s is signed out everywhere.", email=found.email)

    return _step(user_id, step)


@bp.post("/<int:user_id>/deactivate")
@access(admin_again)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let a user in no more."""

    def step(found: User) -> str:
        deactivate_user(found, current_viewer().user_id)
        return _("%(email)s may no longer sign in. What they did stays on record.", email=found.email)

    return _step(user_id, step)


@bp.post("/<int:user_id>/reactivate")
@access(admin_again)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a user in again; an administrator only once a second one agreed."""

    def step(found: User) -> str:
        if found.role is Role.ADMIN and not found.active:
            service_admins.ask_for(found)
            return _waits_for()
        reactivate_user(found)
        return _("%(email)s may sign in again.", email=found.email)

    return _step(user_id, step)


def _step(user_id: int, step: Callable[[User], str]) -> ResponseReturnValue:
    found = _user_or_404(user_id)
    try:
        flash(step(found), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".user", user_id=user_id))


def _new_page(form: NewUserForm, status: int) -> ResponseReturnValue:
    return render_template("settings/staff_new_user.html", form=form), status


def _user_page(found: User, form: Any, status: int) -> ResponseReturnValue:
    return render_template(
        "settings/staff_user.html",
        user=found,
        form=form,
        standing=standings([found])[found.id],
        standing_words=STANDINGS,
        role_names=ROLE_NAMES,
        history=history_of("users", found.id, 20),
        requests=[row for row in service_admins.open_requests() if row.params.get("user") == found.id],
        own_id=current_viewer().user_id,
    ), status


def _with_choices(form: Any) -> Any:
    form.fill_choices([(row.id, row.name) for row in all_organisations() if row.archived_at is None])
    return form


def _put(form: Any, found: FieldErrors) -> None:
    form.set_errors(
        {{"organisation": "organisation_id"}.get(name, name): words for name, words in found.errors.items()}
    )


def _user_or_404(user_id: int) -> User:
    return find_user_by_id(user_id) or abort(404)
