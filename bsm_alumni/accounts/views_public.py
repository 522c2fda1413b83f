"""The first page: sign-in for visitors, the work list for everyone else."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, public, signed_in
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts import service
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.errors import DemoAccountRefused, SignInRefused
from bsm_alumni.accounts.forms import SignInForm
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.locale import local_path

bp = Blueprint("accounts_public", __name__)

HOMES = {Role.PARTNER: "alumni_partner.roster", Role.ALUMNUS: "alumni_me.home"}


@bp.get("/")
@access(public)
def home() -> ResponseReturnValue:
    """The sign-in form, or on to the first page of the viewer's role."""
    viewer = current_viewer()
    if viewer.role is not None:
        return redirect(url_for(HOMES.get(viewer.role, "staff_home.home")))
    form = SignInForm(next=local_path(request.args.get("next")))
    return render_template("accounts/public_home.html", form=form)


@bp.post("/")
@access(public)
def sign_in() -> ResponseReturnValue:
    """Check address and password, then go where the person wanted to go."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            service.sign_in(form.email.data or "", form.password.data or "", request.remote_addr or "")
            return redirect(local_path(form.next.data))
        except SignInRefused as refusal:
            keep_changes()
            form.set_errors({"": _too_many() if refusal.too_many else _no_match()})
        except DemoAccountRefused:
            form.set_errors({"": _no_match()})
    return render_template("accounts/public_home.html", form=form), 422


def _no_match() -> str:
    return _("Address and password do not fit together. Check both and try again.")


def _too_many() -> str:
    return _("There were too many tries. Wait a quarter of an hour, then try again.")


@bp.post("/sign-out")
@access(signed_in)
def sign_out() -> ResponseReturnValue:
    """End the session on this device."""
    service.sign_out(get_signed_in_user())
    return redirect(url_for("accounts_public.home"))
