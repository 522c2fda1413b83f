"""Agreements: what they do is shown before they are saved, and what is saved counts with the next request."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import shows, visible
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup, OrganisationKind
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.queries_effect import Span, effect_of_end, effect_of_ending, effect_of_new
from bsm_alumni.organisations.rules import groups_of
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
NAME, WORK, CONTACT, _DAYS, SESSIONS = FieldGroup
ALL = frozenset(FieldGroup)
LIST = "/staff/settings/organisations"


@pytest.fixture
def unx(make: Factory) -> Organisation:
    """A partner without an agreement, and five people: three may be shown to it, of whom two give their contact."""
    partner, other = make.organisation("UNX"), make.organisation("UNY")
    for groups in ({NAME, WORK}, {NAME, CONTACT}, ALL):
        make.consent(make.alumnus(), partner, frozenset(groups))
    make.consent(make.alumnus(restricted=True), partner, ALL)
    make.consent(make.alumnus(status=AlumnusStatus.LEFT_SERVICE), partner, ALL)
    make.consent(make.alumnus(), other, ALL)
    return partner


@pytest.fixture
def admin(make: Factory, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMIN))


def url(partner: Organisation, rest: str = "") -> str:
    return f"{LIST}/{partner.id}/agreements{rest}"


def held() -> list[Agreement]:
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(Agreement).order_by(Agreement.id).execution_options(populate_existing=True))
    )


def today() -> date:
    return utc_now().date()


def fields(**more: Any) -> dict[str, Any]:
    base = {"groups": ["identity", "contact"], "purpose": "Choosing presenters", "reference": "UNX/1"}
    return {**base, "starts_on": today().isoformat(), "ends_on": "", **more}


def seen_by(partner: Organisation) -> dict[FieldGroup, int]:
    """What the one door lets this partner see at this moment."""
    viewer = Viewer(user_id=1, role=Role.PARTNER, organisation_id=partner.id)
    return {
        group: db.session.scalar(
            sa.select(sa.func.count()).select_from(
                visible(viewer).where(shows(viewer, group)).with_only_columns(Alumnus.id).subquery()
            )
        )
        or 0
        for group in FieldGroup
    }


def shown_counts(page: str) -> list[tuple[int, int]]:
    """Before and after of each part, as the page of the effect shows them."""
    found = re.findall(r'data-label="People (?:before|after)">(\d+)<', page)
    return [(int(found[at]), int(found[at + 1])) for at in range(0, len(found), 2)]


def test_entering_shows_what_it_does_and_then_does_it(admin: FlaskClient, unx: Organisation) -> None:
    first = post_form(admin, url(unx, "/new"), fields())
    assert (first.status_code, held()) == (200, [])
    assert "3 people become visible," in first.text
    assert "0 are seen no more." in first.text
    assert shown_counts(first.text) == [(0, 3), (0, 0), (0, 2), (0, 0), (0, 0)]
    data = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', first.text.split("<h1>")[1]))
    groups = re.findall(r'name="groups" value="(\w+)"', first.text)
    saved = post_form(admin, url(unx, "/new"), {**data, "groups": groups})
    assert saved.status_code == 302
    (agreement,) = held()
    assert (groups_of(agreement.groups), agreement.purpose, agreement.reference, agreement.ends_on) == (
        {NAME, CONTACT},
        "Choosing presenters",
        "UNX/1",
        None,
    )
    assert list(seen_by(unx).values()) == [3, 0, 2, 0, 0]
    assert db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "agreements")).all() == [
        "agreement.added"
    ]
    # Sent twice it is entered once: the days are taken.
    again = post_form(admin, url(unx, "/new"), {**data, "groups": groups})
    assert (again.status_code, len(held())) == (422, 1)


def test_changing_ones_mind_before_saving(admin: FlaskClient, unx: Organisation) -> None:
    page = post_form(admin, url(unx, "/new"), fields(looked_at="1", back="1"))
    assert (page.status_code, held()) == (200, [])
    assert page.text.count(" checked") == 2
    assert 'name="looked_at"' not in page.text


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"groups": ["contact"]}, "groups"),
        ({"groups": []}, "groups"),
        ({"groups": ["everything"]}, "groups"),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": "2020-01-01"}, "ends_on"),
        ({"reference": "x" * 121}, "reference"),
    ],
)
@pytest.mark.parametrize("looked_at", ["", "1"])
def test_each_error_stands_at_its_field(
    more: dict[str, Any], field: str, looked_at: str, admin: FlaskClient, unx: Organisation
) -> None:
    page = post_form(admin, url(unx, "/new"), fields(**more, looked_at=looked_at))
    assert (page.status_code, held()) == (422, [])
    assert re.findall(r'class="field-error" id="(\w+)-error"', page.text) == [field]


@pytest.mark.parametrize(
    ("start", "end", "status"), [(0, None, 422), (-10, 0, 422), (10, None, 422), (11, None, 200), (-10, -6, 200)]
)
def test_two_agreements_never_hold_on_a_day(
    start: int, end: int | None, status: int, admin: FlaskClient, unx: Organisation, make: Factory
) -> None:
    make.agreement(unx, starts_on=today() - timedelta(5), ends_on=today() + timedelta(10))
    days = {
        "starts_on": (today() + timedelta(start)).isoformat(),
        "ends_on": "" if end is None else (today() + timedelta(end)).isoformat(),
    }
    page = post_form(admin, url(unx, "/new"), fields(**days))
    assert page.status_code == status
    errors = re.findall(r'class="field-error" id="(\w+)-error"', page.text)
    assert errors == (["starts_on"] if status == 422 else [])


def test_ending_one_shows_whom_it_loses_and_counts_at_once(
    admin: FlaskClient, unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    agreement = make.agreement(unx, ALL)
    partner = sign_in(make.user(Role.PARTNER, organisation_id=unx.id))
    path = url(unx, f"/{agreement.id}/end")
    assert partner.get("/partner/alumni").text.count('<th scope="row">') == 3
    page = admin.get(path)
    assert "0 people become visible," in page.text
    assert "3 are seen no more." in page.text
    assert shown_counts(page.text) == [(3, 0), (2, 0), (2, 0), (1, 0), (1, 0)]
    assert partner.get("/partner/alumni").text.count('<th scope="row">') == 3
    for _time in range(2):
        assert post_form(admin, path).status_code == 302
    assert partner.get("/partner/alumni").text.count('<th scope="row">') == 0
    verbs = db.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.subject_kind == "agreements")).all()
    assert list(verbs) == ["agreement.ended"]
    assert post_form(admin, url(unx, f"/{agreement.id}/edit"), fields(looked_at="1")).status_code == 422


def test_another_last_day(admin: FlaskClient, unx: Organisation, make: Factory) -> None:
    agreement = make.agreement(unx, frozenset({NAME}))
    path, yesterday = url(unx, f"/{agreement.id}/edit"), today() - timedelta(1)
    later = post_form(admin, path, fields(ends_on=(today() + timedelta(30)).isoformat()))
    assert (later.status_code, shown_counts(later.text)[0]) == (200, (3, 0))
    assert "if everybody's consent stays as it is today" in later.text
    past = post_form(admin, path, fields(ends_on=yesterday.isoformat()))
    assert (past.status_code, "3 are seen no more." in past.text) == (200, True)
    assert list(seen_by(unx).values()) == [3, 0, 0, 0, 0]
    assert post_form(admin, path, fields(ends_on=yesterday.isoformat(), looked_at="1")).status_code == 302
    assert list(seen_by(unx).values()) == [0, 0, 0, 0, 0]
    (kept,) = held()
    # What it covers, and its first day, are not changed by this form.
    assert (kept.ends_on, groups_of(kept.groups), kept.starts_on) == (yesterday, {NAME}, date(2020, 1, 1))


@pytest.mark.parametrize("standing", [None, frozenset({NAME}), ALL])
@pytest.mark.parametrize("groups", [frozenset({NAME}), frozenset({NAME, WORK, SESSIONS}), ALL])
def test_the_counts_are_those_of_the_one_door(
    standing: frozenset[FieldGroup] | None, groups: frozenset[FieldGroup], unx: Organisation, make: Factory
) -> None:
    last = today() - timedelta(1)
    if standing is not None:
        make.agreement(unx, standing, ends_on=last)
    effect = effect_of_new(unx.id, Span(groups, today(), None), today())
    assert (effect.before, effect.on) == (seen_by(unx), today())
    agreement = make.agreement(unx, groups, starts_on=today())
    assert effect.after == seen_by(unx)
    ending, ending_by_day = effect_of_ending(agreement, today()), effect_of_end(agreement, last, today())
    assert ending.before == ending_by_day.before == seen_by(unx)
    agreement.ended_at = utc_now()
    db.session.commit()
    assert ending.after == ending_by_day.after == seen_by(unx)


def test_the_list_of_organisations_says_which_is_in_force(admin: FlaskClient, make: Factory) -> None:
    until, since, none = make.organisation("AAA"), make.organisation("BBB"), make.organisation("CCC")
    over, later = make.organisation("DDD"), make.organisation("EEE")
    make.organisation("UNOCT", kind=OrganisationKind.OFFICE)
    make.agreement(until, frozenset({NAME}), ends_on=date(2040, 3, 1))
    make.agreement(since, frozenset({NAME}))
    make.agreement(over, ends_on=today() - timedelta(1))
    make.agreement(later, starts_on=today() + timedelta(1))
    page = admin.get(LIST).text
    words = re.findall(r'/agreements">([^<]+)<', page)
    nobody = "none: sees nobody"
    assert words == ["until 1 March 2040", "since 1 January 2020", nobody, nobody, nobody]
    assert admin.get(url(none)).text.count("No agreement is in force: CCC sees nobody.") == 1


def test_agreements_are_of_their_own_partner(admin: FlaskClient, unx: Organisation, make: Factory) -> None:
    office, other = make.organisation("UNOCT", kind=OrganisationKind.OFFICE), make.organisation("UNZ")
    foreign = make.agreement(other)
    for path in (f"/{foreign.id}/edit", f"/{foreign.id}/end", "/999999/edit", "/999999/end"):
        assert admin.get(url(unx, path)).status_code == 404
        assert post_form(admin, url(unx, path), fields(looked_at="1")).status_code == 404
    for path in ("", "/new"):
        assert admin.get(url(office, path)).status_code == 404
        assert admin.get(f"{LIST}/999999/agreements{path}").status_code == 404
    assert [agreement.ended_at for agreement in held()] == [None]


def test_only_an_administrator_who_proved_themselves_lately_changes_them(
    unx: Organisation, make: Factory, sign_in: SignIn
) -> None:
    agreement = make.agreement(unx)
    officer = sign_in(make.user(Role.OFFICER))
    page = officer.get(url(unx)).text
    assert ("In force" in page, "/new" in page, "/end" in page) == (True, False, False)
    user = make.user(Role.ADMIN)
    stale = sign_in(user)
    db.session.execute(sa.update(UserSession).values(fresh_at=utc_now() - timedelta(hours=1)))
    db.session.commit()
    for path in ("/new", f"/{agreement.id}/edit", f"/{agreement.id}/end"):
        assert officer.get(url(unx, path)).status_code == 403
        assert post_form(officer, url(unx, path), fields(looked_at="1")).status_code == 403
        for answer in (stale.get(url(unx, path)), post_form(stale, url(unx, path), fields(looked_at="1"))):
            assert (answer.status_code, answer.location.split("?")[0]) == (302, "/account/confirm")
    assert [(one.purpose, one.ended_at) for one in held()] == [("Choosing presenters", None)]


def test_queries_do_not_grow(admin: FlaskClient, unx: Organisation, make: Factory, count_queries: Any) -> None:
    counts = []
    for number in (1, 2):
        for place in range(number):
            first = date(2001 + 3 * number + place, 1, 1)
            make.agreement(unx, starts_on=first, ends_on=first + timedelta(30))
        with count_queries() as queries:
            assert admin.get(url(unx)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
