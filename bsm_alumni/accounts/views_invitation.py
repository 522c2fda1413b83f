"""Where the link in an invitation leads: a page with a button, since programs that scan mail open links."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, public
from bsm_alumni.accounts.enums import TokenKind
from bsm_alumni.accounts.errors import TokenClosed
from bsm_alumni.accounts.forms_invitation import WelcomeForm
from bsm_alumni.accounts.service_invitations import Welcome, accept, welcome
from bsm_alumni.web.errors import FieldErrors

bp = Blueprint("accounts_welcome", __name__)


@bp.get("/welcome/<token>")
@access(public)
def invitation(token: str) -> ResponseReturnValue:
    """Who is invited, and the form for a first password."""
    return _show(TokenKind.INVITATION, token)


@bp.post("/welcome/<token>")
@access(public)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Keep the password, sign in, and go on to the second factor where the role needs one."""
    return _accept(TokenKind.INVITATION, token)


@bp.get("/first-administrator/<token>")
@access(public)
def first_administrator(token: str) -> ResponseReturnValue:
    """The same for the administrator whom the command line named."""
    return _show(TokenKind.FIRST_ADMINISTRATOR, token)


@bp.post("/first-administrator/<token>")
@access(public)
def accept_first_administrator(token: str) -> ResponseReturnValue:
    """Keep the password, sign in, and go on to the second factor."""
    return _accept(TokenKind.FIRST_ADMINISTRATOR, token)


def _show(kind: TokenKind, token: str) -> ResponseReturnValue:
    try:
        return _page(welcome(kind, token), WelcomeForm(), 200)
    except (LookupError, TokenClosed):
        return _closed()


def _accept(kind: TokenKind, token: str) -> ResponseReturnValue:
    form = WelcomeForm()
    try:
        invited = welcome(kind, token)
        if form.validate_on_submit():
            accept(kind, token, None if "without" in request.form else form.password.data)
            return redirect(url_for("accounts_public.home"))
    except (LookupError, TokenClosed):
        return _closed()
    except FieldErrors as found:
        form.set_errors(found.errors)
    return _page(invited, form, 422)


def _page(invited: Welcome, form: WelcomeForm, status: int) -> ResponseReturnValue:
    form.email.data = invited.email
    return _silent(render_template("accounts/public_welcome.html", invited=invited, form=form), status)


def _closed() -> ResponseReturnValue:
    """The same page for a link that was used, one that is over, and one that never was."""
    return _silent(render_template("accounts/public_welcome_closed.html"), 404)


def _silent(page: str, status: int) -> ResponseReturnValue:
    # The link itself is the secret: no other page learns of it.
    return make_response(page, status, {"Referrer-Policy": "no-referrer"})
