"""Asking people: a seat is proposed, an invitation is sent, a seat is freed, a session is closed.

The other doors of this room: `service_answers` (what the person asked does), `service_duties` (what the clock
does), `service_events` (what a moved or cancelled session does).
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import letters, links
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.moving import all_or_nothing, get_locked, lock_seats, move, write_step
from bsm_alumni.assignments.rules import (
    SEAT_HOLDING,
    Mover,
    Person,
    Session,
    default_answer_by,
    find_obstacle,
    lowest_free_seat,
    was_told,
)
from bsm_alumni.assignments.words import SEAT_TAKEN, obstacle_words
from bsm_alumni.audit.service import record
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.events.queries import get_slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused

CLOSED = frozenset({EventStatus.CANCELLED, EventStatus.ARCHIVED, EventStatus.DELIVERED})


def _get_alumnus(alumnus_id: int) -> Alumnus:
    alumnus = db.session.get(Alumnus, alumnus_id, populate_existing=True)
    if alumnus is None:
        raise LookupError(f"There is no alumnus {alumnus_id}.")
    return alumnus


def held_elsewhere(alumnus_id: int, event_id: int) -> Sequence[tuple[datetime, datetime]]:
    """Start and end of the other sessions in which the person holds a seat."""
    rows = db.session.execute(
        sa.select(Event.starts_at, Event.ends_at)
        .join(Assignment, Assignment.event_id == Event.id)
        .where(Assignment.alumnus_id == alumnus_id, Assignment.state.in_(SEAT_HOLDING), Event.id != event_id)
        .where(Event.status != EventStatus.CANCELLED)
    )
    return [(start, end) for start, end in rows]


def check_can_be_asked(alumnus: Alumnus, slot: Slot, assignment: Assignment | None = None) -> None:
    """Raise Refused with the first hard rule in the way; ``assignment`` is the one that is to be invited."""
    event, own = slot.event, assignment.id if assignment else 0
    before = db.session.execute(
        sa.select(Assignment.slot_id, Assignment.state, Assignment.invited_at).where(
            Assignment.alumnus_id == alumnus.id, Assignment.event_id == event.id, Assignment.id != own
        )
    ).all()
    person = Person(
        is_active=alumnus.status is AlumnusStatus.ACTIVE,
        is_restricted=alumnus.restricted,
        has_address=bool(alumnus.emails),
        was_asked=any(row.slot_id == slot.id and was_told(row.state, row.invited_at) for row in before),
        is_seated=any(row.state in SEAT_HOLDING for row in before),
        held=held_elsewhere(alumnus.id, event.id),
    )
    session = Session(event.starts_at, event.ends_at, is_open=event.status not in CLOSED)
    if obstacle := find_obstacle(person, session, utc_now()):
        raise Refused(obstacle_words(obstacle, alumnus.display_name))


@all_or_nothing
def propose(slot_id: int, alumnus_id: int) -> Assignment:
    """Keep a seat for a person whom nobody has asked yet; no mail is sent. A proposal taken back is made again.

    Raises LookupError, and Refused when a hard rule is in the way or every seat is taken. The lock comes first,
    then the check; the unique index has the last word.
    """
    lock_seats([slot_id], [alumnus_id])
    slot, alumnus = get_slot(slot_id), _get_alumnus(alumnus_id)
    db.session.refresh(slot)
    db.session.refresh(slot.event)
    check_can_be_asked(alumnus, slot)
    taken = db.session.scalars(
        sa.select(Assignment.seat).where(Assignment.slot_id == slot_id, Assignment.state.in_(SEAT_HOLDING))
    )
    seat = lowest_free_seat(taken, slot.seats)
    if seat is None:
        raise Refused(str(SEAT_TAKEN))
    again = db.session.scalar(
        sa.select(Assignment)
        .where(Assignment.slot_id == slot_id, Assignment.alumnus_id == alumnus_id)
        .execution_options(populate_existing=True)
    )
    if again is not None:
        again.seat, again.event_revision = seat, slot.event.revision
        move(again, State.PROPOSED, Mover.STAFF)
        return again
    assignment = Assignment(
        slot_id=slot_id,
        event_id=slot.event_id,
        alumnus_id=alumnus_id,
        seat=seat,
        state=State.PROPOSED,
        event_revision=slot.event.revision,
    )
    try:
        with db.session.begin_nested():
            db.session.add(assignment)
    except IntegrityError as error:
        raise Refused(str(SEAT_TAKEN)) from error
    write_step(assignment, None, "", None)
    return assignment


def _deadline(answer_by: datetime | None, starts_at: datetime) -> datetime:
    now = utc_now()
    if answer_by is None:
        return default_answer_by(now, starts_at)
    if answer_by <= now:
        raise FieldErrors({"answer_by": _("Choose a day that is still to come.")})
    return min(answer_by, starts_at)


@all_or_nothing
def invite(assignment_id: int, answer_by: datetime | None = None, *, held: bool = False) -> Assignment:
    """Ask the person whose seat was proposed: a fresh link and a mail. ``held`` keeps the mail for review.

    Without ``answer_by`` they have ten days, or half the time left. Raises LookupError, Refused, FieldErrors.
    """
    return _invite(get_locked(assignment_id), answer_by, held)


def _invite(assignment: Assignment, answer_by: datetime | None, held: bool) -> Assignment:
    check_can_be_asked(assignment.alumnus, assignment.slot, assignment)
    event = assignment.event
    assignment.answer_by = _deadline(answer_by, event.starts_at)
    assignment.invited_at, assignment.reminded_at = utc_now(), None
    assignment.event_revision = event.revision
    move(assignment, State.INVITED, Mover.STAFF)
    link = links.make_link(assignment, assignment.answer_by)
    letters.write_letter(letters.INVITATION, assignment, link, held=held)
    return assignment


@all_or_nothing
def propose_and_invite(
    slot_id: int, alumnus_id: int, answer_by: datetime | None = None, *, held: bool = False
) -> Assignment:
    """``propose``, then ``invite``, as one."""
    return _invite(propose(slot_id, alumnus_id), answer_by, held)


@all_or_nothing
def invite_many(
    slot_id: int, alumnus_ids: Sequence[int], answer_by: datetime | None = None, *, held: bool = False
) -> tuple[list[Assignment], list[tuple[str, str]]]:
    """Ask several people for one slot in the order given: those asked, and (name, why not) of those left out."""
    lock_seats([slot_id], alumnus_ids)
    _deadline(answer_by, get_slot(slot_id).event.starts_at)
    asked: list[Assignment] = []
    left_out: list[tuple[str, str]] = []
    for alumnus_id in dict.fromkeys(alumnus_ids):
        name = _get_alumnus(alumnus_id).display_name
        try:
            with db.session.begin_nested():
                asked.append(propose_and_invite(slot_id, alumnus_id, answer_by, held=held))
        except Refused as refusal:
            left_out.append((name, refusal.words))
    return asked, left_out


@all_or_nothing
def cancel(assignment_id: int, reason: str = "", *, mover: Mover = Mover.STAFF) -> Assignment:
    """Give the seat up; a person who knows of it is told, with ``reason`` where given. Raises LookupError, Refused."""
    assignment = get_locked(assignment_id)
    was_asked = assignment.state is not State.PROPOSED
    letters.take_back_letters(assignment)
    move(assignment, State.CANCELLED, mover, reason=reason)
    if was_asked and letters.was_told(assignment):
        letters.write_letter(letters.CANCELLED, assignment, reason=reason)
    return assignment


@all_or_nothing
def renew_link(assignment_id: int, answer_by: datetime | None = None) -> Assignment:
    """Send an invited person a new link, with a new deadline; the old link closes. Raises LookupError, Refused."""
    assignment = get_locked(assignment_id)
    if assignment.state is not State.INVITED:
        raise Refused(_("Only somebody who is invited and has not answered can get a new link."))
    before = assignment.answer_by
    check_can_be_asked(assignment.alumnus, assignment.slot, assignment)
    assignment.answer_by = _deadline(answer_by, assignment.event.starts_at)
    assignment.invited_at, assignment.reminded_at = utc_now(), None
    letters.take_back_letters(assignment)
    link = links.make_link(assignment, assignment.answer_by)
    letters.write_letter(letters.INVITATION, assignment, link)
    record(
        "assignment.link_renewed",
        assignment,
        before={"answer_by": before},
        after={"answer_by": assignment.answer_by},
    )
    return assignment


@all_or_nothing
def remind(assignment_id: int) -> Assignment:
    """Remind an invited person now, whether or not they were reminded before. Raises LookupError, Refused."""
    assignment = get_locked(assignment_id)
    if assignment.state is not State.INVITED or (assignment.answer_by or utc_now()) <= utc_now():
        raise Refused(_("Only somebody who is invited and still has time to answer can be reminded."))
    send_reminder(assignment)
    return assignment


def send_reminder(assignment: Assignment) -> None:
    """Post a reminder with the link that the invitation has, and note it."""
    link = links.find_current_link(assignment.id)
    if link is None:
        link = links.make_link(assignment, assignment.answer_by or assignment.event.starts_at)
    assignment.reminded_at = utc_now()
    letters.write_letter(letters.REMINDER, assignment, link)
    record("assignment.reminded", assignment, after={"reminded_at": assignment.reminded_at})


def mark_delivered(assignment_id: int) -> Assignment:
    """The person presented. Raises LookupError, and Refused before the session has begun."""
    return _mark(assignment_id, State.DELIVERED)


def mark_no_show(assignment_id: int, reason: str = "") -> Assignment:
    """The person accepted and did not come. Raises LookupError, and Refused before the session has begun."""
    return _mark(assignment_id, State.NO_SHOW, reason)


@all_or_nothing
def _mark(assignment_id: int, state: State, reason: str = "") -> Assignment:
    assignment = get_locked(assignment_id)
    if assignment.event.starts_at > utc_now():
        raise Refused(_("The session has not begun yet; say afterwards who came."))
    move(assignment, state, Mover.STAFF, reason=reason)
    return assignment
