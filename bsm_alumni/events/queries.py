"""Finding events and slots."""

from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db


def find_event(event_id: int) -> Event | None:
    """The event; None when there is none."""
    return db.session.get(Event, event_id)


def get_event(event_id: int) -> Event:
    """The event; raises LookupError."""
    event = find_event(event_id)
    if event is None:
        raise LookupError(f"There is no event {event_id}.")
    return event


def get_slot(slot_id: int) -> Slot:
    """The slot; raises LookupError."""
    slot = db.session.get(Slot, slot_id)
    if slot is None:
        raise LookupError(f"There is no slot {slot_id}.")
    return slot
