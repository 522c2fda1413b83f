"""Links in mails: asking for one, and using it. Opening a link shows a button; only the button does something."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, public
from bsm_alumni.accounts import service_address, service_links
from bsm_alumni.accounts.enums import TokenKind
from bsm_alumni.accounts.errors import TokenClosed, TooManyTries
from bsm_alumni.accounts.forms import AskLinkForm, NewPasswordForm
from bsm_alumni.accounts.service_tokens import open_token, token_of
from bsm_alumni.accounts.views_public import too_many_words
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused

bp = Blueprint("account_links", __name__)


@bp.get("/sign-in/link")
@access(public)
def ask() -> ResponseReturnValue:
    """Alumni ask for a link to sign in with."""
    return render_template("accounts/public_ask_link.html", form=AskLinkForm())


@bp.post("/sign-in/link")
@access(public)
def send() -> ResponseReturnValue:
    """Have the link sent; the answer is the same for every address."""
    return _ask(TokenKind.SIGN_IN, "accounts/public_ask_link.html")


@bp.get("/sign-in/link/sent")
@access(public)
def sent() -> ResponseReturnValue:
    """What happens next, whether there is an account or not."""
    return render_template("accounts/public_link_sent.html")


@bp.get("/sign-in/link/<token>")
@access(public)
def open_sign_in(token: str) -> ResponseReturnValue:
    """The button that signs in."""
    return _opened(lambda: open_token(TokenKind.SIGN_IN, token)) or render_template("accounts/public_link.html")


@bp.post("/sign-in/link/<token>")
@access(public)
def sign_in(token: str) -> ResponseReturnValue:
    """Sign in with the link."""
    if refused := _opened(lambda: service_links.sign_in_by_link(token)):
        return refused
    return redirect(url_for("accounts_public.home"))


@bp.get("/password/forgotten")
@access(public)
def forgotten() -> ResponseReturnValue:
    """Ask for a link to choose a new password."""
    return render_template("accounts/public_forgotten.html", form=AskLinkForm())


@bp.post("/password/forgotten")
@access(public)
def send_forgotten() -> ResponseReturnValue:
    """Have the link sent; the answer is the same for every address."""
    return _ask(TokenKind.PASSWORD_RESET, "accounts/public_forgotten.html")


@bp.get("/password/new/<token>")
@access(public)
def new_password(token: str) -> ResponseReturnValue:
    """The form for a new password."""
    return _opened(lambda: open_token(TokenKind.PASSWORD_RESET, token)) or _password_page(NewPasswordForm())


@bp.post("/password/new/<token>")
@access(public)
def set_password(token: str) -> ResponseReturnValue:
    """Keep the new password and sign everyone out who uses the old one."""
    form = NewPasswordForm()
    if refused := _opened(lambda: open_token(TokenKind.PASSWORD_RESET, token)):
        return refused
    if form.validate_on_submit():
        try:
            if refused := _opened(lambda: service_links.reset_password(token, form.password.data or "")):
                return refused
            flash(_("Your new password counts from now on. Sign in with it."), "success")
            return redirect(url_for("accounts_public.home"))
        except FieldErrors as found:
            form.set_errors(found.errors)
    return _password_page(form), 422


@bp.get("/address/undo/<token>")
@access(public)
def undo_page(token: str) -> ResponseReturnValue:
    """The button that brings the old address back."""
    return _opened(lambda: service_address.undoing(token)) or render_template("accounts/public_undo.html")


@bp.post("/address/undo/<token>")
@access(public)
def undo(token: str) -> ResponseReturnValue:
    """Bring the old address back, and go on to a new password."""
    try:
        row = service_address.undo_address(token)
    except LookupError as wrong:
        raise NotThere from wrong
    except TokenClosed:
        return _closed()
    except Refused as refusal:
        return render_template("accounts/public_link_closed.html", words=refusal.words), 409
    flash(_("Your old address counts again and everyone is signed out. Now choose a new password."), "success")
    return redirect(url_for(".new_password", token=token_of(row)))


def _ask(kind: TokenKind, template: str) -> ResponseReturnValue:
    form = AskLinkForm()
    if form.validate_on_submit():
        try:
            service_links.ask_link(kind, form.email.data or "", request.remote_addr or "")
            return redirect(url_for(".sent"))
        except TooManyTries as refusal:
            form.set_errors({"": too_many_words(refusal)})
    return render_template(template, form=form), 422


def _opened(step: Callable[[], object]) -> ResponseReturnValue | None:
    """None when the link was good; the page to answer with when it is closed, 404 when there is no such link."""
    try:
        step()
    except TokenClosed:
        return _closed()
    except LookupError as wrong:
        raise NotThere from wrong
    return None


def _closed() -> ResponseReturnValue:
    return render_template("accounts/public_link_closed.html", words=""), 410


def _password_page(form: NewPasswordForm) -> str:
    return render_template("accounts/public_new_password.html", form=form)
