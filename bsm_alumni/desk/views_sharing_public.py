"""Answering a question about sharing from the link in the mail. Opening the link changes nothing."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import refresh

from bsm_alumni.access import access, public
from bsm_alumni.consent.links import LinkClosed
from bsm_alumni.desk.forms_sharing import AnswerForm
from bsm_alumni.desk.service_sharing import Asked, answer_link, asked_by
from bsm_alumni.reference.locales import LOCALES
from bsm_alumni.web.errors import Refused

bp = Blueprint("sharing_public", __name__)


@bp.get("/s/<token>")
@access(public)
def question(token: str) -> ResponseReturnValue:
    """What is asked, with two buttons."""
    asked = _open(token)
    if asked is None:
        return _closed()
    # Made anew in the reader's language, which is known only now.
    return render_template("consent/public_question.html", token=token, asked=asked_by(token))


@bp.post("/s/<token>")
@access(public)
def answer(token: str) -> ResponseReturnValue:
    """Yes, it is so; or no. The link is used up by either."""
    if _open(token) is None:
        return _closed()
    form = AnswerForm()
    if not form.validate():
        flash(_("Nothing was saved. Choose one of the answers."), "error")
        return redirect(url_for(".question", token=token))
    try:
        asked = answer_link(token, form.is_right, form.read())
    except LinkClosed:
        return _closed()
    except Refused as refusal:
        flash(refusal.words, "warning")
        return redirect(url_for(".question", token=token))
    return render_template("consent/public_answered.html", asked=asked, is_right=form.is_right)


def _open(token: str) -> Asked | None:
    """What the link asks, in its reader's language; None for a closed link, 404 for a wrong one."""
    try:
        asked = asked_by(token)
    except LookupError:
        abort(404)
    except LinkClosed:
        return None
    locale = asked.person.locale
    if request.args.get("lang") not in LOCALES and "locale" not in session and locale in LOCALES:
        g.locale = locale
        refresh()
    return asked


def _closed() -> ResponseReturnValue:
    return render_template("consent/public_closed.html"), 410
