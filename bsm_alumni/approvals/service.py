"""The two-person rule: one asks, another decides, and what was granted happens exactly once."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer, current_viewer, viewer_of
from bsm_alumni.accounts.models import User
from bsm_alumni.approvals.enums import Decision
from bsm_alumni.approvals.kinds import Kind, all_kinds
from bsm_alumni.approvals.letters import tell_asker, tell_deciders
from bsm_alumni.approvals.models import Approval
from bsm_alumni.approvals.rules import OPEN_FOR, USABLE_FOR
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused


def ask(kind: str, params: dict[str, Any], words: str, *, viewer: Viewer | None = None) -> Approval:
    """Ask for something that needs a second person, and write to those who may decide.

    ``params`` is plain JSON without secrets and says exactly what is asked; ``words`` say it to people. Asking twice
    for the same while the first request is open gives the first one. Raises Refused for a role that may not ask.
    """
    viewer = viewer or current_viewer()
    described = all_kinds()[kind]
    if viewer.user_id is None or viewer.role not in described.asked_by:
        raise Refused(_("Your role does not include this. Ask an administrator of the programme."))
    # Two clicks at once ask one after the other.
    db.session.get(User, viewer.user_id, with_for_update={"of": User})
    now = utc_now()
    for earlier in _open_requests(kind, viewer.user_id, now):
        if earlier.params == params:
            return earlier
    approval = Approval(
        kind=kind,
        params=params,
        words=words[:500],
        asked_by_id=viewer.user_id,
        asked_at=now,
        expires_at=now + OPEN_FOR,
    )
    db.session.add(approval)
    db.session.flush()
    record("approval.asked", approval, after={"kind": kind, "words": approval.words})
    tell_deciders(approval, described)
    return approval


def grant(approval_id: int, *, viewer: Viewer | None = None) -> Approval:
    """Say yes: what was asked is done now, or may be done by the one who asked within a day.

    Raises NotThere for a request that this viewer may not decide, Refused for the own one, for one that is over, and
    when what was asked can no longer be done.
    """
    viewer = viewer or current_viewer()
    approval, described = _decidable(approval_id, viewer)
    asker = viewer_of(db.session.get(User, approval.asked_by_id, populate_existing=True))
    if asker.role not in described.asked_by:
        raise Refused(_("The person who asked may no longer ask for this. Refuse it."))
    try:
        # What cannot be done must leave no trace of a decision.
        with db.session.begin_nested():
            _decide(approval, Decision.GRANTED, viewer)
            if described.run is not None:
                described.run(dict(approval.params))
                _mark_used(approval)
    except FieldErrors as found:
        raise Refused(" ".join(found.errors.values())) from found
    tell_asker(approval)
    return approval


def refuse(approval_id: int, *, viewer: Viewer | None = None) -> Approval:
    """Say no. Raises as ``grant`` does."""
    viewer = viewer or current_viewer()
    approval, _described = _decidable(approval_id, viewer)
    _decide(approval, Decision.REFUSED, viewer)
    tell_asker(approval)
    return approval


def withdraw(approval_id: int, *, viewer: Viewer | None = None) -> Approval:
    """Take the own request back before it is decided. Raises NotThere for another's, Refused for one that is over."""
    viewer = viewer or current_viewer()
    approval = db.session.get(Approval, approval_id)
    if approval is None or viewer.user_id is None or approval.asked_by_id != viewer.user_id:
        raise NotThere(f"There is no request {approval_id}.")
    _decide(approval, Decision.WITHDRAWN, viewer)
    return approval


def use(approval_id: int, kind: str, params: dict[str, Any], *, viewer: Viewer | None = None) -> Approval:
    """Take up what was granted: exactly once, by the one who asked, for exactly what was asked, within a day.

    Raises NotThere for another's request or another thing, Refused for one that cannot be used (any more).
    """
    viewer = viewer or current_viewer()
    approval = db.session.get(Approval, approval_id)
    own = approval is not None and viewer.user_id is not None and approval.asked_by_id == viewer.user_id
    if approval is None or not own or approval.kind != kind or approval.params != params:
        raise NotThere(f"There is no request {approval_id}.")
    if viewer.role not in all_kinds()[kind].asked_by:
        raise Refused(_("Your role does not include this. Ask an administrator of the programme."))
    _mark_used(approval)
    return approval


def _open_requests(kind: str, user_id: int, now: datetime) -> list[Approval]:
    select = sa.select(Approval).where(
        Approval.kind == kind,
        Approval.asked_by_id == user_id,
        Approval.decision.is_(None),
        Approval.expires_at > now,
    )
    return list(db.session.scalars(select.order_by(Approval.id)))


def _decidable(approval_id: int, viewer: Viewer) -> tuple[Approval, Kind]:
    approval = db.session.get(Approval, approval_id)
    described = all_kinds().get(approval.kind) if approval is not None else None
    if approval is not None and viewer.user_id is not None and approval.asked_by_id == viewer.user_id:
        raise Refused(_("You asked for this yourself. Somebody else decides."))
    if approval is None or described is None or viewer.user_id is None or viewer.role not in described.decided_by:
        raise NotThere(f"There is no request {approval_id}.")
    return approval, described


def _decide(approval: Approval, decision: Decision, viewer: Viewer) -> None:
    """Write the decision down, unless another one came first or the time is over."""
    now = utc_now()
    changed = sa.update(Approval).where(
        Approval.id == approval.id, Approval.decision.is_(None), Approval.expires_at > now
    )
    values = {"decision": decision, "decided_by_id": viewer.user_id, "decided_at": now}
    if db.session.execute(changed.values(values).execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_("This request was decided already, or its time is over. Nothing was changed."))
    db.session.refresh(approval)
    record(f"approval.{decision.value}", approval, after={"kind": approval.kind, "words": approval.words})


def _mark_used(approval: Approval) -> None:
    now = utc_now()
    changed = sa.update(Approval).where(
        Approval.id == approval.id,
        Approval.decision == Decision.GRANTED,
        Approval.used_at.is_(None),
        Approval.decided_at > now - USABLE_FOR,
    )
    if db.session.execute(changed.values(used_at=now).execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        raise Refused(_("This was used already, was not granted, or its day is over. Ask again."))
    db.session.refresh(approval)
    record("approval.used", approval, after={"kind": approval.kind})
