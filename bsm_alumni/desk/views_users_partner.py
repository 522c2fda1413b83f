"""A focal point's pages: the users of the own organisation. Everybody else's are as if they were not there."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, focal_point, fresh
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries_users import count_users, find_colleague, standings, users_page
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.accounts.service_users import deactivate_colleague, reactivate_user
from bsm_alumni.desk.forms_users_partner import ColleagueForm
from bsm_alumni.settings.words import STANDINGS
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("users_partner", __name__)

focal_point_again = fresh(focal_point)


@bp.get("/users")
@access(focal_point)
def users() -> ResponseReturnValue:
    """The organisation's users: those who may sign in, or those who no longer may."""
    viewer, active = current_viewer(), request.args.get("show") != "off"
    page = users_page(
        role=Role.PARTNER,
        active=active,
        after=request.args.get("after"),
        before=request.args.get("before"),
        organisation_id=viewer.organisation_id or 0,
    )
    return render_template(
        "settings/partner_users.html",
        page=page,
        total=count_users(role=Role.PARTNER, active=active, organisation_id=viewer.organisation_id or 0),
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
    """Add a colleague, always a partner user of the own organisation, and write to them."""
    form, viewer = ColleagueForm(), current_viewer()
    if form.validate_on_submit():
        try:
            user = create_user(
                form.email.data or "",
                Role.PARTNER,
                name=(form.name.data or "").strip(),
                organisation_id=viewer.organisation_id,
                zone=viewer.zone,
            )
            invite(user, viewer.name)
            flash(_("An invitation goes to %(email)s. Its link works once, for a week.", email=user.email), "success")
            return redirect(url_for(".users"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return render_template("settings/partner_invite_user.html", form=form), 422


@bp.post("/users/<int:user_id>/invite")
@access(focal_point_again)
def invite_again(user_id: int) -> ResponseReturnValue:
    """Write to a colleague with a new link; the earlier one stops working."""

    def step(user: User) -> str:
        invite(user, current_viewer().name)
        return _("An invitation goes to %(email)s. An earlier link no longer works.", email=user.email)

    return _step(user_id, step)


@bp.post("/users/<int:user_id>/deactivate")
@access(focal_point_again)
def deactivate(user_id: int) -> ResponseReturnValue:
    """Let a colleague in no more."""

    def step(user: User) -> str:
        deactivate_colleague(user, get_signed_in_user())
        return _("%(email)s may no longer sign in. What they did stays on record.", email=user.email)

    return _step(user_id, step)


@bp.post("/users/<int:user_id>/reactivate")
@access(focal_point_again)
def reactivate(user_id: int) -> ResponseReturnValue:
    """Let a colleague in again."""

    def step(user: User) -> str:
        reactivate_user(user)
        return _("%(email)s may sign in again.", email=user.email)

    return _step(user_id, step)


def _step(user_id: int, step: Callable[[User], str]) -> ResponseReturnValue:
    user = find_colleague(current_viewer().organisation_id, user_id) or abort(404)
    try:
        flash(step(user), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".users"))
