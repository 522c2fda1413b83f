"""Telling those who received a person's data to delete their copies: each once, without the name."""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.extensions import db
from bsm_alumni.mail.service import post
from bsm_alumni.rights.models import Erasure

NOTICE = "erasure_notice"
SHOWN = "erasures"
MOST_DAYS = 20


def notify_recipients(erasure: Erasure) -> int:
    """Post a notice to every organisation that saw or received something; returns how many mails.

    It goes to the focal points, or to all users of an organisation without one. The person is named by number, and
    by the days of the exports that held them. A second call posts nothing: each mail has a key of its own.
    """
    received = _received(erasure.alumnus_id)
    users = _users_of(list(received))
    count = 0
    for organisation_id, (first, last, exports) in sorted(received.items()):
        for user in users[organisation_id]:
            params = {
                "alumnus": erasure.alumnus_id,
                "user": user.id,
                "first": first.isoformat(),
                "last": last.isoformat(),
                "exports": [day.isoformat() for day in exports],
            }
            key = f"erasure:{erasure.id}:{organisation_id}:{user.id}"
            mail = post(NOTICE, user.email, params, subject_kind=SHOWN, subject_id=erasure.id, dedupe_key=key)
            count += mail is not None
    return count


def _received(alumnus_id: int) -> dict[int, tuple[date, date, list[date]]]:
    """By partner: the first and the last day on which it saw something, and the latest days of its exports."""
    rows = db.session.execute(
        sa.select(Disclosure.organisation_id, Disclosure.day, Disclosure.way)
        .where(Disclosure.alumnus_id == alumnus_id, Disclosure.organisation_id.is_not(None))
        .order_by(Disclosure.day)
    )
    days: defaultdict[int, list[date]] = defaultdict(list)
    exports: defaultdict[int, list[date]] = defaultdict(list)
    for organisation_id, day, way in rows:
        assert organisation_id is not None
        days[organisation_id].append(day)
        if way in (DisclosureWay.EXPORT, DisclosureWay.API) and day not in exports[organisation_id]:
            exports[organisation_id].append(day)
    return {key: (held[0], held[-1], exports[key][-MOST_DAYS:]) for key, held in days.items()}


def _users_of(organisation_ids: list[int]) -> defaultdict[int, list[User]]:
    found: defaultdict[int, list[User]] = defaultdict(list)
    users = db.session.scalars(
        sa.select(User)
        .where(User.organisation_id.in_(organisation_ids), User.role == Role.PARTNER, User.active.is_(True))
        .order_by(User.is_focal_point.desc(), User.id)
    )
    for user in users:
        held = found[user.organisation_id or 0]
        # Focal points come first; where there is one the others are not written to.
        if not held or not held[0].is_focal_point or user.is_focal_point:
            held.append(user)
    return found
