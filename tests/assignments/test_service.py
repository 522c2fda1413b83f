"""Asking, answering and ending, on the real database, as the services do it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments import service, service_answers, service_duties, service_events
from bsm_alumni.assignments.enums import AssignmentState as State
from bsm_alumni.assignments.enums import Reason
from bsm_alumni.assignments.mails import render
from bsm_alumni.assignments.models import Assignment, AssignmentMove, InvitationLink
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.database import writing
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.errors import FieldErrors
from tests.assignments.steps import NOW, START, asked, does, refusal
from tests.factories import Factory


def mails() -> list[tuple[str, str]]:
    return [(mail.kind, mail.state.value) for mail in db.session.scalars(sa.select(Mail).order_by(Mail.id))]


def test_inviting_writes_the_record_its_steps_the_trail_a_link_and_a_mail(event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    assert (assignment.state, assignment.seat) == (State.INVITED, 1)
    assert assignment.answer_by == NOW + timedelta(days=10)
    steps = db.session.scalars(sa.select(AssignmentMove).order_by(AssignmentMove.id)).all()
    assert [(step.from_state, step.to_state) for step in steps] == [
        (None, State.PROPOSED),
        (State.PROPOSED, State.INVITED),
    ]
    about = sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "assignments").order_by(AuditEntry.id)
    assert db.session.scalars(about).all() == ["assignment.proposed", "assignment.invited"]
    assert find_first_break() is None
    mail = db.session.scalars(sa.select(Mail)).one()
    assert (mail.kind, mail.to_address, mail.alumnus_id) == ("invitation", amina.emails[0].address, amina.id)
    assert db.session.scalars(sa.select(InvitationLink)).one().expires_at == assignment.answer_by


def test_seats_are_given_from_the_lowest_and_no_more_than_there_are(event: Event, make: Factory) -> None:
    people = [make.alumnus(f"Person{n}") for n in range(4)]
    first, second = asked(event, people[0]), asked(event, people[1])
    assert [first.seat, second.seat] == [1, 2]
    slot_id, third = event.slots[0].id, people[2].id
    words = refusal(lambda: service.propose_and_invite(slot_id, third))
    assert words == "That seat was taken a moment ago. Look at the session again before you ask somebody else."
    assert len(mails()) == 2
    does(lambda: service_answers.decline(first.id))
    assert asked(event, people[2]).seat == 1


def test_a_proposal_sends_nothing_and_its_end_neither(event: Event, amina: Alumnus) -> None:
    slot_id = event.slots[0].id
    assignment = does(lambda: service.propose(slot_id, amina.id))
    does(lambda: service.cancel(assignment.id))
    assert (assignment.state, mails()) == (State.CANCELLED, [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"restricted": True}, "Amina Diallo is restricted and cannot be asked."),
        ({"status": AlumnusStatus.LEFT_SERVICE}, "Amina Diallo is not an active alumnus and cannot be asked."),
        (
            {"email": None},
            "Amina Diallo has no address that mail can be sent to. Add one to the profile first.",
        ),
    ],
)
def test_hard_rules_refuse_whoever_is_asked_by_name(event: Event, make: Factory, fields: dict, words: str) -> None:
    person, slot_id = make.alumnus(**fields), event.slots[0].id
    assert refusal(lambda: service.propose(slot_id, person.id)) == words
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == 0


def test_nobody_is_asked_for_two_sessions_at_once(event: Event, amina: Alumnus, make: Factory) -> None:
    asked(event, amina)
    clash = make.event(seats=1, starts_at=START + timedelta(minutes=60)).slots[0].id
    assert (
        refusal(lambda: service.propose(clash, amina.id))
        == "Amina Diallo holds a seat in another session at the same time."
    )
    # The session is 90 minutes long; one that begins as it ends is no clash.
    after = make.event(seats=1, starts_at=START + timedelta(minutes=90))
    assert asked(after, amina).state is State.INVITED


def test_one_person_holds_one_seat_in_a_session(event: Event, amina: Alumnus, make: Factory) -> None:
    other_slot = make.slot(event).id
    asked(event, amina)
    assert refusal(lambda: service.propose(other_slot, amina.id)) == "Amina Diallo holds another seat in this session."


def test_accepting_is_told_once_and_said_plainly_the_second_time(event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    does(lambda: service_answers.accept(assignment.id, actor="Amina Diallo"))
    assert assignment.state is State.ACCEPTED
    assert refusal(lambda: service_answers.accept(assignment.id)) == (
        "You have said yes already; nothing more is needed."
    )
    assert [kind for kind, _state in mails()] == ["invitation", "accepted"]
    assert assignment.moves[-1].actor == "Amina Diallo"


def test_an_answer_after_the_deadline_is_too_late_even_before_the_sweep(
    event: Event, amina: Alumnus, clock: time_machine.Traveller
) -> None:
    assignment = asked(event, amina)
    clock.move_to(NOW + timedelta(days=10))
    words = refusal(lambda: service_answers.accept(assignment.id))
    assert words == "The time to answer is over. Write to the programme if you would still like to present."


def test_expiry_frees_the_seat_and_an_answer_then_is_refused(
    event: Event, amina: Alumnus, make: Factory, clock: time_machine.Traveller
) -> None:
    assignment = asked(event, amina)
    db.session.commit()
    clock.move_to(NOW + timedelta(days=10, seconds=-1))
    assert service_duties.expire_due() == 0
    clock.move_to(NOW + timedelta(days=10))
    assert service_duties.expire_due() == 1
    assert service_duties.expire_due() == 0
    assert assignment.state is State.EXPIRED
    assert refusal(lambda: service_answers.accept(assignment.id)) == (
        "The time to answer is over and the place is free for somebody else."
    )
    assert asked(event, make.alumnus("Next")).seat == 1


def test_one_reminder_two_days_before(event: Event, amina: Alumnus, clock: time_machine.Traveller) -> None:
    asked(event, amina)
    db.session.commit()
    clock.move_to(NOW + timedelta(days=8, seconds=-1))
    assert service_duties.remind_due() == 0
    clock.move_to(NOW + timedelta(days=8))
    assert service_duties.remind_due() == 1
    clock.move_to(NOW + timedelta(days=9))
    assert service_duties.remind_due() == 0
    assert [kind for kind, _state in mails()] == ["invitation", "reminder"]


def test_a_moved_session_asks_its_people_again(event: Event, make: Factory) -> None:
    yes, waiting, gone = make.alumnus("Yes"), make.alumnus("Waiting"), make.alumnus("Gone")
    event.slots[0].seats = 3
    db.session.commit()
    accepted, invited, declined = asked(event, yes), asked(event, waiting), asked(event, gone)
    does(lambda: service_answers.accept(accepted.id))
    does(lambda: service_answers.decline(declined.id))
    # They know of it: their mails were sent.
    for mail in db.session.scalars(sa.select(Mail)):
        mail.state, mail.attempts = MailState.SENT, 1
    event.starts_at += timedelta(days=1)
    event.ends_at += timedelta(days=1)
    event.revision += 1
    db.session.commit()
    assert refusal(lambda: service_answers.accept(invited.id)) == (
        "The session was moved after you were asked. A new mail with the new time is on its way."
    )
    event_id = event.id
    assert does(lambda: service_events.ask_again_after_move(event_id)) == 2
    assert does(lambda: service_events.ask_again_after_move(event_id)) == 0
    assert [accepted.state, invited.state, declined.state] == [State.INVITED, State.INVITED, State.DECLINED]
    assert [kind for kind, _state in mails()][-2:] == ["moved", "moved"]
    open_links = db.session.scalars(sa.select(InvitationLink).where(InvitationLink.revoked_at.is_(None))).all()
    assert sorted(link.assignment_id for link in open_links) == [accepted.id, invited.id, declined.id]
    assert does(lambda: service_answers.accept(accepted.id)).state is State.ACCEPTED


def test_a_cancelled_session_tells_those_who_know_of_it(event: Event, make: Factory) -> None:
    told, not_told = asked(event, make.alumnus("Told")), asked(event, make.alumnus("Untold"))
    first = db.session.scalars(sa.select(Mail).order_by(Mail.id)).first()
    assert first is not None
    first.state, first.attempts = MailState.SENT, 1
    event.status = EventStatus.CANCELLED
    db.session.commit()
    event_id = event.id
    assert does(lambda: service_events.cancel_for_event(event_id, "No host")) == 2
    assert [told.state, not_told.state] == [State.CANCELLED, State.CANCELLED]
    assert mails() == [("invitation", "sent"), ("invitation", "cancelled"), ("cancelled", "queued")]
    assert refusal(lambda: service_answers.accept(told.id)) == (
        "Nothing to answer any more: the session was cancelled or your place was given up."
    )


def test_declining_keeps_the_reason_and_the_suggested_colleague(event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    does(lambda: service_answers.decline(assignment.id, Reason.SUGGEST, "Moussa Ba (fictional)"))
    assert (assignment.reason, assignment.reason_text) == (Reason.SUGGEST, "Moussa Ba (fictional)")
    assert assignment.moves[-1].reason == "suggest: Moussa Ba (fictional)"


def test_stepping_back_is_possible_until_a_day_before(
    event: Event, amina: Alumnus, clock: time_machine.Traveller
) -> None:
    assignment = asked(event, amina)
    assert refusal(lambda: service_answers.withdraw(assignment.id)) == (
        "You have not said yes to this session, so there is nothing to take back."
    )
    does(lambda: service_answers.accept(assignment.id))
    clock.move_to(START - timedelta(days=1))
    assert refusal(lambda: service_answers.withdraw(assignment.id)) == (
        "The session is less than a day away. Please tell the programme directly."
    )
    clock.move_to(START - timedelta(days=1, seconds=1))
    does(lambda: service_answers.withdraw(assignment.id, Reason.BUSY))
    assert assignment.state is State.WITHDRAWN
    assert [kind for kind, _state in mails()] == ["invitation", "accepted", "withdrawn"]


def test_who_came_is_said_once_the_session_has_begun(
    event: Event, make: Factory, clock: time_machine.Traveller
) -> None:
    came, missing = asked(event, make.alumnus("Came")), asked(event, make.alumnus("Missing"))
    for assignment in (came, missing):
        does(lambda assignment=assignment: service_answers.accept(assignment.id))
    assert refusal(lambda: service.mark_delivered(came.id)) == (
        "The session has not begun yet; say afterwards who came."
    )
    clock.move_to(START)
    does(lambda: service.mark_delivered(came.id))
    does(lambda: service.mark_no_show(missing.id))
    assert [came.state, missing.state] == [State.DELIVERED, State.NO_SHOW]


def test_a_deadline_in_the_past_is_a_field_error(event: Event, amina: Alumnus) -> None:
    slot_id = event.slots[0].id
    with writing(), pytest.raises(FieldErrors) as caught:
        service.propose_and_invite(slot_id, amina.id, NOW)
    assert caught.value.errors == {"answer_by": "Choose a day that is still to come."}


def test_asking_many_says_who_was_left_out_and_why(event: Event, make: Factory) -> None:
    fine, closed = make.alumnus("Fine"), make.alumnus("Closed", restricted=True)
    fine2, late = make.alumnus("Fine2"), make.alumnus("Late")
    ids, slot_id = [late.id, fine.id, closed.id, fine2.id], event.slots[0].id
    asked_now, left_out = does(lambda: service.invite_many(slot_id, ids))
    assert [assignment.alumnus_id for assignment in asked_now] == [late.id, fine.id]
    assert left_out == [
        ("Amina Closed", "Amina Closed is restricted and cannot be asked."),
        ("Amina Fine2", "That seat was taken a moment ago. Look at the session again before you ask somebody else."),
    ]


def test_a_new_link_closes_the_old_one_and_starts_the_time_anew(
    event: Event, amina: Alumnus, clock: time_machine.Traveller
) -> None:
    assignment = asked(event, amina)
    clock.move_to(NOW + timedelta(days=9))
    does(lambda: service.renew_link(assignment.id))
    links = db.session.scalars(sa.select(InvitationLink).order_by(InvitationLink.id)).all()
    assert [link.revoked_at is None for link in links] == [False, True]
    assert assignment.answer_by == NOW + timedelta(days=19)
    assert mails() == [("invitation", "cancelled"), ("invitation", "queued")]


def test_nobody_accepts_two_sessions_at_once(app: Flask, event: Event, amina: Alumnus, make: Factory) -> None:
    first = asked(event, amina)
    other = make.event("Other", seats=1, starts_at=START + timedelta(days=2))
    second = asked(other, amina)
    does(lambda: service_answers.accept(first.id))
    other.starts_at, other.ends_at = event.starts_at, event.ends_at
    db.session.commit()
    assert refusal(lambda: service_answers.accept(second.id)) == (
        "You have said yes to another session at that time: Reflections."
    )


def test_whoever_was_restricted_since_is_neither_written_to_nor_taken(event: Event, amina: Alumnus) -> None:
    assignment = asked(event, amina)
    amina.restricted = True
    db.session.commit()
    assert refusal(lambda: service_answers.accept(assignment.id)) == (
        "This invitation is no longer open. Write to the programme if you have questions."
    )
    assert render(db.session.scalars(sa.select(Mail)).one()) is None
