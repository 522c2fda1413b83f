"""The proof that is asked for anew before something sensitive; part of one's own account."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, signed_in
from bsm_alumni.access.viewer import get_signed_in_user
from bsm_alumni.accounts import service_account, service_factors
from bsm_alumni.accounts.errors import TokenClosed, TooManyTries
from bsm_alumni.accounts.forms import ConfirmForm
from bsm_alumni.accounts.forms_factors import CodeForm
from bsm_alumni.accounts.service_sessions import get_current_session
from bsm_alumni.accounts.views_account import bp
from bsm_alumni.accounts.views_public import too_many_words
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.errors import FieldErrors, NotThere
from bsm_alumni.web.forms import BaseForm
from bsm_alumni.web.locale import local_path


@bp.get("/confirm")
@access(signed_in)
def confirm() -> ResponseReturnValue:
    """Ask once more who is at this browser."""
    return _page(ConfirmForm(formdata=None), CodeForm(formdata=None), local_path(request.args.get("next")))


@bp.post("/confirm")
@access(signed_in)
def confirm_password() -> ResponseReturnValue:
    """Take the password as a fresh proof and go on to what was asked for."""
    form = ConfirmForm()
    then = local_path(form.next.data)
    if _proved(
        form,
        lambda: service_account.confirm_by_password(
            get_current_session(), form.password.data or "", request.remote_addr or ""
        ),
    ):
        return redirect(then)
    return _page(form, CodeForm(formdata=None), then), 422


@bp.post("/confirm/code")
@access(signed_in)
def confirm_code() -> ResponseReturnValue:
    """Take a code of the app as a fresh proof and go on."""
    form = CodeForm()
    then = local_path(form.next.data)
    if _proved(form, lambda: service_factors.show_code(get_current_session(), (form.code.data or "").strip())):
        return redirect(then)
    return _page(ConfirmForm(formdata=None), form, then), 422


@bp.post("/confirm/link")
@access(signed_in)
def send_confirm_link() -> ResponseReturnValue:
    """Send a link to those who have no password."""
    try:
        service_account.ask_confirm_link(get_current_session())
        flash(_("We sent you a link. Open it in this browser within 20 minutes."), "success")
    except TooManyTries as refusal:
        flash(too_many_words(refusal), "error")
    return redirect(url_for(".confirm", next=local_path(request.form.get("next"))))


@bp.get("/confirm/link/<token>")
@access(signed_in)
def open_confirm_link(token: str) -> ResponseReturnValue:
    """The button that proves who is at this browser."""
    return _followed(lambda: service_account.check_confirm_link(get_current_session(), token)) or render_template(
        "accounts/user_confirm_link.html"
    )


@bp.post("/confirm/link/<token>")
@access(signed_in)
def use_confirm_link(token: str) -> ResponseReturnValue:
    """Take the link as a fresh proof."""
    if refused := _followed(lambda: service_account.confirm_by_link(get_current_session(), token)):
        return refused
    flash(_("Thank you. Now go on with what you wanted to do."), "success")
    return redirect(url_for(".overview"))


def _proved(form: BaseForm, step: Callable[[], None]) -> bool:
    """True when the form was right; else what is wrong stands at it, and the failed try is kept."""
    if not form.validate_on_submit():
        return False
    try:
        step()
        return True
    except FieldErrors as found:
        keep_changes()
        form.set_errors(found.errors)
    except TooManyTries as refusal:
        form.set_errors({"": too_many_words(refusal)})
    return False


def _followed(step: Callable[[], None]) -> ResponseReturnValue | None:
    try:
        step()
    except TokenClosed:
        return render_template("accounts/user_link_closed.html", words=""), 410
    except LookupError as wrong:
        raise NotThere from wrong
    return None


def _page(form: ConfirmForm, code: CodeForm, then: str) -> str:
    user = get_signed_in_user()
    form.next.data = code.next.data = then
    return render_template(
        "accounts/user_confirm.html",
        form=form,
        code=code,
        then=then,
        has_password=bool(user.password),
        factors=service_factors.factors_of(user),
    )
