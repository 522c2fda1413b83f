"""The partner's roster: pages, exports with a purpose, and how much work they are."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.desk.queries_partner import each_shared
from bsm_alumni.extensions import db
from tests.browsing import post_form
from tests.factories import Factory
from tests.partner.files import rows_of, text_of
from tests.partner.worlds import make_world

SignIn = Callable[[User], FlaskClient]
CountQueries = Callable[[], AbstractContextManager[list[str]]]
EXPORT = "/partner/alumni/export"


def take(client: FlaskClient, **fields: str) -> object:
    return post_form(client, EXPORT, {"purpose": "Choosing presenters", "file_format": "csv", **fields}, page=EXPORT)


def test_pages_follow_one_another_without_gap_or_twice(make: Factory, sign_in: SignIn) -> None:
    partner = make.organisation()
    names = [f"Name{number:02d}" for number in range(30)]
    for name in reversed(names):
        make.alumnus(name, "A", shared_with=(partner,))
    client = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    first = client.get("/partner/alumni").text
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(following).text
    assert [name for name in names if f"A {name}<" in first] == names[:25]
    assert [name for name in names if f"A {name}<" in second] == names[25:]
    assert ("30 people" in first, "30 people" in second) == (True, True)


def test_a_full_page_is_light(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make, shown=30)
    answer = sign_in(world.user_a).get("/partner/alumni")
    assert answer.text.count('<th scope="row">') == 25
    assert len(answer.data) < 60 * 1024


@pytest.mark.parametrize("url", ["/partner/alumni", "/partner/alumni?q=shown&place=SN", EXPORT])
def test_queries_do_not_grow_with_rows(url: str, make: Factory, sign_in: SignIn, count_queries: CountQueries) -> None:
    world = make_world(make, shown=1)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            person = make.alumnus("Shown", shared_with=(world.partner_a,), themes=(make.theme(),), languages={"fr": 4})
            make.enrolment(make.cohort(), person)
        client = sign_in(world.user_a)
        with count_queries() as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_an_export_keeps_who_how_many_and_for_what(make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    client = sign_in(world.user_a)
    assert take(client, purpose=" Workshop in Dakar ").status_code == 200
    db.session.rollback()
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "export.made"))
    assert (entry.actor_id, entry.after["count"], entry.after["purpose"], entry.after["format"]) == (
        world.user_a.id,
        2,
        "Workshop in Dakar",
        "csv",
    )


@pytest.mark.parametrize(
    "fields", [{"purpose": ""}, {"purpose": "short"}, {"file_format": "exe"}, {"purpose": "x" * 301}]
)
def test_without_a_purpose_there_is_no_file(fields: dict[str, str], make: Factory, sign_in: SignIn) -> None:
    world = make_world(make)
    answer = take(sign_in(world.user_a), **fields)
    assert (answer.status_code, "attachment" in answer.headers.get("Content-Disposition", "")) == (422, False)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0 + audit_of_world(world)


def audit_of_world(world: object) -> int:
    """Entries that making the world itself left: one for each sharing answer."""
    verb = AuditEntry.verb == "consent.given"
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(verb)) or 0


def test_cells_that_look_like_formulas_are_harmless(make: Factory, sign_in: SignIn) -> None:
    partner = make.organisation()
    for start in ("=", "+", "-", "@"):
        make.alumnus(f"{start}cmd", "", display_name=f"{start}HYPERLINK(A1)", agency="=1+1", shared_with=(partner,))
    client = sign_in(make.user(Role.PARTNER, organisation_id=partner.id))
    rows = rows_of(take(client).data, "csv")
    assert sorted(row["name"][:2] for row in rows) == ["'+", "'-", "'=", "'@"]
    book = take(client, file_format="xlsx").data
    assert ("<f>" in text_of(book), "hyperlink" in text_of(book).split("HYPERLINK")[0]) == (False, False)
    assert {row["agency"] for row in rows_of(book, "xlsx")} == {"=1+1"}


def test_a_full_list_beyond_one_batch_is_whole(make: Factory) -> None:
    world = make_world(make, shown=5)
    viewer = Viewer(role=Role.PARTNER, organisation_id=world.partner_a.id)
    names = [person.display_name for person in each_shared(viewer, RosterFilter(), batch=2)]
    assert names == [f"Person Shown{number:03d}" for number in range(5)]
