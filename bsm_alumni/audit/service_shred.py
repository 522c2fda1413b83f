"""Taking a person's words out of the trail without breaking it."""

import secrets

import sqlalchemy as sa

from bsm_alumni.audit.chain import Change, append
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.rules import SHREDDED, details_digest
from bsm_alumni.audit.service import PROGRAM
from bsm_alumni.extensions import db


def shred_about(alumnus_id: int) -> int:
    """Shred the details of every entry about an alumnus; returns how many. Call it last: what comes after stays.

    Before, after and salt go, and the actor where that was the person. Of entries about others in which the person
    acted only the actor goes. What is left is sealed under a new salt by one entry ``audit.shredded``, which names the
    entries by number; it is put down by the program, since the person's name must not come back with it.
    """
    own = _accounts_of(alumnus_id)
    entries = db.session.scalars(
        sa.select(AuditEntry)
        .where(sa.or_(AuditEntry.about_id == alumnus_id, AuditEntry.actor_id.in_(own)), AuditEntry.verb != SHREDDED)
        .order_by(AuditEntry.id)
    )
    sealed = {str(entry.id): _seal(entry) for entry in entries if _blank(entry, entry.about_id == alumnus_id, own)}
    if sealed:
        db.session.flush()
        append([Change(SHREDDED, "alumni", alumnus_id, {}, {"entries": sealed})], None, PROGRAM)
    return len(sealed)


def _accounts_of(alumnus_id: int) -> set[int]:
    """The person's account, also one that was taken from them already, which the trail still knows by number."""
    # Accounts stand above this room, so their table is named and not imported.
    users = sa.table("users", sa.column("id"), sa.column("alumnus_id"))
    told = sa.select(AuditEntry.subject_id).where(AuditEntry.subject_kind == "users", AuditEntry.about_id == alumnus_id)
    own = set(db.session.scalars(sa.select(users.c.id).where(users.c.alumnus_id == alumnus_id)))
    return own | {int(number) for number in db.session.scalars(told.distinct())}


def _blank(entry: AuditEntry, is_about: bool, own: set[int]) -> bool:
    """Take the person's words out of an entry; False when there are none, since it was shredded before."""
    # Without an account the actor is the person behind a link, under their own name.
    is_actor = entry.actor_id in own or (is_about and entry.actor_id is None and entry.actor != PROGRAM)
    if entry.shredded and not (is_actor and entry.actor) and not (is_about and (entry.before or entry.after)):
        return False
    if is_about:
        entry.before, entry.after = {}, {}
    if is_actor:
        entry.actor = ""
    return True


def _seal(entry: AuditEntry) -> str:
    """Give a blanked entry a new salt; returns the digest of what is left."""
    entry.salt, entry.shredded = secrets.token_hex(16), True
    return details_digest(entry.salt, entry.actor, entry.before, entry.after)
