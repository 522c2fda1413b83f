"""Telling those who received a person's data to delete their copies: each once, without the name."""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.extensions import UtcDateTime, db
from bsm_alumni.mail.service import post
from bsm_alumni.rights.models import Erasure

NOTICE = "erasure_notice"
SHOWN = "erasures"
MOST_EXPORTS = 20
# Files of partners belong to a higher room: their table is named and not imported.
_exports = sa.table(
    "partner_exports",
    *[sa.column(name, sa.Integer) for name in ("id", "organisation_id", "user_id")],
    sa.column("purpose", sa.String),
    sa.column("at", UtcDateTime),
)


def notify_recipients(erasure: Erasure) -> int:
    """Post a notice to every organisation that saw or received something; returns how many mails.

    It goes to the focal points, or to all users of an organisation without one. The person is named by number, and
    by the exports that held them. A second call posts nothing: each mail has a key of its own.
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
                "exports": [[day.isoformat(), number] for day, number in exports],
            }
            key = f"erasure:{erasure.id}:{organisation_id}:{user.id}"
            mail = post(NOTICE, user.email, params, subject_kind=SHOWN, subject_id=erasure.id, dedupe_key=key)
            count += mail is not None
    return count


def _received(alumnus_id: int) -> dict[int, tuple[date, date, list[tuple[date, int | None]]]]:
    """By partner: the first and the last day on which it saw something, and its latest exports with the person in
    them, as day and number; None for a file that carries no number."""
    rows = db.session.execute(
        sa.select(Disclosure.organisation_id, Disclosure.user_id, Disclosure.day, Disclosure.way, Disclosure.purpose)
        .where(Disclosure.alumnus_id == alumnus_id, Disclosure.organisation_id.is_not(None))
        .order_by(Disclosure.day, Disclosure.id)
    ).all()
    taken = [row for row in rows if row.way in (DisclosureWay.EXPORT, DisclosureWay.API)]
    numbers = _numbers({row.organisation_id for row in taken})
    days: defaultdict[int, list[date]] = defaultdict(list)
    exports: defaultdict[int, list[tuple[date, int | None]]] = defaultdict(list)
    for row in rows:
        days[row.organisation_id].append(row.day)
    for row in taken:
        found = numbers[row.organisation_id, row.user_id, row.day, row.purpose]
        exports[row.organisation_id] += [(row.day, number) for number in found or [None]]
    return {key: (held[0], held[-1], exports[key][-MOST_EXPORTS:]) for key, held in days.items()}


def _numbers(organisation_ids: set[int]) -> defaultdict[tuple[int, int, date, str], list[int | None]]:
    """The numbers of files that partners took, by organisation, user, day and purpose."""
    found: defaultdict[tuple[int, int, date, str], list[int | None]] = defaultdict(list)
    wanted = sa.select(_exports).where(_exports.c.organisation_id.in_(organisation_ids)).order_by(_exports.c.id)
    for row in db.session.execute(wanted) if organisation_ids else ():
        found[row.organisation_id, row.user_id, row.at.date(), " ".join(row.purpose.split())].append(row.id)
    return found


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
