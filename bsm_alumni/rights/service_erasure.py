"""Erasing a person: every table by its decision, every text that names them, every copy that may be called back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.rules import OPEN, Mover
from bsm_alumni.assignments.service import cancel
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.audit.service_shred import shred_about
from bsm_alumni.audit.service_words import shred_words
from bsm_alumni.consent.erased import address_hash, keep_out
from bsm_alumni.consent.service_erasure import erase_consents
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.models import ImportRow
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.rights import journal
from bsm_alumni.rights.enums import ErasureState, RequestState
from bsm_alumni.rights.enums_tables import Fate
from bsm_alumni.rights.models import Erasure, RightsRequest
from bsm_alumni.rights.person import Person, person_of
from bsm_alumni.rights.service_notices import notify_recipients
from bsm_alumni.rights.sweeping import drop_files, forget_filters, sweep
from bsm_alumni.rights.tables import HELD


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did. ``mail_ids`` are mails whose copies in a folder are to go too."""

    alumnus_id: int
    tables: Mapping[str, int]
    cancelled: int
    notified: int
    texts: int
    mail_ids: tuple[int, ...]


def erase(erasure: Erasure, *, notify: bool = True) -> Erased:
    """Erase the person of an erasure, within the caller's transaction. A second call finds nothing and harms nothing.

    With ``notify`` past recipients are told, once. The journal has it before the database: a crash in between
    leaves a line about somebody who is erased by the next try.
    """
    alumnus = db.session.scalars(
        sa.select(Alumnus).where(Alumnus.id == erasure.alumnus_id).with_for_update(key_share=True)
    ).one()
    person = person_of(alumnus)
    cancelled = _free_seats(alumnus.id)
    notified = notify_recipients(erasure) if notify else 0
    filters = forget_filters(alumnus.id)
    batches = sorted(set(db.session.scalars(sa.select(ImportRow.batch_id).where(ImportRow.id.in_(person.rows)))))
    files = drop_files(batches, person.words)
    mail_ids = _mails_of(person)
    _close_requests(erasure)
    tables = _walk(person)
    texts = sweep(person.words) + filters + files
    db.session.expire_all()
    hashes = tuple(address_hash(address) for address in person.addresses)
    keep_out(hashes, alumnus.id)
    shred_about(alumnus.id)
    shred_words(person.words, alumnus.id)
    now = utc_now()
    erasure.state, erasure.done_at, erasure.notified = ErasureState.DONE, now, erasure.notified + notified
    db.session.flush()
    facts = {"rows": sum(tables.values()), "seats": cancelled, "notified": notified, "erasure": erasure.id}
    record_many([Change("alumnus.erased", "alumni", alumnus.id, {}, facts)])
    journal.write(journal.Entry(alumnus.id, now, journal.mark_of(alumnus.id, alumnus.created_at), hashes))
    return Erased(alumnus.id, tables, cancelled, notified, texts, mail_ids)


def _free_seats(alumnus_id: int) -> int:
    """Cancel what is still to come, by the door of assignments, and take back every mail that has not left."""
    waiting = db.session.scalars(
        sa.select(Assignment.id)
        .join(Event, Event.id == Assignment.event_id)
        .where(Assignment.alumnus_id == alumnus_id, Assignment.state.in_(OPEN), Event.starts_at > utc_now())
        .order_by(Assignment.id)
    ).all()
    for assignment_id in waiting:
        cancel(assignment_id, mover=Mover.SYSTEM)
    db.session.execute(
        sa.update(Mail)
        .where(Mail.alumnus_id == alumnus_id, Mail.state.in_([MailState.QUEUED, MailState.HELD]))
        .values(state=MailState.CANCELLED)
    )
    return len(waiting)


def _close_requests(erasure: Erasure) -> None:
    """Nothing of the person's waits for staff any more."""
    own = sa.update(RightsRequest).where(
        RightsRequest.alumnus_id == erasure.alumnus_id, RightsRequest.state == RequestState.OPEN
    )
    done = {"state": RequestState.DONE, "answered_at": utc_now()}
    db.session.execute(own.where(RightsRequest.id == erasure.request_id).values(done))
    db.session.execute(own.values(state=RequestState.WITHDRAWN))


def _mails_of(person: Person) -> tuple[int, ...]:
    table = db.metadata.tables["mails"]
    return tuple(db.session.scalars(sa.select(table.c.id).where(HELD["mails"].where(table, person))))


def _walk(person: Person) -> dict[str, int]:
    """Delete or blank the person's rows, from the tables that point to those that are pointed at."""
    counts: dict[str, int] = {"consents": erase_consents(person.alumnus_id)}
    for table in reversed(db.metadata.sorted_tables):
        held = HELD.get(table.name)
        if held is None:
            continue
        if table.name == "users":
            _let_go_of_users(person)
        where = held.where(table, person)
        if held.fate is Fate.DELETED:
            counts[table.name] = counts.get(table.name, 0) + _count(sa.delete(table).where(where))
        elif held.fate is Fate.BLANKED:
            values: dict[str, Any] = dict(held.left)
            # What was sent stays counted as sent.
            if table.name == "mails":
                kind = table.c.state.type
                sent = (table.c.state == MailState.SENT, sa.literal(MailState.SENT, kind))
                values["state"] = sa.case(sent, else_=sa.literal(MailState.CANCELLED, kind))
            # Through the model where the ranking listens for changed people.
            target = Alumnus if table.name == "alumni" else table
            counts[table.name] = _count(sa.update(target).where(where).values(values))
    return {name: count for name, count in counts.items() if count}


def _count(statement: Any) -> int:
    result: Any = db.session.execute(statement, execution_options={"synchronize_session": False})
    return max(int(result.rowcount), 0)


def _let_go_of_users(person: Person) -> None:
    """Whatever still points at the person's account points at nobody."""
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            points = any(key.target_fullname == "users.id" for key in column.foreign_keys)
            if points and column.nullable:
                db.session.execute(sa.update(table).where(column.in_(person.user_ids)).values({column.name: None}))
