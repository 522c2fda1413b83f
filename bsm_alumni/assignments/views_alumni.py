"""An alumnus's own list: what is asked, what is next, what was. Each answer as on the link in the mail."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, alumnus
from bsm_alumni.access.viewer import current_viewer, get_signed_in_user
from bsm_alumni.assignments import links
from bsm_alumni.assignments.calendar import session_ics
from bsm_alumni.assignments.forms import AnswerForm
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.pages import invitation_page
from bsm_alumni.assignments.queries import asked_of, coming_for, find_own, past_for
from bsm_alumni.assignments.service_answers import accept, decline, withdraw
from bsm_alumni.assignments.views_public import calendar_file
from bsm_alumni.web.errors import Refused

bp = Blueprint("assignments_me", __name__)


def _own(assignment_id: int) -> Assignment:
    """The signed-in person's assignment; anybody else's is not there."""
    assignment = find_own(assignment_id, current_viewer().alumnus_id or 0)
    if assignment is None or assignment.invited_at is None:
        abort(404)
    return assignment


@bp.get("/invitations")
@access(alumnus)
def invitations() -> ResponseReturnValue:
    """What waits for an answer, the sessions to come, and those before."""
    alumnus_id = current_viewer().alumnus_id or 0
    user = get_signed_in_user()
    token = links.calendar_token(user.id, user.fs_uniquifier)
    return render_template(
        "assignments/alumni_invitations.html",
        asked=asked_of(alumnus_id),
        coming=coming_for(alumnus_id),
        past=past_for(alumnus_id),
        feed_url=links.calendar_url_of(token),
    )


@bp.get("/invitations/<int:assignment_id>")
@access(alumnus)
def invitation(assignment_id: int) -> ResponseReturnValue:
    """One session, with the buttons that fit."""
    return render_template("assignments/alumni_invitation.html", **invitation_page(_own(assignment_id)))


@bp.post("/invitations/<int:assignment_id>/accept")
@access(alumnus)
def accept_invitation(assignment_id: int) -> ResponseReturnValue:
    """'I will present'."""
    _own(assignment_id)
    try:
        accept(assignment_id)
    except Refused as refusal:
        flash(refusal.words, "warning")
    return redirect(url_for(".invitation", assignment_id=assignment_id))


@bp.post("/invitations/<int:assignment_id>/decline")
@access(alumnus)
def decline_invitation(assignment_id: int) -> ResponseReturnValue:
    """'I cannot', with a reason or without."""
    return _say_no(assignment_id, decline)


@bp.post("/invitations/<int:assignment_id>/withdraw")
@access(alumnus)
def withdraw_acceptance(assignment_id: int) -> ResponseReturnValue:
    """Change a yes to a no."""
    return _say_no(assignment_id, withdraw)


def _say_no(assignment_id: int, step: Callable[..., Assignment]) -> ResponseReturnValue:
    _own(assignment_id)
    form = AnswerForm()
    if form.validate():
        try:
            step(assignment_id, form.chosen, form.text.data or "")
        except Refused as refusal:
            flash(refusal.words, "warning")
    else:
        flash(_("Shorten your words to 500 characters or fewer."), "warning")
    return redirect(url_for(".invitation", assignment_id=assignment_id))


@bp.get("/invitations/<int:assignment_id>/session.ics")
@access(alumnus)
def session_file(assignment_id: int) -> ResponseReturnValue:
    """The session as a file for a calendar."""
    return calendar_file(session_ics(_own(assignment_id), "PUBLISH"))
