"""Moving and cancelling an event together with what it does to the people who were asked."""

from dataclasses import dataclass
from datetime import datetime

from bsm_alumni.assignments.service_events import ask_again_after_move, cancel_for_event, lock_people_of_event
from bsm_alumni.events import service
from bsm_alumni.events.models import Event
from bsm_alumni.events.rules import EventDetails
from bsm_alumni.events.service_slots import lock_slots
from bsm_alumni.extensions import db


@dataclass(frozen=True, slots=True)
class Saved:
    """What an edit did: whether anything differs now, whether the event moved, how many people are asked again."""

    changed: bool
    moved: bool
    asked_again: int


def save_event(event: Event, details: EventDetails, seen_at: datetime | None = None) -> Saved:
    """Change an event; when it moved in time its people are asked again. Raises FieldErrors, Refused.

    ``seen_at`` is the ``updated_at`` that the editor was shown.
    """
    _lock(event)
    change = service.edit_event(event, details, seen_at)
    asked = ask_again_after_move(event.id) if change.moved else 0
    return Saved(bool(change.fields), change.moved, asked)


def cancel_event(event: Event, reason: str) -> int:
    """Call an event off and release its people; returns how many. Raises Refused when it is over or put away."""
    _lock(event)
    service.mark_cancelled(event, reason)
    return cancel_for_event(event.id, reason)


def _lock(event: Event) -> None:
    """Seats and people before the trail: everyone who writes takes them in this order.

    Every slot is locked, not only those with people, so that nobody is asked while the event changes.
    """
    lock_slots(event.id)
    lock_people_of_event(event.id)
    # What was read before the lock may have changed while we waited.
    db.session.refresh(event)
