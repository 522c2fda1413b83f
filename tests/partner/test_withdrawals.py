"""A withdrawal counts from the next statement: between two pages, while a file is made, and for closed accounts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.database import writing
from bsm_alumni.desk.models_exports import PartnerExport
from bsm_alumni.desk.service_exports import export_shared, export_table
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import Refused
from tests.browsing import post_form
from tests.factories import Factory
from tests.partner.files import rows_of, text_of

SignIn = Callable[[User], FlaskClient]
EXPORT = "/partner/alumni/export"
ALL = frozenset(FieldGroup)


def crowd(make: Factory, count: int) -> tuple[User, list[int]]:
    """A partner that may see everything of ``count`` people, and a user of it."""
    partner = make.organisation("UNX")
    make.agreement(partner, ALL)
    ids = []
    for number in range(count):
        person = make.alumnus(f"Name{number:02d}", "A", email=f"zqmail{number:02d}@example.org")
        make.consent(person, partner, ALL)
        ids.append(person.id)
    return make.user(Role.PARTNER, organisation_id=partner.id, name="Rosa Focal-Point"), ids


@contextmanager
def meanwhile(at: int, statement: str) -> Iterator[list[str]]:
    """Run ``statement`` in another connection just before the ``at``-th reading of a batch of people."""
    seen: list[str] = []

    def _watch(_c: object, _cursor: object, sent: str, *_rest: object) -> None:
        if sent.startswith("SELECT alumni.id, alumni.shown_sort"):
            seen.append(sent)
            if len(seen) == at:
                with other.begin() as connection:
                    connection.exec_driver_sql(statement)

    other = sa.create_engine(db.engine.url, **({"module": db.engine.dialect.dbapi} if is_sqlite() else {}))
    sa.event.listen(db.engine, "before_cursor_execute", _watch)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", _watch)
        other.dispose()


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def names_of(content: bytes) -> list[str]:
    return [row["name"] for row in rows_of(content, "json")]


def export(user: User) -> bytes:
    with writing():
        file = export_shared(viewer_of(db.session.get(User, user.id)), RosterFilter(), "json", "Choosing presenters")
        db.session.commit()
    return file.content


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bsm_alumni.desk.service_exports.BATCH", 2)


def test_between_two_pages(make: Factory, sign_in: SignIn) -> None:
    user, ids = crowd(make, 28)
    client = sign_in(user)
    first = client.get("/partner/alumni").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    db.session.execute(sa.text("DELETE FROM shared_with WHERE alumnus_id = :one"), {"one": ids[26]})
    db.session.commit()
    second = client.get(following).text
    assert [n for n in range(25, 28) if f"A Name{n}<" in second] == [25, 27]
    assert ("28 people" in first, "27 people" in second) == (True, True)
    assert client.get(f"/partner/alumni/{ids[26]}").status_code == 404


def test_one_part_is_gone_from_a_page_already_open(make: Factory, sign_in: SignIn) -> None:
    user, (one,) = crowd(make, 1)
    client = sign_in(user)
    assert "zqmail00" in client.get(f"/partner/alumni/{one}").text
    db.session.execute(sa.text("UPDATE shared_with SET groups = 27"))
    db.session.commit()
    answer = client.get(f"/partner/alumni/{one}")
    assert (answer.status_code, "zqmail00" in answer.text) == (200, False)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(
    ("statement", "left"),
    [
        # Read in the first batch, and gone when the second is read.
        ("DELETE FROM shared_with WHERE alumnus_id = {0}", [1, 2, 3, 4, 5]),
        # In a batch that is still to come.
        ("DELETE FROM shared_with WHERE alumnus_id = {5}", [0, 1, 2, 3, 4]),
        ("UPDATE alumni SET restricted = true WHERE id = {1}", [0, 2, 3, 4, 5]),
        # Who takes back a part is left out whole: what was read of them is no longer what they share.
        ("UPDATE shared_with SET groups = 27 WHERE alumnus_id = {0}", [1, 2, 3, 4, 5]),
        ("UPDATE agreements SET ended_at = '2026-01-01 00:00:00'", []),
        ("UPDATE organisations SET archived_at = '2026-01-01 00:00:00'", []),
    ],
)
def test_while_a_file_is_made(statement: str, left: list[int], make: Factory) -> None:
    user, ids = crowd(make, 6)
    assert names_of(export(user)) == [f"A Name{n:02d}" for n in range(6)]
    with meanwhile(2, statement.format(*ids)) as batches:
        content = export(user)
    assert names_of(content) == [f"A Name{n:02d}" for n in left]
    assert len(batches) >= 2
    # What is put down as handed over is what was.
    latest = db.session.scalar(sa.select(sa.func.max(PartnerExport.id)))
    taken = db.session.get_one(PartnerExport, latest)
    assert taken.count == len(left)


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE users SET active = false WHERE id = {0}", "UPDATE users SET organisation_id = {1} WHERE id = {0}"],
)
def test_an_account_that_was_closed_or_moved_meanwhile_gets_nothing(statement: str, make: Factory) -> None:
    user, _ids = crowd(make, 6)
    elsewhere = make.organisation().id
    with meanwhile(2, statement.format(user.id, elsewhere)), pytest.raises(Refused):
        export(user)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PartnerExport)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Disclosure)) == 0


def test_an_agreement_over_since_yesterday_opens_nothing_today(make: Factory, sign_in: SignIn) -> None:
    partner = make.organisation()
    agreement = make.agreement(partner, ALL, ends_on=utc_now().date())
    make.consent(make.alumnus(), partner, ALL)
    client = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    assert client.get("/partner/alumni").text.count('<th scope="row">') == 1
    agreement.ends_on = utc_now().date() - timedelta(days=1)
    db.session.commit()
    assert client.get("/partner/alumni").text.count('<th scope="row">') == 0


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_a_file_says_who_took_it_when_and_for_what(file_format: str, make: Factory, sign_in: SignIn) -> None:
    user, _ids = crowd(make, 1)
    form = {"purpose": "Workshop in Dakar, 2027", "file_format": file_format}
    answer = post_form(sign_in(user), EXPORT, form, page=EXPORT)
    db.session.rollback()
    (taken,) = db.session.scalars(sa.select(PartnerExport))
    text = text_of(answer.data)
    at = taken.at.strftime("%Y-%m-%d %H:%M UTC")
    for word in ("Rosa Focal-Point, UNX", at, "Workshop in Dakar, 2027", "Export number"):
        assert word in text, word
    name = answer.headers["Content-Disposition"]
    stamp = taken.at.strftime("%Y%m%dT%H%MZ")
    assert f"alumni_UNX_rosa-focal-point_{stamp}_export-{taken.id}_workshop-in-dakar-2027.{file_format}" in name
    if file_format == "xlsx":
        properties = text.split("<dc:description>")[1].split("</dc:description>")[0]
        assert "Workshop in Dakar, 2027" in properties
    assert (taken.count, taken.purpose, taken.groups, taken.file_format) == (1, form["purpose"], 31, file_format)
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "export.made"))
    assert (entry.after["number"], entry.after["count"]) == (taken.id, 1)


def test_numbers_are_never_given_twice_and_staffs_files_carry_none(make: Factory) -> None:
    user, _ids = crowd(make, 1)
    for _ in range(3):
        export(user)
    officer = make.user()
    with writing():
        export_table(viewer_of(db.session.get(User, officer.id)), "alumni", "csv", "Report of the year")
        db.session.commit()
    assert list(db.session.scalars(sa.select(PartnerExport.id).order_by(PartnerExport.id))) == [1, 2, 3]


def test_who_received_what_is_put_down(make: Factory, sign_in: SignIn) -> None:
    user, (one,) = crowd(make, 1)
    client = sign_in(user)
    client.get("/partner/alumni")
    client.get(f"/partner/alumni/{one}")
    export(user)
    db.session.rollback()
    rows = db.session.execute(sa.select(Disclosure.way, Disclosure.groups, Disclosure.purpose)).all()
    assert sorted((way.value, groups, purpose) for way, groups, purpose in rows) == [
        ("export", 31, "Choosing presenters"),
        ("list", 3, ""),
        ("page", 31, ""),
    ]
