"""A focal point's pages: the users of the own organisation. Everybody else's are as if they were not there."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, focal_point, fresh
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts import service_colleagues
from bsm_alumni.accounts.queries_colleagues import (
    colleagues_page,
    count_colleagues,
    get_colleague,
    get_invitation,
    open_invitations,
)
from bsm_alumni.accounts.queries_users import standings
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_users import reactivate_user
from bsm_alumni.desk.forms_users_partner import ColleagueForm
from bsm_alumni.extensions import utc_now
from bsm_alumni.settings.words import STANDINGS
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("users_partner", __name__)

focal_point_again = fresh(focal_point)


@bp.get("/users")
@access(focal_point)
def users() -> ResponseReturnValue:
    """The organisation's users, those who may sign in or those who no longer may, and who was invited."""
    viewer, active = current_viewer(), request.args.get("show") != "off"
    number = viewer.organisation_id
    page = colleagues_page(number, active, request.args.get("after"), request.args.get("before"))
    return render_template(
        "settings/partner_users.html",
        page=page,
        total=count_colleagues(number, active),
        invitations=open_invitations(number) if active else [],
        now=utc_now(),
        standings=standings(page.rows),
        standing_words=STANDINGS,
        active=active,
        own_id=viewer.user_id,
    )


@bp.get("/users/invite")
@access(focal_point_again)
def invite_form() -> ResponseReturnValue:
    """The form for a colleague."""
    return render_template("settings/partner_invite_user.html", form=ColleagueForm())


@bp.post("/users/invite")
@access(focal_point_again)
def invite_colleague() -> ResponseReturnValue:
    """Invite a colleague, always as a partner user of the own organisation."""
    form = ColleagueForm()
    if form.validate_on_submit():
        try:
            flash(_invited(form.email.data or "", (form.name.data or "").strip()), "success")
            return redirect(url_for(".users"))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return render_template("settings/partner_invite_user.html", form=form), 422


@bp.post("/users/invitations/<int:invitation_id>/again")
@access(focal_point_again)
def invite_again(invitation_id: int) -> ResponseReturnValue:
    """Write once more with a new link; the earlier one stops working."""
    row = get_invitation(current_viewer().organisation_id, invitation_id)
    return _step(lambda: _invited(row.email, row.name))


@bp.post("/users/invitations/<int:invitation_id>/withdraw")
@access(focal_point_again)
def withdraw(invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    row = get_invitation(current_viewer().organisation_id, invitation_id)

    def step() -> str:
        service_colleagues.withdraw_invitation(get_signed_in_user(), row)
        return _("The invitation of %(email)s is taken back.", email=row.email)

    return _step(step)


@bp.post("/users/<int:user_id>/invite")
@access(focal_point_again)
def invite_user(user_id: int) -> ResponseReturnValue:
    """Write to a user whom the programme office made and who did not come in yet."""
    user = get_colleague(current_viewer().organisation_id, user_id)

    def step() -> str:
        invite(user, current_viewer().name)
        return _("An invitation goes to %(email)s. Its link works once, for a week.", email=user.email)

    return _step(step)


@bp.post("/users/<int:user_id>/deactivate")
@access(focal_point_again)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let a colleague in no more."""
    user = get_colleague(current_viewer().organisation_id, user_id)

    def step() -> str:
        service_colleagues.deactivate_colleague(user, get_signed_in_user())
        return _("%(email)s may no longer sign in. What they did stays on record.", email=user.email)

    return _step(step)


@bp.post("/users/<int:user_id>/reactivate")
@access(focal_point_again)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a colleague in again."""
    user = get_colleague(current_viewer().organisation_id, user_id)

    def step() -> str:
        reactivate_user(user)
        return _("%(email)s may sign in again.", email=user.email)

    return _step(step)


def _invited(email: str, name: str) -> str:
    row = service_colleagues.invite_colleague(get_signed_in_user(), email, name)
    return _("An invitation goes to %(email)s. Its link works once, for a week.", email=row.email)


def _step(step: Callable[[], Any]) -> ResponseReturnValue:
    try:
        flash(step(), "success")
    except FieldErrors as found:
        flash(" ".join(found.errors.values()), "error")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".users"))
