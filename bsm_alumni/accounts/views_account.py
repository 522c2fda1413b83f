"""One's own account: what one signs in with, where one is signed in, and the proof before what is sensitive."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, fresh, signed_in
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.accounts import service_account, service_address
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.errors import TokenClosed, TooManyTries
from bsm_alumni.accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm, PreferencesForm
from bsm_alumni.accounts.service_sessions import get_current_session, has_second_factor
from bsm_alumni.accounts.views_public import too_many_words
from bsm_alumni.accounts.words import METHODS, device_words
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused

bp = Blueprint("account", __name__)

LAYOUTS = {Role.PARTNER: "layouts/partner.html", Role.ALUMNUS: "layouts/alumni.html"}


@bp.context_processor
def frame() -> dict[str, str]:
    """The frame that goes with the reader's role."""
    return {"layout": LAYOUTS.get(current_viewer().role or Role.VIEWER, "layouts/staff.html")}


@bp.get("")
@access(signed_in)
def overview() -> ResponseReturnValue:
    """Address, password, second factors, sessions, language and zone."""
    user = get_signed_in_user()
    return _overview(PreferencesForm(formdata=None, locale=user.locale, zone=user.zone))


@bp.post("/preferences")
@access(signed_in)
def set_preferences() -> ResponseReturnValue:
    """Keep language and time zone."""
    form = PreferencesForm()
    if form.validate_on_submit():
        service_account.set_preferences(get_signed_in_user(), form.locale.data, form.zone.data)
        flash(_("Your pages and mails follow this from now on."), "success")
        return redirect(url_for(".overview"))
    return _overview(form), 422


@bp.post("/sessions/<int:session_id>/end")
@access(signed_in)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out on one device."""
    service_account.end_own_session(get_signed_in_user(), session_id)
    flash(_("That device is signed out."), "success")
    return redirect(url_for(".overview"))


@bp.post("/sessions/end-others")
@access(signed_in)
def end_others() -> ResponseReturnValue:
    """Sign out on all devices but this one."""
    ended = service_account.end_other_sessions(get_current_session())
    words = ngettext("%(num)s other session was ended.", "%(num)s other sessions were ended.", ended)
    flash(words, "success")
    return redirect(url_for(".overview"))


@bp.get("/password")
@access(fresh(signed_in))
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return _password_page(_password_form())


@bp.post("/password")
@access(fresh(signed_in))
def set_password() -> ResponseReturnValue:
    """Keep the new password and sign out on all other devices."""
    form = _password_form()
    if form.validate_on_submit():
        current = form.current.data if isinstance(form, ChangePasswordForm) else None
        try:
            service_account.change_password(
                get_current_session(), current, form.password.data or "", request.remote_addr or ""
            )
            flash(_("Your new password counts from now on. You are signed out on all other devices."), "success")
            return redirect(url_for(".overview"))
        except FieldErrors as found:
            keep_changes()
            form.set_errors(found.errors)
        except TooManyTries as refusal:
            form.set_errors({"": too_many_words(refusal)})
    return _password_page(form), 422


@bp.get("/address")
@access(fresh(signed_in))
def address() -> ResponseReturnValue:
    """The form for a new address."""
    return _address_page(AddressForm())


@bp.post("/address")
@access(fresh(signed_in))
def ask_address() -> ResponseReturnValue:
    """Send a link to the new address."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            service_address.ask_new_address(get_signed_in_user(), form.email.data or "")
            words = _("We sent a link to %(address)s. Open it in this browser within a day.", address=form.email.data)
            flash(words, "success")
            return redirect(url_for(".overview"))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except TooManyTries as refusal:
            form.set_errors({"": too_many_words(refusal)})
    return _address_page(form), 422


@bp.get("/address/confirm/<token>")
@access(signed_in)
def new_address(token: str) -> ResponseReturnValue:
    """The button that makes the new address count."""
    try:
        pending = service_address.pending_address(get_signed_in_user(), token)
    except TokenClosed:
        return _closed()
    except LookupError as wrong:
        raise NotThere from wrong
    return render_template("accounts/user_confirm_address.html", address=pending)


@bp.post("/address/confirm/<token>")
@access(signed_in)
def confirm_address(token: str) -> ResponseReturnValue:
    """Sign in with the new address from now on."""
    try:
        service_address.confirm_address(get_signed_in_user(), token, get_current_session())
    except TokenClosed:
        return _closed()
    except LookupError as wrong:
        raise NotThere from wrong
    except Refused as refusal:
        return render_template("accounts/user_link_closed.html", words=refusal.words), 409
    words = _("You sign in with this address from now on. We wrote to the old one; it can undo this for 7 days.")
    flash(words, "success")
    return redirect(url_for(".overview"))


def _overview(form: PreferencesForm) -> str:
    user = get_signed_in_user()
    form.fill_choices(user.zone)
    return render_template(
        "accounts/user_overview.html",
        user=user,
        form=form,
        sessions=service_account.open_sessions(user),
        own_session_id=get_current_session().id,
        has_factor=has_second_factor(user),
        factors_url=url_for("second_factor.factors") if "second_factor.factors" in current_app.view_functions else "",
        methods=METHODS,
        device_words=device_words,
    )


def _password_form() -> NewPasswordForm | ChangePasswordForm:
    user = get_signed_in_user()
    kind = ChangePasswordForm if user.password else NewPasswordForm
    form = kind()
    form.email.data = user.email
    return form


def _password_page(form: NewPasswordForm) -> str:
    return render_template("accounts/user_password.html", form=form)


def _address_page(form: AddressForm) -> str:
    return render_template("accounts/user_address.html", form=form, present=get_signed_in_user().email)


def _closed() -> ResponseReturnValue:
    return render_template("accounts/user_link_closed.html", words=""), 410
