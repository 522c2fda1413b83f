"""Passkeys: at sign-in, as a second factor, as a fresh proof, and looking after them.

A page's script posts to an ``options`` address for what the browser needs, lets the person choose, and sends the
browser's answer as an ordinary form. Options are posted for and not got, since each makes a new challenge.
"""

from flask import Blueprint, flash, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, fresh, half_signed_in, public, signed_in
from bsm_alumni.access.viewer import get_signed_in_user
from bsm_alumni.accounts import service_factors, service_passkeys
from bsm_alumni.accounts.forms_factors import NewPasskeyForm, PasskeyForm, PasskeyNameForm
from bsm_alumni.accounts.service_passkeys import PasskeyRefused
from bsm_alumni.accounts.service_sessions import get_current_session
from bsm_alumni.accounts.views_second_factor import (
    added,
    codes_page,
    factors_page,
    set_up_page,
)
from bsm_alumni.web.errors import NotThere, Refused
from bsm_alumni.web.locale import local_path

bp = Blueprint("passkeys", __name__)


@bp.post("/sign-in/passkey/options")
@access(public)
def sign_in_options() -> ResponseReturnValue:
    """What the browser needs to offer passkeys on the first page."""
    return jsonify(service_passkeys.options_to_sign_in())


@bp.post("/sign-in/passkey")
@access(public)
def sign_in() -> ResponseReturnValue:
    """Sign the passkey's owner in."""
    form = PasskeyForm()
    try:
        service_factors.sign_in_with_passkey(_answer(form))
        return redirect(local_path(form.next.data))
    except PasskeyRefused:
        flash(_not_taken(), "error")
        return redirect(url_for("accounts_public.home", next=local_path(form.next.data)))


@bp.post("/second-factor/passkey/options")
@access(half_signed_in)
def show_options() -> ResponseReturnValue:
    """What the browser needs to ask for one of the person's passkeys."""
    return jsonify(service_passkeys.options_to_show(get_signed_in_user()))


@bp.post("/second-factor/passkey")
@access(half_signed_in)
def show() -> ResponseReturnValue:
    """Take the passkey as second factor and let the person in."""
    form = PasskeyForm()
    try:
        service_factors.show_passkey(get_current_session(), _answer(form))
        return redirect(local_path(form.next.data))
    except PasskeyRefused:
        flash(_not_taken(), "error")
        return redirect(url_for("second_factor.ask", next=local_path(form.next.data)))


@bp.post("/account/confirm/passkey/options")
@access(signed_in)
def confirm_options() -> ResponseReturnValue:
    """What the browser needs to ask a signed-in person for one of their passkeys."""
    return jsonify(service_passkeys.options_to_show(get_signed_in_user()))


@bp.post("/account/confirm/passkey")
@access(signed_in)
def confirm() -> ResponseReturnValue:
    """Take the passkey as a fresh proof and go on to what was asked for."""
    form = PasskeyForm()
    try:
        service_factors.show_passkey(get_current_session(), _answer(form))
        return redirect(local_path(form.next.data))
    except PasskeyRefused:
        flash(_not_taken(), "error")
        return redirect(url_for("account.confirm", next=local_path(form.next.data)))


@bp.post("/second-factor/set-up/passkey/options")
@access(half_signed_in)
def first_options() -> ResponseReturnValue:
    """What the browser needs to make the first passkey of somebody who has no second factor yet."""
    if service_factors.factors_of(get_signed_in_user()).any:
        raise NotThere
    return jsonify(service_passkeys.options_to_add(get_signed_in_user()))


@bp.post("/second-factor/set-up/passkey")
@access(half_signed_in)
def add_first() -> ResponseReturnValue:
    """Keep the first passkey; the person is signed in."""
    form = NewPasskeyForm()
    return _add(form) or (set_up_page(form), 422)


@bp.post("/account/second-factors/passkeys/options")
@access(fresh(signed_in))
def add_options() -> ResponseReturnValue:
    """What the browser needs to make one more passkey."""
    return jsonify(service_passkeys.options_to_add(get_signed_in_user()))


@bp.post("/account/second-factors/passkeys")
@access(fresh(signed_in))
def add() -> ResponseReturnValue:
    """Keep one more passkey."""
    form = NewPasskeyForm()
    return _add(form) or (factors_page(form), 422)


@bp.post("/account/second-factors/passkeys/<int:passkey_id>/name")
@access(fresh(signed_in))
def rename(passkey_id: int) -> ResponseReturnValue:
    """Give a passkey another name."""
    form = PasskeyNameForm()
    if form.validate_on_submit():
        service_factors.rename_passkey(get_signed_in_user(), passkey_id, form.name.data or "")
        flash(_("The passkey has its new name."), "success")
    else:
        for _field, words in form.error_list():
            flash(words, "error")
    return redirect(url_for("second_factor.factors"))


@bp.post("/account/second-factors/passkeys/<int:passkey_id>/remove")
@access(fresh(signed_in))
def remove(passkey_id: int) -> ResponseReturnValue:
    """Let a passkey count no more."""
    try:
        service_factors.remove_passkey(get_current_session(), passkey_id)
        flash(_("The passkey does not count any more. You are signed out on your other devices."), "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for("second_factor.factors"))


@bp.app_template_global()
def passkey_host() -> str:
    """The host name that passkeys of this site are bound to; empty where they cannot be used. For the templates."""
    party = service_passkeys.find_party()
    return party.id if party else ""


def _answer(form: PasskeyForm) -> str:
    if not form.validate_on_submit():
        raise PasskeyRefused
    return form.answer.data or ""


def _add(form: NewPasskeyForm) -> ResponseReturnValue | None:
    """The page to go on with; None when the form has to be shown again, with what is wrong."""
    if not form.validate_on_submit():
        return None
    try:
        codes = service_factors.add_passkey(get_current_session(), form.answer.data or "", form.name.data or "")
    except PasskeyRefused:
        form.set_errors({"": _("The passkey was not kept. Try again, or set up an app in its place.")})
        return None
    return codes_page(codes) if codes else added()


def _not_taken() -> str:
    return _("The passkey was not taken. Try again, or go on without it.")
