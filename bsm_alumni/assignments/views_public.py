"""Answering an invitation from the link in the mail, and the private calendar. Opening a link changes nothing."""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, public
from bsm_alumni.accounts.queries import find_active_user
from bsm_alumni.assignments import links
from bsm_alumni.assignments.calendar import feed_ics, session_ics
from bsm_alumni.assignments.forms import AnswerForm
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.pages import invitation_page
from bsm_alumni.assignments.queries import coming_for
from bsm_alumni.assignments.service_answers import accept, decline, withdraw
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.web.errors import Refused

bp = Blueprint("assignments_public", __name__)


def _open(token: str) -> Assignment | None:
    """The assignment behind the link, in its reader's language; None for a closed link, 404 for a wrong one."""
    try:
        assignment = links.open_link(token)
    except LookupError:
        abort(404)
    except links.LinkClosed:
        return None
    locale = assignment.alumnus.locale
    if request.args.get("lang") not in LOCALES and "locale" not in session and locale in LOCALES:
        g.locale = locale
    return assignment


def _closed() -> ResponseReturnValue:
    return render_template("assignments/public_closed.html"), 410


@bp.get("/i/<token>")
@access(public)
def invitation(token: str) -> ResponseReturnValue:
    """What is asked, with two buttons; after the answer what happens next."""
    assignment = _open(token)
    if assignment is None:
        return _closed()
    return render_template("assignments/public_invitation.html", token=token, **invitation_page(assignment))


@bp.post("/i/<token>/accept")
@access(public)
def accept_invitation(token: str) -> ResponseReturnValue:
    """'I will present'."""
    assignment = _open(token)
    if assignment is None:
        return _closed()
    try:
        accept(assignment.id, actor=assignment.alumnus.display_name)
    except Refused as refusal:
        flash(refusal.words, "warning")
    return redirect(url_for(".invitation", token=token))


@bp.post("/i/<token>/decline")
@access(public)
def decline_invitation(token: str) -> ResponseReturnValue:
    """'I cannot', with a reason or without."""
    return _say_no(token, decline)


@bp.post("/i/<token>/withdraw")
@access(public)
def withdraw_acceptance(token: str) -> ResponseReturnValue:
    """Change a yes to a no."""
    return _say_no(token, withdraw)


def _say_no(token: str, step: Callable[..., Assignment]) -> ResponseReturnValue:
    assignment = _open(token)
    if assignment is None:
        return _closed()
    form = AnswerForm()
    if not form.validate():
        flash(_("Shorten your words to 500 characters or fewer."), "warning")
        return redirect(url_for(".invitation", token=token))
    try:
        step(assignment.id, form.chosen, form.text.data or "", actor=assignment.alumnus.display_name)
    except Refused as refusal:
        flash(refusal.words, "warning")
    return redirect(url_for(".invitation", token=token))


@bp.get("/i/<token>/session.ics")
@access(public)
def session_file(token: str) -> ResponseReturnValue:
    """The session as a file for a calendar."""
    assignment = _open(token)
    return _closed() if assignment is None else calendar_file(session_ics(assignment, "PUBLISH"))


@bp.get("/calendar/<token>.ics")
@access(public)
def calendar_feed(token: str) -> ResponseReturnValue:
    """The sessions that an alumnus said yes to, for a calendar program that subscribes."""
    number, _dash, _mac = token.partition("-")
    user = find_active_user(int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if user is None or user.alumnus_id is None or not links.is_calendar_token(token, user.id, user.fs_uniquifier):
        abort(404)
    return calendar_file(feed_ics(coming_for(user.alumnus_id)), attached=False)


def calendar_file(content: bytes, *, attached: bool = True) -> Response:
    """An answer that calendar programs take."""
    response = Response(content, content_type="text/calendar; charset=utf-8")
    if attached:
        response.headers["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response
