"""The staff's roster: who is listed, in what order, at what cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import AvailabilityPeriod
from tests.alumni.pages import names_of, words_in
from tests.factories import Factory

Counter = Callable[[], AbstractContextManager[list[str]]]
LARGEST_PAGE = 60 * 1024


@pytest.fixture
def staff(make: Factory, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make.user(Role.OFFICER))


@pytest.fixture
def four(make: Factory) -> Factory:
    """Four people who differ in everything that the roster filters by."""
    pnr = make.theme("Passenger data")
    cohort = make.cohort("BSM-ToT-77")
    amina = make.alumnus("Diallo", "Amina", languages={"fr": 5}, themes=(pnr,))
    make.enrolment(cohort, amina)
    make.alumnus("Ferrer", "Lucía", country_code="CO", languages={"fr": 2, "es": 7}, agency="Customs")
    make.alumnus("Khan", "Ahmed", country_code="PK", languages={"en": 5}, status=AlumnusStatus.INACTIVE)
    make.alumnus("Zhou", "Ming", country_code="CN", status=AlumnusStatus.ARCHIVED)
    return make


def listed(client: FlaskClient, query: str = "") -> list[str]:
    answer = client.get(f"/staff/alumni?{query}")
    assert answer.status_code == 200
    return names_of(answer.text)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Amina Diallo", "Lucía Ferrer", "Ahmed Khan"]),
        ("q=lucia+ferr", ["Lucía Ferrer"]),
        ("q=custom", ["Lucía Ferrer"]),
        ("q=iallo", []),
        ("place=SN", ["Amina Diallo"]),
        ("place=South+America", ["Lucía Ferrer"]),
        ("language=fr", ["Amina Diallo", "Lucía Ferrer"]),
        ("language=fr&level=5", ["Amina Diallo"]),
        ("status=inactive", ["Ahmed Khan"]),
        ("status=archived", ["Ming Zhou"]),
        ("language=fr&place=CO", ["Lucía Ferrer"]),
    ],
)
def test_filters(four: Factory, staff: FlaskClient, query: str, names: list[str]) -> None:
    assert listed(staff, query) == names


def test_filter_by_theme_and_by_cohort(make: Factory, staff: FlaskClient) -> None:
    theme, cohort = make.theme(), make.cohort()
    amina = make.alumnus("Diallo", "Amina", themes=(theme,))
    lucia = make.alumnus("Ferrer", "Lucía")
    make.enrolment(cohort, lucia)
    assert listed(staff, f"theme={theme.id}") == [amina.display_name]
    assert listed(staff, f"cohort={cohort.id}") == [lucia.display_name]


def test_free_between_dates(make: Factory, staff: FlaskClient) -> None:
    def away(kind: PeriodKind, first: date, last: date) -> AvailabilityPeriod:
        return AvailabilityPeriod(kind=kind, starts_on=first, ends_on=last)

    make.alumnus("A", "Always")
    make.alumnus("B", "Blocked", periods=[away(PeriodKind.BLACKOUT, date(2026, 7, 8), date(2026, 7, 8))])
    make.alumnus("C", "Clear", periods=[away(PeriodKind.BLACKOUT, date(2026, 7, 9), date(2026, 7, 20))])
    make.alumnus("D", "During", periods=[away(PeriodKind.WINDOW, date(2026, 7, 1), date(2026, 7, 31))])
    make.alumnus("E", "Elsewhen", periods=[away(PeriodKind.WINDOW, date(2026, 7, 8), date(2026, 7, 31))])
    assert listed(staff, "free_from=2026-07-07&free_to=2026-07-08") == ["Always A", "Clear C", "During D"]


def test_pages_follow_one_another_without_gap_or_repeat(make: Factory, staff: FlaskClient) -> None:
    for number in range(30):
        make.alumnus("Same", "Name", display_name=f"Name Same {number:02d}")
    first = staff.get("/staff/alumni")
    following = words_in(first.text, "pager")
    assert following == ["Next page"]
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = staff.get(link)
    both = names_of(first.text) + names_of(second.text)
    assert both == [f"Name Same {number:02d}" for number in range(30)]


def test_pills_and_count_say_what_is_shown(four: Factory, staff: FlaskClient) -> None:
    page = staff.get("/staff/alumni?language=fr&level=5&place=SN").text
    pills = [pill.removesuffix(" ✕ remove this filter") for pill in words_in(page, "pill")]
    assert pills == ["Senegal", "French, at least C1", "Remove all"]
    assert words_in(page, "count") == ["1 person"]


def test_an_empty_list_names_the_next_step(staff: FlaskClient) -> None:
    assert words_in(staff.get("/staff/alumni").text, "empty") == [
        "There is nobody in the registry yet. Import the programme's workbook, or add people one by one. "
        "Import a workbook"
    ]


def test_queries_do_not_grow_with_rows(make: Factory, staff: FlaskClient, count_queries: Counter) -> None:
    theme = make.theme()

    def cost() -> int:
        with count_queries() as queries:
            staff.get("/staff/alumni")
        return len(queries)

    make.alumnus(themes=(theme,), languages={"en": 5, "fr": 4})
    one = cost()
    for _number in range(2):
        make.enrolment(make.cohort(), make.alumnus(themes=(theme,), languages={"en": 5, "fr": 4}))
    assert cost() == one


def test_a_full_page_stays_small(make: Factory, staff: FlaskClient) -> None:
    themes = tuple(make.theme() for _number in range(12))
    for _number in range(26):
        make.alumnus("Bandaranaike-Wickramasinghe", "Constantine", themes=themes, languages={"en": 5, "fr": 4, "ar": 7})
    assert len(staff.get("/staff/alumni").data) < LARGEST_PAGE


def test_only_those_who_may_write_are_offered_to_add(make: Factory, sign_in: Callable[..., FlaskClient]) -> None:
    offered = {
        role: "/staff/alumni/add" in sign_in(make.user(role)).get("/staff/alumni").text
        for role in (Role.ADMIN, Role.OFFICER, Role.VIEWER)
    }
    assert offered == {Role.ADMIN: True, Role.OFFICER: True, Role.VIEWER: False}


def test_the_cohort_in_use_is_named_even_when_nobody_is_in_it(make: Factory, staff: FlaskClient) -> None:
    empty = make.cohort("BSM-ToT-99")
    page = staff.get(f"/staff/alumni?cohort={empty.id}").text
    assert words_in(page, "pill") == ["BSM-ToT-99 ✕ remove this filter"]
