"""How long data is kept: nothing goes unseen, then exactly what the preview said, and the rest stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role, SignInMethod
from bsm_alumni.accounts.models import SignInFailure, User, UserSession
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.models import AuditDenial, AuditEntry
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.consent.disclosures import put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay as Way
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.enums import ImportState
from bsm_alumni.imports.models import ImportBatch, ImportRow
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import deliver_due
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.rights.enums import Kept
from bsm_alumni.rights.models import Erasure, RetentionAsk, RetentionPeriod
from bsm_alumni.rights.rules import DEFAULT_MONTHS, STAY_WITHIN, due_on, months_before
from bsm_alumni.rights.service_erasures import carry_out_due
from bsm_alumni.rights.service_retention import apply_retention, confirm, preview
from bsm_alumni.worker import MAIL_RENDERERS
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
YEARS = timedelta(days=365 * 6)


def make_two_of_each(make: Factory) -> None:
    """Of each class one row that is six years old and one of now."""
    now = utc_now()
    user, event = make.user(Role.PARTNER), make.event(seats=1)
    for age in (YEARS, timedelta(0)):
        at = now - age
        person = make.alumnus(created_at=at, profile_confirmed_at=None)
        keep = make.alumnus(created_at=at, profile_confirmed_at=now)
        put_down(viewer_of(user), [(keep.id, [FieldGroup.IDENTITY])], Way.PAGE)
        db.session.execute(
            sa.update(Disclosure).where(Disclosure.alumnus_id == keep.id).values(day=at.date(), last_at=at)
        )
        past = make.event(status=EventStatus.ARCHIVED, updated_at=at)
        slot = make.slot(past, note="A note")
        db.session.add_all(
            [
                SignInFailure(key=f"k{at}", failures=3, last_at=at),
                UserSession(token_hash=f"t{at}", user_id=user.id, method=SignInMethod.LINK, seen_at=at, ended_at=at),
                Mail(
                    kind="invitation",
                    params={"assignment": 1, "reason": "Words"},
                    to_address="a@example.org",
                    state=MailState.SENT,
                    sent_at=at,
                    sent_text="Words",
                    sent_subject="Words",
                ),
                ImportBatch(
                    kind="alumni", filename="x.csv", sha256="0", content=b"x", state=ImportState.APPLIED, applied_at=at
                ),
                AuditDenial(key=f"d{at}", minute=at, actor="x", endpoint="y", details={}),
                Assignment(
                    slot_id=slot.id,
                    event_id=past.id,
                    alumnus_id=keep.id,
                    seat=1,
                    state=AssignmentState.DECLINED,
                    reason_text="Why not",
                ),
            ]
        )
        assert person.id
    db.session.flush()
    for batch in db.session.scalars(sa.select(ImportBatch)):
        db.session.add(
            ImportRow(batch_id=batch.id, sheet="S", sheet_kind="alumni", row=2, cells={"E-mail": "a@example.org"})
        )
    assert event.id
    db.session.commit()


def held() -> dict[str, int]:
    """How much of each class there is."""
    db.session.rollback()
    counts = {
        "failures": sa.select(SignInFailure.key),
        "sessions": sa.select(UserSession.id),
        "texts": sa.select(Mail.id).where(Mail.sent_text != ""),
        "files": sa.select(ImportBatch.id).where(ImportBatch.content.is_not(None)),
        "rows": sa.select(ImportRow.id),
        "disclosures": sa.select(Disclosure.id),
        "denials": sa.select(AuditDenial.key),
        "notes": sa.select(Slot.id).where(Slot.note != ""),
        "reasons": sa.select(Assignment.id).where(Assignment.reason_text != ""),
        "asked": sa.select(RetentionAsk.alumnus_id),
    }
    return {name: db.session.scalar(sa.select(sa.func.count()).select_from(c.subquery())) for name, c in counts.items()}


def test_nothing_goes_before_a_preview_was_confirmed(make: Factory) -> None:
    make_two_of_each(make)
    db.session.add(RetentionPeriod(kept=Kept.DISCLOSURES, months=1))
    db.session.commit()
    before = held()
    assert apply_retention() == 0
    assert held() == before


def test_what_the_preview_counts_goes_once_a_day_and_the_rest_stays(make: Factory) -> None:
    make_two_of_each(make)
    admin = make.user(Role.ADMIN).id
    before, found = held(), preview(DEFAULT_MONTHS)
    assert held() == before
    counts = {kept.value: one.count for kept, one in found.items()}
    assert counts == {**dict.fromkeys(Kept, 1), Kept.EVENT_NOTES: 2}
    assert {one.oldest.year for one in found.values() if one.oldest} == {(utc_now() - YEARS).year}
    confirm(DEFAULT_MONTHS, admin)
    db.session.commit()
    assert apply_retention() == sum(counts.values())
    assert held() == {**{name: number // 2 for name, number in before.items()}, "asked": 1}
    assert apply_retention() == 0
    done = sa.select(AuditEntry.subject_id).where(AuditEntry.verb == "retention.applied")
    assert set(db.session.scalars(done)) == {kept.value for kept in Kept}
    assert find_first_break() is None


def test_words_go_and_numbers_stay(make: Factory) -> None:
    make_two_of_each(make)
    confirm({Kept.MAIL_TEXTS: 12}, make.user(Role.ADMIN).id)
    db.session.commit()
    apply_retention()
    first, second = db.session.scalars(sa.select(Mail).where(Mail.kind == "invitation").order_by(Mail.sent_at)).all()
    assert (first.params, first.sent_text, first.to_address) == ({"assignment": 1}, "", "a@example.org")
    assert second.params == {"assignment": 1, "reason": "Words"}


def test_batches_reach_the_end(make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bsm_alumni.rights.service_retention.BATCH", 3)
    old = utc_now() - YEARS
    db.session.add_all(SignInFailure(key=f"k{number}", failures=1, last_at=old) for number in range(10))
    confirm({Kept.SIGN_IN_FAILURES: 1}, make.user(Role.ADMIN).id)
    db.session.commit()
    assert apply_retention() == 10


def test_a_silent_profile_is_asked_then_erased_and_one_that_answers_stays(
    app: Flask, make: Factory, monkeypatch: pytest.MonkeyPatch, mail_folder: Path
) -> None:
    old = utc_now() - YEARS
    silent, answers = make.alumnus(created_at=old).id, make.alumnus(created_at=old).id
    presents = make.alumnus(created_at=old)
    event = make.event(seats=1)
    slot = event.slots[0]
    db.session.add(
        Assignment(
            slot_id=slot.id,
            event_id=event.id,
            alumnus_id=presents.id,
            seat=1,
            state=AssignmentState.ACCEPTED,
            answered_at=utc_now(),
        )
    )
    confirm({Kept.PROFILES: 36}, make.user(Role.ADMIN).id)
    db.session.commit()
    assert apply_retention() == 2
    assert deliver_due(MAIL_RENDERERS) == 2
    assert "/me/profile" in (mail_folder / "00000001.eml").read_text()
    db.session.get_one(Alumnus, answers).profile_confirmed_at = utc_now()
    db.session.commit()
    later = utc_now() + STAY_WITHIN
    for module in ("service_retention", "service_erasures"):
        monkeypatch.setattr(f"bsm_alumni.rights.{module}.utc_now", lambda: later)
    db.session.execute(sa.update(RetentionPeriod).values(ran_on=None))
    db.session.commit()
    assert apply_retention() == 1
    carry_out_due()
    deliver_due(MAIL_RENDERERS)
    carry_out_due()
    db.session.rollback()
    states = [db.session.get_one(Alumnus, number).status for number in (silent, answers, presents.id)]
    assert states == [AlumnusStatus.ERASED, AlumnusStatus.ACTIVE, AlumnusStatus.ACTIVE]
    assert db.session.scalars(sa.select(Erasure.alumnus_id)).all() == [silent]


def test_the_page_previews_and_only_then_saves(make: Factory, sign_in: SignIn) -> None:
    make_two_of_each(make)
    client = sign_in(make.user(Role.ADMIN))
    assert "Nothing is in force" in client.get("/staff/settings/retention/").text
    assert client.get("/staff/settings/retention/preview?disclosures=many").status_code == 422
    assert client.get("/staff/settings/retention/preview?disclosures=0").status_code == 422
    shown = client.get("/staff/settings/retention/preview?disclosures=60&mail_texts=").text
    assert "What would go now" in shown
    assert db.session.scalars(sa.select(RetentionPeriod)).all() == []
    data = {"disclosures": "60", "mail_texts": ""}
    assert post_form(client, "/staff/settings/retention/confirm", data).status_code == 302
    rows = db.session.scalars(sa.select(RetentionPeriod)).all()
    assert [(row.kept, row.months) for row in rows] == [(Kept.DISCLOSURES, 60)]
    assert post_form(sign_in(make.user()), "/staff/settings/retention/confirm", data).status_code == 403


def test_months_and_days_are_counted_by_the_calendar() -> None:
    assert months_before(datetime(2026, 3, 31, 10, tzinfo=UTC), 1) == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert months_before(datetime(2024, 2, 29, tzinfo=UTC), 12) == datetime(2023, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 13) == datetime(2024, 12, 15, tzinfo=UTC)
    assert due_on(date(2026, 12, 15)) == date(2027, 1, 14)
