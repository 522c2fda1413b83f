"""Changing the slots of an event. The slot is locked first, so that no seat is given away meanwhile."""

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.events.queries_seats import highest_held_seat, was_ever_asked
from bsm_alumni.events.rules import MOST_SEATS, PUT_AWAY, SlotDetails
from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.errors import FieldErrors, Refused


def lock_slots(event_id: int) -> None:
    """Wait for everyone who gives or takes a seat of the event, until this transaction ends."""
    # In order of id, as everyone does it, and not against mere references to the rows.
    db.session.execute(
        sa.select(Slot.id).where(Slot.event_id == event_id).order_by(Slot.id).with_for_update(key_share=True)
    )


def add_slot(event: Event, details: SlotDetails) -> Slot:
    """Add a slot at the end. Raises FieldErrors, or Refused for an event that was put away."""
    _refuse_put_away(event)
    _check(details)
    last = db.session.scalar(sa.select(sa.func.max(Slot.position)).where(Slot.event_id == event.id))
    slot = Slot(event_id=event.id, position=(last or 0) + 1)
    _fill(slot, details)
    db.session.add(slot)
    db.session.flush()
    record("slot.added", event, after={"slot": slot.id, **_fields(slot)})
    return slot


def edit_slot(slot: Slot, details: SlotDetails) -> None:
    """Change a slot. Raises FieldErrors when fewer seats would remain than are held, Refused as ``add_slot``."""
    _refuse_put_away(slot.event)
    _check(details)
    _lock(slot)
    held = highest_held_seat(slot.id)
    if details.seats < held:
        words = ngettext(
            "Seat %(num)s is held. Keep at least %(num)s seat, or take the person off it first.",
            "Seat %(num)s is held. Keep at least %(num)s seats, or take the person off it first.",
            held,
        )
        raise FieldErrors({"seats": words})
    before = _fields(slot)
    _fill(slot, details)
    db.session.flush()
    old, new = changed(before, _fields(slot))
    if new:
        record("slot.edited", slot.event, before={"slot": slot.id, **old}, after={"slot": slot.id, **new})


def remove_slot(slot: Slot) -> None:
    """Remove a slot for which nobody was ever asked. Raises Refused otherwise: what was asked stays on record."""
    _refuse_put_away(slot.event)
    _lock(slot)
    if was_ever_asked(slot.id):
        raise Refused(_("Somebody was asked for this slot, so it stays on record. Lower its seats instead."))
    event, before = slot.event, {"slot": slot.id, **_fields(slot)}
    db.session.delete(slot)
    db.session.flush()
    db.session.expire(event, ["slots"])
    record("slot.removed", event, before=before)


def _refuse_put_away(event: Event) -> None:
    if event.status in PUT_AWAY:
        raise Refused(_("This event is cancelled or archived and can no longer be changed."))


def _lock(slot: Slot) -> None:
    db.session.execute(sa.select(Slot.id).where(Slot.id == slot.id).with_for_update())


def _check(details: SlotDetails) -> None:
    errors: dict[str, str] = {}
    if not 1 <= details.seats <= MOST_SEATS:
        errors["seats"] = _("Write a number from 1 to %(most)s.", most=MOST_SEATS)
    if details.theme_id is not None and db.session.get(Theme, details.theme_id) is None:
        errors["theme_id"] = _("Choose one of the themes.")
    if errors:
        raise FieldErrors(errors)


def _fill(slot: Slot, details: SlotDetails) -> None:
    slot.role, slot.seats, slot.language_code = details.role, details.seats, details.language_code
    slot.level_needed, slot.theme_id, slot.note = details.level, details.theme_id, details.note


def _fields(slot: Slot) -> dict[str, Any]:
    return {
        "role": slot.role,
        "seats": slot.seats,
        "language": slot.language_code,
        "level": slot.level_needed,
        "theme": slot.theme_id,
        "note": slot.note,
    }
