"""Changing events, slots and series, each put into the trail."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.events import service, service_series, service_slots
from bsm_alumni.events.enums import EventStatus, SlotRole
from bsm_alumni.events.models import Event, EventSeries, Slot
from bsm_alumni.events.rules import EventDetails, SlotDetails
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import Factory
from tests.seats import hold

START = datetime(2027, 7, 8, 14, tzinfo=UTC)


def details(**fields: object) -> EventDetails:
    given = {"title": "Dynamics", "starts_at": START, "ends_at": START + timedelta(hours=1), "zone": "America/New_York"}
    return EventDetails(**{**given, **fields})  # type: ignore[arg-type]


def verbs() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_an_event_keeps_all_that_was_written(make: Factory) -> None:
    theme, partner, series = make.theme("PNR"), make.organisation("IOM"), make.series()
    event = service.create_event(
        details(
            series_id=series.id,
            languages=("fr", "en"),
            countries=("SN",),
            principles=("gender",),
            theme_ids=(theme.id,),
            partner_ids=(partner.id,),
            outcome_area="policy",
        )
    )
    db.session.commit()
    db.session.expire_all()
    kept = db.session.get_one(Event, event.id)
    assert [row.language_code for row in kept.languages] == ["en", "fr"]
    assert [row.country_code for row in kept.countries] == ["SN"]
    assert [row.principle for row in kept.principles] == ["gender"]
    assert (kept.themes, kept.partners, kept.series) == ([theme], [partner], series)
    assert (kept.starts_at, kept.outcome_area, kept.revision) == (START, "policy", 0)
    assert verbs() == ["event.added"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": START}, "end_clock"),
        ({"ends_at": START + timedelta(days=40)}, "end_day"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"status": EventStatus.DELIVERED, "starts_at": utc_now() + timedelta(days=300)}, "status"),
        ({"series_id": 999}, "series_id"),
    ],
)
def test_what_cannot_be_is_an_error_at_its_field(make: Factory, fields: dict[str, object], field: str) -> None:
    if "starts_at" in fields:
        fields["ends_at"] = fields["starts_at"] + timedelta(hours=1)  # type: ignore[operator]
    with pytest.raises(FieldErrors) as refused:
        service.create_event(details(**fields))
    assert list(refused.value.errors) == [field]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event)) == 0


def test_a_move_raises_the_revision_and_other_changes_do_not(make: Factory) -> None:
    event = service.create_event(details(languages=("en", "fr")))
    change = service.edit_event(event, details(title="Other", languages=("fr", "ar")))
    assert (change.fields, change.moved, event.revision) == ({"title", "languages"}, False, 0)
    change = service.edit_event(
        event, details(title="Other", languages=("fr", "ar"), starts_at=START - timedelta(hours=1))
    )
    assert (change.fields, change.moved, event.revision) == ({"starts_at"}, True, 1)
    change = service.edit_event(
        event, details(title="Other", languages=("fr", "ar"), starts_at=START - timedelta(hours=1))
    )
    assert (change.fields, change.moved, event.revision) == (frozenset(), False, 1)
    assert verbs() == ["event.added", "event.edited", "event.moved"]
    assert find_first_break() is None


def test_the_same_instant_on_another_clock_is_no_move(make: Factory) -> None:
    event = service.create_event(details())
    change = service.edit_event(event, details(zone="Europe/London"))
    assert (change.fields, change.moved, event.revision) == ({"zone"}, False, 0)


def test_a_cancelled_event_is_not_changed_any_more(make: Factory) -> None:
    event = service.create_event(details())
    service.mark_cancelled(event, "The venue is closed.")
    assert event.status is EventStatus.CANCELLED
    for step in (
        lambda: service.edit_event(event, details(title="Other")),
        lambda: service.mark_cancelled(event, "again"),
        lambda: service_slots.add_slot(event, SlotDetails(SlotRole.MODERATOR, 1)),
    ):
        with pytest.raises(Refused):
            step()
    assert verbs() == ["event.added", "event.cancelled"]


def test_a_delivered_event_cannot_be_cancelled(make: Factory) -> None:
    event = make.event(starts_at=utc_now() - timedelta(days=2), status=EventStatus.DELIVERED)
    with pytest.raises(Refused):
        service.mark_cancelled(event, "late")


def test_only_what_is_over_or_cancelled_is_archived(make: Factory) -> None:
    coming = service.create_event(details())
    now = START - timedelta(days=1)
    with pytest.raises(Refused):
        service.archive_event(coming, now)
    service.archive_event(coming, START + timedelta(days=1))
    assert coming.status is EventStatus.ARCHIVED
    service.restore_event(coming, now)
    assert coming.status is EventStatus.PLANNED
    service.mark_cancelled(coming, "no")
    service.archive_event(coming, now)
    service.restore_event(coming, START + timedelta(days=1))
    assert coming.status is EventStatus.DELIVERED


def test_slots_are_added_at_the_end_and_edited(make: Factory) -> None:
    event, theme = make.event(), make.theme()
    first = service_slots.add_slot(event, SlotDetails(SlotRole.MODERATOR, 1))
    second = service_slots.add_slot(event, SlotDetails(SlotRole.CO_PRESENTER, 3, "fr", 5, theme.id, "by video"))
    db.session.commit()
    db.session.expire_all()
    assert [slot.id for slot in event.slots] == [first.id, second.id]
    assert (second.seats, second.language_code, second.level_needed, second.theme_id, second.note) == (
        3,
        "fr",
        5,
        theme.id,
        "by video",
    )
    service_slots.edit_slot(second, SlotDetails(SlotRole.PANELLIST, 2))
    assert (second.role, second.seats, second.language_code) == (SlotRole.PANELLIST, 2, None)
    assert verbs() == ["slot.added", "slot.added", "slot.edited"]


def test_seats_that_are_held_are_kept(make: Factory) -> None:
    event = make.event(seats=3)
    slot = event.slots[0]
    hold(slot, make.alumnus(), seat=2)
    with pytest.raises(FieldErrors) as refused:
        service_slots.edit_slot(slot, SlotDetails(SlotRole.CO_PRESENTER, 1))
    assert list(refused.value.errors) == ["seats"]
    service_slots.edit_slot(slot, SlotDetails(SlotRole.CO_PRESENTER, 2))
    assert slot.seats == 2


@pytest.mark.parametrize("seats", [0, 51])
def test_a_slot_has_one_to_fifty_seats(make: Factory, seats: int) -> None:
    with pytest.raises(FieldErrors) as refused:
        service_slots.add_slot(make.event(), SlotDetails(SlotRole.PRESENTER, seats))
    assert list(refused.value.errors) == ["seats"]


def test_a_slot_somebody_was_asked_for_stays_on_record(make: Factory) -> None:
    event = make.event(seats=1)
    spare = make.slot(event)
    hold(event.slots[0], make.alumnus(), AssignmentState.DECLINED)
    with pytest.raises(Refused):
        service_slots.remove_slot(event.slots[0])
    service_slots.remove_slot(spare)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Slot)) == 1
    assert verbs() == ["slot.removed"]


def test_series_have_titles_of_their_own(make: Factory) -> None:
    first = service_series.create_series("Operational Reflections")
    with pytest.raises(FieldErrors) as refused:
        service_series.create_series("Operational Reflections")
    assert list(refused.value.errors) == ["title"]
    service_series.edit_series(first, "Operational Reflections", "Once a month")
    service_series.edit_series(first, "Operational Reflections", "Once a month")
    service_series.set_series_archived(first, True)
    service_series.set_series_archived(first, True)
    service_series.set_series_archived(first, False)
    assert db.session.scalars(sa.select(EventSeries.description)).all() == ["Once a month"]
    assert verbs() == ["series.added", "series.edited", "series.archived", "series.restored"]
