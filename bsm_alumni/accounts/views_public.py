"""The first page: sign-in for visitors, the work list for everyone else."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, public, signed_in
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts import service_sign_in
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.errors import SignInRefused, TooManyTries
from bsm_alumni.accounts.forms import SignInForm
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.locale import local_path

bp = Blueprint("accounts_public", __name__)

HOMES = {Role.PARTNER: "alumni_partner.roster", Role.ALUMNUS: "alumni_me.home"}


@bp.get("/")
@access(public)
def home() -> ResponseReturnValue:
    """The sign-in form, or on to where the person wanted to go, or to the first page of their role."""
    viewer, then = current_viewer(), local_path(request.args.get("next"))
    if viewer.pending_user_id is not None:
        return redirect(f"{url_for('second_factor.ask')}?{urlencode({'next': then})}")
    if viewer.role is not None:
        return redirect(then if then != "/" else url_for(HOMES.get(viewer.role, "staff_home.home")))
    return _page(SignInForm(next=then), then)


@bp.post("/")
@access(public)
def sign_in() -> ResponseReturnValue:
    """Check address and password, then go where the person wanted to go."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            service_sign_in.sign_in(form.email.data or "", form.password.data or "", request.remote_addr or "")
            # The first page sends those on who have still to show a second factor.
            return redirect(url_for(".home", next=local_path(form.next.data)))
        except SignInRefused:
            keep_changes()
            form.set_errors({"": _("Address and password do not fit together. Check both and try again.")})
        except TooManyTries as refusal:
            form.set_errors({"": too_many_words(refusal)})
    return _page(form, local_path(form.next.data)), 422


@bp.post("/sign-out")
@access(signed_in)
def sign_out() -> ResponseReturnValue:
    """End the session on this device."""
    service_sign_in.sign_out(get_signed_in_user())
    answer = redirect(url_for("accounts_public.home"))
    # Pages are not stored, but browsers keep the last ones for the way back.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def too_many_words(refusal: TooManyTries) -> str:
    """How long to wait."""
    return ngettext(
        "There were too many tries. Wait %(num)s minute, then try again.",
        "There were too many tries. Wait %(num)s minutes, then try again.",
        refusal.minutes,
    )


def _page(form: SignInForm, then: str) -> str:
    return render_template("accounts/public_home.html", form=form, next_path=then)
