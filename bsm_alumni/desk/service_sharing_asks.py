"""Asking people to confirm what the register says: one of them, a reviewed batch, and the one reminder."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from bsm_alumni.access.viewer import SYSTEM, Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.links import is_open, make_ask
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.consent.queries import stated_by
from bsm_alumni.consent.service import lock_person
from bsm_alumni.database import writing
from bsm_alumni.desk.mails_sharing import may_be_asked, post_ask
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import Refused

# So long after the question comes its one reminder.
REMIND_AFTER = timedelta(days=10)
MOST_AT_ONCE = 40


def ask(viewer: Viewer, alumnus_id: int) -> SharingAsk:
    """Ask one person, or ask again with a new link; an earlier one stops working.

    Raises NoSuchAlumnus, and Refused for somebody with nothing to confirm, or whom no mail may go to.
    """
    person = get_visible(viewer, alumnus_id)
    lock_person(person.id)
    if not stated_by(person.id):
        raise Refused(_("There is nothing that this person has to confirm."))
    if not may_be_asked(person):
        raise Refused(_("This person cannot be asked by mail: no address, not active, or restricted."))
    return _asked(person)


def ask_batch(viewer: Viewer, alumnus_ids: Iterable[int]) -> tuple[int, int]:
    """Ask the people of a reviewed list; returns how many were asked and how many were left out.

    Whoever was asked since the list was shown is left out, so that a form sent twice writes once.
    """
    asked = left_out = 0
    for alumnus_id in sorted(set(alumnus_ids))[:MOST_AT_ONCE]:
        person = find_visible(viewer, alumnus_id)
        if person is not None:
            lock_person(person.id)
        if person is None or not may_be_asked(person) or not stated_by(person.id) or _was_asked(person.id):
            left_out += 1
        else:
            _asked(person)
            asked += 1
    return asked, left_out


def remind_sharing_due() -> int:
    """Remind those who did not answer, once. For the worker; returns how many."""
    now = utc_now()
    due = sa.select(SharingAsk.id).where(
        SharingAsk.answered_at.is_(None),
        SharingAsk.revoked_at.is_(None),
        SharingAsk.reminded_at.is_(None),
        SharingAsk.asked_at <= now - REMIND_AFTER,
        SharingAsk.expires_at > now,
    )
    ids = list(db.session.scalars(due.order_by(SharingAsk.id)))
    # What follows must begin a transaction of its own, that takes the write lock first.
    db.session.rollback()
    count = 0
    for ask_id in ids:
        try:
            with writing():
                count += _remind(ask_id)
                db.session.commit()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("Question %s was left for the next sweep", ask_id)
    return count


def _remind(ask_id: int) -> bool:
    row = db.session.get(SharingAsk, ask_id, with_for_update=True)
    if row is None or row.reminded_at is not None or not is_open(row, utc_now()):
        return False
    # Whoever cannot be asked now is not looked at again at each sweep.
    row.reminded_at = utc_now()
    person = find_visible(SYSTEM, row.alumnus_id)
    if person is None or not may_be_asked(person):
        return False
    post_ask(person, row, is_reminder=True)
    record_many([Change("sharing.reminded", "alumni", person.id, {}, {"proposal": row.proposal_id})])
    return True


def _asked(person: Alumnus) -> SharingAsk:
    row = make_ask(person.id)
    post_ask(person, row)
    record_many([Change("sharing.asked", "alumni", person.id, {}, {"until": row.expires_at})])
    return row


def _was_asked(alumnus_id: int) -> bool:
    found = sa.select(SharingAsk.id).where(SharingAsk.alumnus_id == alumnus_id, SharingAsk.proposal_id.is_(None))
    return db.session.scalar(found.limit(1)) is not None
