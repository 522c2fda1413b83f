"""The end of the chain is kept elsewhere, so that a tail that was cut off is missed."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bsm_alumni.accounts.enums import Role
from bsm_alumni.audit.journal import find_last_head, journal_file, read_heads
from bsm_alumni.audit.mails import render
from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.rules_verify import Head, parse_code
from bsm_alumni.audit.service import Change, find_first_break, record_many
from bsm_alumni.audit.service_heads import check_trail, find_head, journal_head, mail_heads, note_restored
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.errors import Refused
from bsm_alumni.worker import DUTIES, MAIL_RENDERERS
from tests.factories import Factory

NOON = datetime(2026, 7, 8, 12, 0, tzinfo=UTC)


def grow(count: int = 1) -> None:
    record_many(Change("theme.renamed", "themes", number, {}, {}) for number in range(count))
    db.session.commit()


def cut(rows: int, head: sa.Row) -> None:
    """Take the last entries away and put an earlier head back, as one could who saw it."""
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id > rows))
    db.session.execute(sa.update(AuditHead).values(**head._mapping))
    db.session.commit()


def head_row() -> sa.Row:
    return db.session.execute(sa.select(AuditHead.entry_id, AuditHead.mac, AuditHead.seal)).one()


def test_a_head_an_hour_is_kept_while_the_trail_grows(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert journal_head() == 0
        assert list(read_heads()) == []
        grow()
        for minute in (0, 1, 59):
            clock.move_to(NOON.replace(minute=minute))
            grow()
            journal_head()
        clock.move_to(NOON.replace(hour=13))
        journal_head()
        clock.move_to(NOON.replace(hour=15))
        journal_head()
    assert [(head.entry_id, head.at) for head in read_heads()] == [(2, NOON), (4, NOON.replace(hour=13))]
    assert find_last_head() == list(read_heads())[-1]
    assert check_trail() is None


def test_the_file_is_for_the_program_alone(app: Flask) -> None:
    grow()
    journal_head()
    assert stat.S_IMODE(journal_file().stat().st_mode) == 0o600


def test_a_cut_tail_is_missed_by_the_file_and_by_the_mail(app: Flask) -> None:
    grow(3)
    earlier = head_row()
    grow(2)
    journal_head()
    told = find_head()
    cut(3, earlier)
    assert find_first_break() is None
    found = check_trail()
    assert found is not None
    assert (found.entry_id, "kept of entry 5" in found.words) == (4, True)
    journal_file().unlink()
    assert check_trail() is None
    by_mail = check_trail([told])
    assert by_mail is not None
    assert by_mail.entry_id == 4


def test_a_tail_that_was_cut_and_grew_again_is_missed(app: Flask) -> None:
    grow(3)
    earlier = head_row()
    grow(2)
    journal_head()
    cut(3, earlier)
    grow(4)
    assert find_first_break() is None
    found = check_trail()
    assert found is not None
    assert found.words.startswith("Entry 5 is not the one whose head of ")


def test_a_head_put_back_without_the_key_is_found_even_after_more_is_written(app: Flask) -> None:
    grow(5)
    mac = db.session.scalar(sa.select(AuditEntry.mac).where(AuditEntry.id == 3))
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id > 3))
    db.session.execute(sa.update(AuditHead).values(entry_id=3, mac=mac))
    db.session.commit()
    found = check_trail()
    assert found is not None
    assert found.words == "The mark of the trail's end at entry 3 was changed."
    grow(2)
    found = check_trail()
    assert found is not None
    assert (found.entry_id, "entries may be missing" in found.words) == (4, True)


def test_a_spoilt_file_is_said_by_line(app: Flask) -> None:
    grow()
    journal_head()
    with journal_file().open("a") as file:
        file.write("nonsense\n")
    with pytest.raises(Refused, match=r"Line 2 of .*audit-head is not a head"):
        check_trail()


def test_after_a_restore_the_lost_heads_are_excused_and_later_ones_are_not(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        grow(3)
        backup = head_row()
        grow(4)
        journal_head()
        clock.move_to(NOON.replace(hour=14))
        cut(3, backup)
        assert check_trail() is not None
        note_restored()
        db.session.commit()
        assert check_trail() is None
        grow(1)
        after = head_row()
        grow(3)
        journal_head()
        assert check_trail() is None
        cut(5, after)
        found = check_trail()
    assert found is not None
    assert found.entry_id == 6


def test_administrators_get_the_head_once_a_day(app: Flask, make: Factory) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        make.user(Role.OFFICER)
        assert mail_heads() == 0
        grow(2)
        admin, _away = make.user(Role.ADMIN, locale="fr"), make.user(Role.ADMIN, active=False)
        assert mail_heads() == 1
        assert mail_heads() == 0
        mail = db.session.scalars(sa.select(Mail)).one()
        assert mail.to_address == admin.email
        message, head = render(mail), find_head()
        assert message is not None
        assert head is not None
        command = f"bsm-alumni audit verify --head 2:{head.mac}"
        assert command in message.text
        assert command in message.html
        assert parse_code(command.rsplit(" ", 1)[1]) == Head(2, head.mac)
        clock.move_to(NOON.replace(day=9))
        assert mail_heads() == 1


def test_one_who_is_no_administrator_any_more_gets_none(app: Flask, make: Factory) -> None:
    grow()
    admin = make.user(Role.ADMIN)
    mail_heads()
    admin.role = Role.OFFICER
    db.session.commit()
    assert render(db.session.scalars(sa.select(Mail)).one()) is None


def test_the_worker_does_both(app: Flask) -> None:
    assert {journal_head, mail_heads} <= set(DUTIES)
    assert MAIL_RENDERERS["audit_head"] is render


@pytest.mark.parametrize("text", ["", "5", "5:abc", "x:" + "0" * 64, "5:" + "g" * 64, "-1:" + "0" * 64])
def test_what_is_no_head_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="is no head of a trail"):
        parse_code(text)


def test_the_journal_lies_beside_the_database(app: Flask) -> None:
    settings = app.extensions["bsm_settings"]
    assert Path(settings.journal_dir).name == "journal"
    assert journal_file().parent == Path(settings.journal_dir)
