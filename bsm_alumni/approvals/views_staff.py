"""Staff pages: what needs a second person."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, fresh, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.approvals import service
from bsm_alumni.approvals.kinds import all_kinds
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.queries import approvals_page, count_approvals, get_approval
from bsm_alumni.approvals.rules import USABLE_FOR, is_open, is_usable
from bsm_alumni.approvals.words import standing_words
from bsm_alumni.extensions import utc_now
from bsm_alumni.web.errors import Refused

bp = Blueprint("approvals_staff", __name__)


@bp.get("/approvals")
@access(staff_read)
def approvals() -> ResponseReturnValue:
    """The viewer's own requests and those they may decide."""
    viewer, past = current_viewer(), request.args.get("show") == "past"
    return render_template(
        "approvals/staff_approvals.html",
        page=approvals_page(viewer, past, request.args.get("after"), request.args.get("before")),
        total=count_approvals(viewer, past),
        past=past,
        kinds=all_kinds(),
        own_id=viewer.user_id,
        standing=lambda approval: standing_words(approval, utc_now()),
    )


@bp.get("/approvals/<int:approval_id>")
@access(staff_read)
def approval(approval_id: int) -> ResponseReturnValue:
    """One request: what is asked, by whom, and the buttons of those who can do something about it."""
    viewer, now = current_viewer(), utc_now()
    found = get_approval(viewer, approval_id)
    kind = all_kinds()[found.kind]
    own = found.asked_by_id == viewer.user_id
    usable = own and is_usable(found.decision, found.decided_at, found.used_at, now)
    return render_template(
        "approvals/staff_approval.html",
        approval=found,
        kind=kind,
        standing=standing_words(found, now),
        own=own,
        may_decide=not own and viewer.role in kind.decided_by and is_open(found.decision, found.expires_at, now),
        may_withdraw=own and is_open(found.decision, found.expires_at, now),
        use_url=url_for(kind.endpoint, approval_id=found.id) if usable and kind.endpoint else None,
        usable_until=found.decided_at + USABLE_FOR if usable and found.decided_at else None,
    )


@bp.post("/approvals/<int:approval_id>/grant")
@access(fresh(staff_write))
def grant(approval_id: int) -> ResponseReturnValue:
    """Say yes."""
    return _step(service.grant, approval_id, _("Granted."))


@bp.post("/approvals/<int:approval_id>/refuse")
@access(staff_write)
def refuse(approval_id: int) -> ResponseReturnValue:
    """Say no."""
    return _step(service.refuse, approval_id, _("Refused. The person who asked is told."))


@bp.post("/approvals/<int:approval_id>/withdraw")
@access(staff_read)
def withdraw(approval_id: int) -> ResponseReturnValue:
    """Take the own request back."""
    return _step(service.withdraw, approval_id, _("Your request is taken back."))


def _step(step: Callable[[int], Approval], approval_id: int, words: str) -> ResponseReturnValue:
    try:
        step(approval_id)
        flash(words, "success")
    except Refused as refusal:
        flash(refusal.words, "error")
    return redirect(url_for(".approval", approval_id=approval_id))
