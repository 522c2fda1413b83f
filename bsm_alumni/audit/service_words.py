"""Shredding entries about other things that name a person, such as the words of a search that was kept."""

import json
import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from bsm_alumni.audit.chain import Change, append
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.rules import SHREDDED, details_digest
from bsm_alumni.audit.service import PROGRAM
from bsm_alumni.extensions import db


def shred_words(words: Sequence[str], about_id: int) -> int:
    """Shred before and after of every entry that holds one of the words; returns how many. Who acted stays.

    For words that nobody else is called by. It reads the trail through; call it after ``shred_about``.
    """
    if not words:
        return 0
    details = [sa.cast(column, sa.Text) for column in (AuditEntry.before, AuditEntry.after)]
    forms = sorted(
        {json.dumps(word)[1:-1].lower() for word in words} | {word.lower().replace(" ", "+") for word in words}
    )
    found = sa.or_(*(sa.func.lower(text).contains(form, autoescape=True) for text in details for form in forms))
    sealed = {}
    for entry in db.session.scalars(
        sa.select(AuditEntry).where(found, AuditEntry.verb != SHREDDED).order_by(AuditEntry.id)
    ):
        entry.before, entry.after, entry.salt, entry.shredded = {}, {}, secrets.token_hex(16), True
        sealed[str(entry.id)] = details_digest(entry.salt, entry.actor, entry.before, entry.after)
    if sealed:
        db.session.flush()
        append([Change(SHREDDED, "alumni", about_id, {}, {"entries": sealed})], None, PROGRAM)
    return len(sealed)
