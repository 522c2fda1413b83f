"""From asking to being gone: who may let it happen, who is told, what a restore does, what the file's bytes hold."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.consent.disclosures import put_down
from bsm_alumni.consent.enums_disclosures import DisclosureWay as Way
from bsm_alumni.consent.erased import erased_among, lift
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import deliver_due
from bsm_alumni.maintenance.service import backup_database, restore_database, settle_restored
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.rights import journal
from bsm_alumni.rights.enums import ErasureState
from bsm_alumni.rights.models import Erasure
from bsm_alumni.rights.restoring import remember
from bsm_alumni.rights.service_erasures import (
    approve_erasure,
    ask_erasure,
    carry_out_due,
    refuse_erasure,
    withdraw_erasure,
)
from bsm_alumni.rights.service_notices import NOTICE
from bsm_alumni.web.errors import FieldErrors, Refused
from bsm_alumni.worker import MAIL_RENDERERS
from config import ROOT
from tests.factories import Factory
from tests.rights.canaries import Canary, found_in_tables


def status_of(alumnus_id: int) -> AlumnusStatus:
    db.session.rollback()
    return db.session.get_one(Alumnus, alumnus_id).status


def ask(alumnus: Alumnus, words: str = "", recorded_by_id: int | None = None) -> int:
    with writing():
        erasure_id = ask_erasure(alumnus, words, recorded_by_id).id
        db.session.commit()
    return erasure_id


def approve(erasure_id: int, user_id: int) -> None:
    with writing():
        approve_erasure(erasure_id, user_id)
        db.session.commit()


def notices() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Mail.to_address).where(Mail.kind == NOTICE).order_by(Mail.id)))


@pytest.fixture(autouse=True)
def no_journal(app: Flask) -> None:
    journal.journal_path().unlink(missing_ok=True)


def test_asked_by_the_person_one_administrator_lets_it_happen(app: Flask, make: Factory, mail_folder: Path) -> None:
    admin, person = make.user(Role.ADMIN).id, make.alumnus()
    number = person.id
    erasure_id = ask(person)
    assert carry_out_due() == 0
    approve(erasure_id, admin)
    # The last mail goes first; until it left nothing happens.
    assert carry_out_due() == 0
    assert deliver_due(MAIL_RENDERERS) == 1
    assert "erased now" in (mail_folder / "00000001.eml").read_text()
    assert carry_out_due() == 1
    assert carry_out_due() == 0
    assert status_of(number) is AlumnusStatus.ERASED
    assert list(mail_folder.iterdir()) == []
    assert db.session.get_one(Erasure, erasure_id).state is ErasureState.DONE


def test_taken_down_by_staff_another_person_has_to_approve(make: Factory) -> None:
    first, second, person = make.user(Role.ADMIN).id, make.user(Role.ADMIN).id, make.alumnus()
    with pytest.raises(FieldErrors):
        ask(person, "", first)
    db.session.rollback()
    erasure_id = ask(person, "Letter of 3 March", first)
    with pytest.raises(Refused):
        approve(erasure_id, first)
    db.session.rollback()
    approve(erasure_id, second)
    assert db.session.get_one(Erasure, erasure_id).state is ErasureState.APPROVED


def test_on_its_day_it_happens_without_anybody_unless_only_staff_asked(
    make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, theirs = make.alumnus(email=None), make.alumnus(email=None)
    numbers = own.id, theirs.id
    ask(own)
    ask(theirs, "By telephone", make.user().id)
    now = utc_now()
    for days, expected in ((29, 0), (31, 1)):
        monkeypatch.setattr("bsm_alumni.rights.service_erasures.utc_now", lambda days=days: now + timedelta(days=days))
        assert carry_out_due() == expected
    assert [status_of(number) for number in numbers] == [AlumnusStatus.ERASED, AlumnusStatus.ACTIVE]


def test_it_can_be_taken_back_or_refused_with_words(make: Factory) -> None:
    person, other = make.alumnus(), make.alumnus()
    admin = make.user(Role.ADMIN).id
    ask(person)
    with pytest.raises(Refused):
        ask(person)
    withdraw_erasure(person)
    db.session.commit()
    erasure_id = ask(other)
    with pytest.raises(FieldErrors):
        refuse_erasure(erasure_id, " ", admin)
    refuse_erasure(erasure_id, "A court asks for the record.", admin)
    db.session.commit()
    assert carry_out_due() == 0
    assert deliver_due(MAIL_RENDERERS) == 1
    with pytest.raises(Refused):
        approve_erasure(erasure_id, admin)


def test_each_recipient_is_told_once_by_number_alone(app: Flask, make: Factory, mail_folder: Path) -> None:
    canary = Canary(make, "canaryfirst")
    a, b, unseen = make.organisation(), make.organisation(), make.organisation()
    focal = make.user(Role.PARTNER, organisation_id=a.id, is_focal_point=True)
    plain = make.user(Role.PARTNER, organisation_id=a.id)
    only, gone = make.user(Role.PARTNER, organisation_id=b.id), make.user(Role.PARTNER, organisation_id=b.id)
    gone.active = False
    make.user(Role.PARTNER, organisation_id=unseen.id)
    shown = [(canary.alumnus_id, [FieldGroup.IDENTITY])]
    for user, way in ((plain, Way.LIST), (plain, Way.EXPORT), (only, Way.PAGE), (make.user(), Way.PAGE)):
        put_down(viewer_of(user), shown, way, "choosing")
    db.session.commit()
    addresses = [focal.email, only.email]
    approve(ask(canary.person), canary.second.id)
    deliver_due(MAIL_RENDERERS)
    assert carry_out_due() == 1
    assert notices() == addresses
    deliver_due(MAIL_RENDERERS)
    sent = list(db.session.scalars(sa.select(Mail.sent_text).where(Mail.kind == NOTICE).order_by(Mail.id)))
    assert [f"number {canary.alumnus_id} " in text for text in sent] == [True, True]
    assert ["files of yours: " in text for text in sent] == [True, False]
    assert found_in_tables("canaryfirst") == {}


def test_a_restored_backup_is_erased_again_and_nobody_is_told_twice(app: Flask, make: Factory) -> None:
    canary, other = Canary(make, "canaryfirst"), Canary(make, "canaryother")
    partner = make.user(Role.PARTNER)
    put_down(viewer_of(partner), [(canary.alumnus_id, [FieldGroup.IDENTITY])], Way.EXPORT, "choosing")
    db.session.commit()
    addresses = list(canary_addresses(canary.alumnus_id))
    backup = Backup(app)
    approve(ask(canary.person), canary.second.id)
    deliver_due(MAIL_RENDERERS)
    assert carry_out_due() == 1
    assert notices() == [partner.email]
    assert deliver_due(MAIL_RENDERERS) == 1
    remembered = remember()
    assert [entry.alumnus_id for entry in remembered.entries] == [canary.alumnus_id]
    backup.put_back()
    assert found_in_tables("canaryfirst") != {}
    assert settle_restored(remembered).erased_again == 1
    assert found_in_tables("canaryfirst") == {}
    assert find_first_break() is None
    assert notices() == []
    assert carry_out_due() == 0
    assert notices() == []
    assert status_of(other.alumnus_id) is AlumnusStatus.ACTIVE
    assert erased_among([*addresses, "canaryother@example.org"]) == addresses
    # Once more finds nothing to do.
    assert settle_restored(remember()).erased_again == 0


def test_a_real_backup_file_is_put_back_and_erased_again(app: Flask, make: Factory, tmp_path: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        # On PostgreSQL the programs pg_dump and pg_restore do it, which a wheel does not bring.
        return
    # A backup says which migration made it; the tests' database is made from the models.
    MigrationContext.configure(db.session.connection()).stamp(ScriptDirectory(str(ROOT / "migrations")), "head")
    db.session.commit()
    canary = Canary(make, "canaryfirst")
    file = str(tmp_path / "backup.db")
    backup_database(file)
    approve(ask(canary.person), canary.second.id)
    deliver_due(MAIL_RENDERERS)
    carry_out_due()
    later = make.alumnus("Lost", "Since").id
    done = restore_database(file)
    assert (done.erased_again, done.was_read) == (1, True)
    assert found_in_tables("canaryfirst") == {}
    assert db.session.get(Alumnus, later) is None
    assert find_first_break() is None


def test_the_journal_alone_is_enough_and_another_registrys_is_passed_over(app: Flask, make: Factory) -> None:
    canary = Canary(make, "canaryfirst")
    backup = Backup(app)
    approve(ask(canary.person), canary.second.id)
    deliver_due(MAIL_RENDERERS)
    carry_out_due()
    path = journal.journal_path()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "canary" not in path.read_text()
    backup.put_back()
    lines = path.read_text()
    foreign = json.loads(lines)
    foreign["mark"] = "0" * 64
    path.write_text(json.dumps(foreign) + "\n" + "{cut short")
    assert settle_restored(remember()).erased_again == 0
    path.write_text(lines)
    assert settle_restored(remember()).erased_again == 1
    assert found_in_tables("canaryfirst") == {}


def test_an_erased_address_is_let_in_again_by_staff_alone(make: Factory) -> None:
    person = make.alumnus(email="Amina@example.org")
    approve(ask(person), make.user(Role.ADMIN).id)
    deliver_due(MAIL_RENDERERS)
    carry_out_due()
    assert erased_among(["other@example.org", "amina@EXAMPLE.org"]) == ["amina@EXAMPLE.org"]
    lift("amina@example.org", None, "She asked to be here again.")
    db.session.commit()
    assert erased_among(["amina@example.org"]) == []
    with pytest.raises(FieldErrors):
        lift("amina@example.org", None, "Again")


def test_the_bytes_of_the_file_hold_nothing(app: Flask, make: Factory) -> None:
    if db.engine.dialect.name != "sqlite":
        # PostgreSQL's old row versions are its own to vacuum; its tables hold nothing, which the tests above prove.
        return
    canary = Canary(make, "canaryfirst")
    path = Path(db.engine.url.database or "")

    def held() -> int:
        files = [file for suffix in ("", "-wal") if (file := Path(f"{path}{suffix}")).exists()]
        return sum(file.read_bytes().lower().count(b"canaryfirst") for file in files)

    assert held() > 50
    approve(ask(canary.person), canary.second.id)
    deliver_due(MAIL_RENDERERS)
    carry_out_due()
    assert held() == 0


def canary_addresses(alumnus_id: int) -> list[str]:
    found = [email.address for email in db.session.get_one(Alumnus, alumnus_id).emails]
    return [*found, "user-canaryfirst@example.org"]


class Backup:
    """The rows of every table, kept aside and put back: what a backup and its restore do, on each database."""

    def __init__(self, app: Flask) -> None:
        db.session.rollback()
        self.rows = {
            table.name: [dict(row._mapping) for row in db.session.execute(sa.select(table))]
            for table in db.metadata.sorted_tables
        }

    def _count_on(self, table: sa.Table) -> None:
        """New rows get numbers after those that were put back."""
        column = table.autoincrement_column
        if db.engine.dialect.name == "postgresql" and column is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            db.session.execute(sa.select(sa.func.setval(sequence, sa.select(sa.func.max(column)).scalar_subquery())))

    def put_back(self) -> None:
        db.session.rollback()
        if db.engine.dialect.name == "postgresql":
            # Policies and triggers hang on the tables, so all of it goes.
            db.session.execute(sa.text("DROP SCHEMA public CASCADE"))
            db.session.execute(sa.text("CREATE SCHEMA public"))
            db.session.commit()
        else:
            db.drop_all()
        db.create_all()
        for table in db.metadata.sorted_tables:
            if self.rows[table.name]:
                db.session.execute(sa.insert(table), self.rows[table.name])
                self._count_on(table)
        db.session.commit()
