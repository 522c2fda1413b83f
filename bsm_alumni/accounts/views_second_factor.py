"""The second factor: shown at sign-in, set up, and looked after later. Passkeys have views of their own."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, fresh, half_signed_in, signed_in
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts import service_factors, service_totp
from bsm_alumni.accounts.errors import TooManyTries
from bsm_alumni.accounts.forms_factors import CodeForm, NewPasskeyForm, RecoveryCodeForm
from bsm_alumni.accounts.rules_recovery import FEW
from bsm_alumni.accounts.service_sessions import get_current_session
from bsm_alumni.accounts.service_sign_in import sign_out
from bsm_alumni.accounts.views_account import LAYOUTS
from bsm_alumni.accounts.views_public import too_many_words
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.web.forms import BaseForm
from bsm_alumni.web.locale import local_path

bp = Blueprint("second_factor", __name__)


def layout() -> str:
    """The frame of the page for whoever is looking; those who are half signed in get the public one."""
    role = current_viewer().role
    return LAYOUTS.get(role, "layouts/staff.html") if role is not None else "layouts/public.html"


# ---- At sign-in ---------------------------------------------------------------------------


@bp.get("/second-factor")
@access(half_signed_in)
def ask() -> ResponseReturnValue:
    """Ask for the second factor; whoever has none yet sets one up."""
    factors = service_factors.factors_of(get_signed_in_user())
    if not factors.any:
        return redirect(url_for(".set_up", next=local_path(request.args.get("next"))))
    return ask_page(CodeForm(), RecoveryCodeForm(), local_path(request.args.get("next")))


@bp.post("/second-factor")
@access(half_signed_in)
def show_code() -> ResponseReturnValue:
    """Take the app's code and let the person in."""
    form = CodeForm()
    row, code = get_current_session(), form.code.data or ""
    if form.validate_on_submit() and _tried(form, lambda: service_factors.show_code(row, code)):
        return redirect(local_path(form.next.data))
    return ask_page(form, RecoveryCodeForm(formdata=None), local_path(form.next.data)), 422


@bp.post("/second-factor/recovery-code")
@access(half_signed_in)
def show_recovery_code() -> ResponseReturnValue:
    """Take a recovery code and let the person in."""
    form = RecoveryCodeForm()
    if form.validate_on_submit() and _tried(form, lambda: _use_recovery_code(form)):
        return redirect(local_path(form.next.data))
    return ask_page(CodeForm(formdata=None), form, local_path(form.next.data)), 422


@bp.post("/second-factor/someone-else")
@access(half_signed_in)
def leave() -> ResponseReturnValue:
    """Give up this half of a sign-in."""
    sign_out(get_signed_in_user())
    return redirect(url_for("accounts_public.home"))


@bp.get("/second-factor/set-up")
@access(half_signed_in)
def set_up() -> ResponseReturnValue:
    """Offer the kinds of second factor to somebody who needs one and has none."""
    if not _has_none():
        return redirect(url_for(".ask"))
    return set_up_page(NewPasskeyForm())


@bp.post("/second-factor/set-up/app")
@access(half_signed_in)
def start_first_app() -> ResponseReturnValue:
    """Make a secret for the person's first app."""
    if _has_none():
        service_totp.start_app(get_signed_in_user())
    return redirect(url_for(".first_app"))


@bp.get("/second-factor/set-up/app")
@access(half_signed_in)
def first_app() -> ResponseReturnValue:
    """Show the secret of the first app and ask for a code."""
    return _app_page(CodeForm()) if _has_none() else redirect(url_for(".ask"))


@bp.post("/second-factor/set-up/app/confirm")
@access(half_signed_in)
def confirm_first_app() -> ResponseReturnValue:
    """Take the first code: the app counts from now on, and the person is signed in."""
    return _confirm_app()


# ---- Later, for those who are signed in -----------------------------------------------------


@bp.get("/account/second-factors")
@access(fresh(signed_in))
def factors() -> ResponseReturnValue:
    """What the person has set up, and what can be done about it."""
    return factors_page(NewPasskeyForm())


@bp.post("/account/second-factors/app")
@access(fresh(signed_in))
def start_app() -> ResponseReturnValue:
    """Make a secret for an app, or for one in place of the present one."""
    service_totp.start_app(get_signed_in_user())
    return redirect(url_for(".app"))


@bp.get("/account/second-factors/app")
@access(fresh(signed_in))
def app() -> ResponseReturnValue:
    """Show the secret and ask for a code."""
    return _app_page(CodeForm())


@bp.post("/account/second-factors/app/confirm")
@access(fresh(signed_in))
def confirm_app() -> ResponseReturnValue:
    """Take the first code: the app counts from now on."""
    return _confirm_app()


@bp.post("/account/second-factors/app/remove")
@access(fresh(signed_in))
def remove_app() -> ResponseReturnValue:
    """Let the app count no more."""
    try:
        service_factors.remove_app(get_current_session())
        flash(_("The app does not count any more. You are signed out on your other devices."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".factors"))


@bp.post("/account/second-factors/recovery-codes")
@access(fresh(signed_in))
def new_recovery_codes() -> ResponseReturnValue:
    """Make ten new codes and show them, once: this page is the answer to the post, since they are kept nowhere."""
    try:
        return codes_page(service_factors.new_recovery_codes(get_current_session()))
    except Refused as refusal:
        flash(refusal.words, "error")
        return redirect(url_for(".factors"))


# ---- Pages ----------------------------------------------------------------------------------


def ask_page(form: CodeForm, recovery: RecoveryCodeForm, then: str) -> str:
    """The page that asks for the second factor; ``then`` is where the person wanted to go."""
    user = get_signed_in_user()
    return render_template(
        "accounts/second_factor_ask.html",
        form=form,
        recovery=recovery,
        factors=service_factors.factors_of(user),
        email=user.email,
        then=then,
    )


def set_up_page(form: NewPasskeyForm) -> str:
    """The page that offers the kinds of second factor."""
    return render_template(
        "accounts/second_factor_set_up.html", form=form, factors=service_factors.factors_of(get_signed_in_user())
    )


def factors_page(form: NewPasskeyForm) -> str:
    """The list of what the person has set up."""
    return render_template(
        "accounts/second_factor_list.html",
        form=form,
        factors=service_factors.factors_of(get_signed_in_user()),
        layout=layout(),
    )


def codes_page(codes: list[str]) -> str:
    """The page that shows new recovery codes, once."""
    user = get_signed_in_user()
    return render_template("accounts/second_factor_codes.html", codes=codes, email=user.email, layout=layout())


def _app_page(form: CodeForm) -> str:
    user = get_signed_in_user()
    return render_template(
        "accounts/second_factor_app.html",
        form=form,
        secret=service_totp.find_pending(user),
        is_first=current_viewer().role is None,
        has_one=user.totp_confirmed_at is not None,
        email=user.email,
        layout=layout(),
    )


# ---- Inside -----------------------------------------------------------------------------------


def _confirm_app() -> ResponseReturnValue:
    form, codes = CodeForm(), list[str]()
    row, code = get_current_session(), form.code.data or ""
    if form.validate_on_submit() and _tried(form, lambda: codes.extend(service_factors.confirm_app(row, code))):
        return codes_page(codes) if codes else added()
    return _app_page(form), 422


def added() -> ResponseReturnValue:
    """Back to the list, after something was added to it."""
    flash(_("Added. You are signed out on your other devices."), "success")
    return redirect(url_for("second_factor.factors"))


def _use_recovery_code(form: RecoveryCodeForm) -> None:
    left = service_factors.show_recovery_code(get_current_session(), form.recovery_code.data or "")
    words = ngettext("You have %(num)s recovery code left.", "You have %(num)s recovery codes left.", left)
    if left <= FEW:
        words += " " + _("Make new ones under Account, Second factors.")
    flash(words, "warning" if left <= FEW else "info")


def _tried(form: BaseForm, guess: Callable[[], object]) -> bool:
    """True when the guess was right; else the form says why not, and the failure is kept."""
    try:
        guess()
        return True
    except FieldErrors as found:
        keep_changes()
        form.set_errors(found.errors)
    except TooManyTries as many:
        form.set_errors({"": too_many_words(many)})
    return False


def _has_none() -> bool:
    return not service_factors.factors_of(get_signed_in_user()).any
