"""Single values, read leniently: examples, and properties that hold for whatever is written."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bsm_alumni.consent.enums import SharingAnswer
from bsm_alumni.imports.contacts import read_emails, usable
from bsm_alumni.imports.context import CohortIndex, KnownCohort
from bsm_alumni.imports.dates import Order, find_order, read_date
from bsm_alumni.imports.names import read_name
from bsm_alumni.imports.sharing import narrower, read_sharing
from bsm_alumni.imports.spoken import read_languages
from bsm_alumni.imports.times import read_when
from bsm_alumni.imports.values import read_zone
from bsm_alumni.reference.levels import Level

PARTNERS = {"unitar": "UNITAR", "unodc": "UNODC", "iom": "IOM", "interpol": "INTERPOL"}
EVERYONE = tuple(PARTNERS.values())
JULY = dt.date(2026, 7, 8)


def sharing_of(text: str) -> tuple[str, tuple[str, ...]]:
    value = read_sharing(text, lambda word: PARTNERS.get(word.lower())).value
    return value.answer.value, value.partners


def codes(read: object) -> list[str]:
    return [problem.code for problem in read.problems]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "date", "month", "said"),
    [
        ("2022-03-14", (2022, 3, 14), False, []),
        ("14 March 2022", (2022, 3, 14), False, []),
        ("March 14, 2022", (2022, 3, 14), False, []),
        ("Wednesday 8th July 2026", (2026, 7, 8), False, []),
        ("Thursday 8 July 2026", (2026, 7, 8), False, ["weekday_differs"]),
        ("14 mars 2022", (2022, 3, 14), False, []),
        ("14 марта 2022", (2022, 3, 14), False, []),
        ("2022年3月14日", (2022, 3, 14), False, []),
        ("15/05/2023", (2023, 5, 15), False, []),
        ("4/17/2008", (2008, 4, 17), False, []),
        ("07/10/2024", (2024, 10, 7), False, ["date_ambiguous"]),
        ("05.05.2024", (2024, 5, 5), False, []),
        ("March 2022", (2022, 3, 1), True, []),
        ("44634", (2022, 3, 14), False, ["date_from_number"]),
        ("9/24/12", (2012, 9, 24), False, ["two_digit_year"]),
    ],
)
def test_dates(text: str, date: tuple[int, int, int], month: bool, said: list[str]) -> None:
    read = read_date(text, "d")
    assert read.value is not None
    assert (read.value.date, read.value.whole_month, codes(read)) == (dt.date(*date), month, said)


@pytest.mark.parametrize("text", ["31/02/2022", "soon", "2022-13-40", "14 2022", "٢٠٢٢", "1/1/0001", "99999999"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    read = read_date(text, "d")
    assert read.value is None
    assert [problem.severity.value for problem in read.problems] == ["error"]


def test_a_cohort_settles_which_part_is_the_month() -> None:
    days = (dt.date(2024, 7, 8), dt.date(2024, 7, 19))
    read = read_date("07/10/2024", "d", known=days)
    assert read.value is not None
    assert (read.value.date, codes(read)) == (dt.date(2024, 7, 10), ["date_settled_by_cohort"])


def test_a_column_settles_it_too() -> None:
    assert find_order(["4/17/2008", "9/7/2009"]) is Order.MONTH_FIRST
    read = read_date("9/7/2009", "d", Order.MONTH_FIRST)
    assert read.value is not None
    assert (read.value.date, read.problems) == (dt.date(2009, 9, 7), ())


@given(st.dates(dt.date(1991, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%A %d %B %Y"]))
def test_a_date_in_full_reads_back_the_same(date: dt.date, shape: str) -> None:
    read = read_date(date.strftime(shape), "d")
    assert read.value is not None
    assert (read.value.date, read.problems) == (date, ())


@given(st.dates(dt.date(1991, 1, 1), dt.date(2099, 12, 31)))
def test_a_numeric_date_is_right_or_says_that_it_may_be_wrong(date: dt.date) -> None:
    read = read_date(date.strftime("%d/%m/%Y"), "d")
    assert read.value is not None
    certain = date.day > 12 or date.day == date.month
    assert (read.value.date, codes(read)) == (date, [] if certain else ["date_ambiguous"])


def test_the_label_of_the_first_webinar() -> None:
    read = read_when(JULY, "10am EST / 3pm UK / 4pm CET", "time")
    assert read.value is not None
    assert read.value.start == dt.datetime(2026, 7, 8, 14, 0, tzinfo=dt.UTC)
    assert (read.value.zone, codes(read)) == ("America/New_York", ["clock_letters", "no_end_given"])


@pytest.mark.parametrize(
    ("text", "start", "minutes", "zone"),
    [
        ("4pm CET", "14:00", 90, "Europe/Vienna"),
        ("9am EST", "13:00", 90, "America/New_York"),
        ("10:00 Nairobi", "07:00", 90, "Africa/Nairobi"),
        ("13:00 UTC", "13:00", 90, "UTC"),
        ("14:00-15:30 CET", "12:00", 90, "Europe/Vienna"),
        ("10h30 Dakar", "10:30", 90, "Africa/Dakar"),
        ("noon Vienna", "10:00", 90, "Europe/Vienna"),
        ("10am Amman", "07:00", 90, "Asia/Amman"),
        ("23:00 – 00:30 UTC", "23:00", 90, "UTC"),
        ("10:00 Africa/Nairobi", "07:00", 90, "Africa/Nairobi"),
    ],
)
def test_clock_cells(text: str, start: str, minutes: int, zone: str) -> None:
    when = read_when(JULY, text, "time").value
    assert when is not None
    length = (when.end - when.start).total_seconds() / 60
    assert (f"{when.start:%H:%M}", length, when.zone) == (start, minutes, zone)


@pytest.mark.parametrize(
    ("date", "text", "said"),
    [
        (JULY, "10:00", "zone_missing"),
        (JULY, "", "time_missing"),
        (JULY, "after lunch", "time_not_understood"),
        (JULY, "25:00 UTC", "time_not_understood"),
        (JULY, "13pm UTC", "time_not_understood"),
        (JULY, "3pm GMT+3", "offset_without_place"),
        (JULY, "3pm Atlantis", "zone_not_understood"),
        (JULY, "10am EST / 5pm CET", "times_disagree"),
        (dt.date(2027, 3, 28), "02:30 Vienna", "time_in_gap"),
        (dt.date(2026, 10, 25), "02:30 Vienna", "time_in_fold"),
    ],
)
def test_a_time_that_is_not_certain_is_asked_about(date: dt.date, text: str, said: str) -> None:
    read = read_when(date, text, "time")
    assert (read.value, codes(read)) == (None, [said])


def test_a_second_clock_settles_a_fold() -> None:
    when = read_when(dt.date(2026, 10, 25), "02:30 Vienna / 01:30 UTC", "time").value
    assert when is not None
    assert when.start == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", ("all", ())),
        ("OK", ("all", ())),
        ("Yes – all", ("all", ())),
        ("NO!", ("no", ())),
        ("N", ("no", ())),
        ("", ("none_given", ())),
        ("only UNODC, INTERPOL", ("some", ("UNODC", "INTERPOL"))),
        ("UNITAR & UNODC only", ("some", ("UNITAR", "UNODC"))),
        ("maybe", ("none_given", ())),
        ("not IOM", ("none_given", ())),
        ("only the FBI", ("none_given", ())),
        ("не знаю", ("none_given", ())),
    ],
)
def test_sharing_answers(text: str, expected: tuple[str, tuple[str, ...]]) -> None:
    assert sharing_of(text) == expected


ANSWERS = st.sampled_from(["yes", "NO!", "", "only IOM", "UNITAR & IOM only", "only UNODC", "yes but not IOM"])


def allowed(text_or_sharing: object) -> set[str]:
    value = text_or_sharing
    if isinstance(value, str):
        value = read_sharing(value, lambda word: PARTNERS.get(word.lower())).value
    if value.answer is SharingAnswer.ALL:  # type: ignore[attr-defined]
        return set(EVERYONE)
    if value.excluded:  # type: ignore[attr-defined]
        return set(EVERYONE) - set(value.excluded)  # type: ignore[attr-defined]
    return set(value.partners)  # type: ignore[attr-defined]


@given(ANSWERS.filter(bool), ANSWERS.filter(bool))
def test_two_answers_never_share_more_than_each_allows(first: str, second: str) -> None:
    reads = [read_sharing(text, lambda word: PARTNERS.get(word.lower())).value for text in (first, second)]
    assert allowed(narrower(*reads, EVERYONE)) == allowed(first) & allowed(second)


@given(st.text(max_size=60))
def test_whatever_is_written_shares_with_nobody_it_does_not_name(text: str) -> None:
    value = read_sharing(text, lambda word: PARTNERS.get(word.lower())).value
    if value.answer is SharingAnswer.SOME:
        assert all(code.lower() in text.lower() for code in (*value.partners, *value.excluded))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Arabic (native), English (fluent)", {"ar": Level.NATIVE, "en": Level.C1}),
        ("Chinese / English", {"zh": Level.UNKNOWN, "en": Level.UNKNOWN}),
        ("French: native\nEnglish: B2", {"fr": Level.NATIVE, "en": Level.B2}),
        ("Vietnamese - native; EN - C1", {"vi": Level.NATIVE, "en": Level.C1}),
        ("native Arabic and English B2", {"ar": Level.NATIVE, "en": Level.B2}),
        ("EN - fluent", {"en": Level.C1}),
        ("Klingon (C1)", {}),
    ],
)
def test_languages(text: str, spoken: dict[str, Level]) -> None:
    assert read_languages(text).value == spoken


def test_a_word_read_as_a_level_is_said() -> None:
    assert codes(read_languages("English (fluent)")) == ["level_interpreted"]
    assert codes(read_languages("English")) == ["level_missing"]
    assert codes(read_languages("English (C1)")) == []


@pytest.mark.parametrize(
    ("text", "addresses", "said"),
    [
        (" a.b@example.org ", ("a.b@example.org",), []),
        ("a@example.org, b@example.org", ("a@example.org", "b@example.org"), ["several_emails"]),
        ("A@EXAMPLE.ORG; a@example.org", ("A@EXAMPLE.ORG",), []),
        ("Amina <a@example.org>", ("a@example.org",), []),
        ("mailto:a@example.org", ("a@example.org",), []),
        ("n/a", (), ["email_missing"]),
        ("", (), ["email_missing"]),
        ("a at example.org", (), ["email_without_at"]),
        ("a@example", (), ["email_without_domain"]),
        ("a..b@example.org", (), ["email_not_usable"]),
        ("=cmd@example.org", (), ["email_not_usable"]),
    ],
)
def test_addresses(text: str, addresses: tuple[str, ...], said: list[str]) -> None:
    read = read_emails(text)
    assert (read.value, codes(read)) == (addresses, said)


@given(st.text(max_size=80))
def test_every_address_taken_is_usable_and_none_taken_is_said(text: str) -> None:
    read = read_emails(text)
    assert all(usable(address) for address in read.value)
    assert bool(read.value) or [problem.severity.value for problem in read.problems] == ["error"]


@pytest.mark.parametrize(
    ("family", "given_names", "country", "display", "latin"),
    [
        ("WADE", "Karen", "AL", "Karen WADE", ""),
        ("蔡", "静", "MN", "蔡静", "Cai Jing"),
        ("刘", "建国", "CN", "刘建国", "Liu Jianguo"),
        ("Phạm", "Anh", "VN", "Phạm Anh", ""),
        ("МИРОНОВА", "Бажен", "UZ", "Бажен МИРОНОВА", "Bazhen Mironova"),
        ("  O'Neil ", "İklim", "TR", "İklim O'Neil", ""),
    ],
)
def test_names(family: str, given_names: str, country: str, display: str, latin: str) -> None:
    name = read_name(family, given_names, "", country).value
    assert name is not None
    assert (name.display, name.latin) == (display, latin)


@pytest.mark.parametrize(
    ("full", "family", "given_names"),
    [
        ("DIALLO Amina", "DIALLO", "Amina"),
        ("Dr. Amina DIALLO", "DIALLO", "Amina"),
        ("Diallo, Amina", "Diallo", "Amina"),
        ("Amina Diallo", "Amina Diallo", ""),
    ],
)
def test_a_name_in_one_cell_is_parted_only_where_it_shows(full: str, family: str, given_names: str) -> None:
    name = read_name("", "", full).value
    assert name is not None
    assert (name.family, name.given) == (family, given_names)


@settings(max_examples=300)
@given(st.text(max_size=200), st.text(max_size=200))
def test_a_name_is_never_longer_than_it_may_be(family: str, given_names: str) -> None:
    name = read_name(family, given_names).value
    if name is not None:
        assert len(name.family) <= 120
        assert len(name.given) <= 120
        assert name.display.strip()


def test_an_offset_has_to_fit_the_country() -> None:
    assert read_zone("GMT+3", "IQ").value == "Asia/Baghdad"
    albania = read_zone("GMT+3", "AL")
    assert (albania.value, codes(albania)) == ("Europe/Tirane", ["offset_not_in_country"])
    assert codes(read_zone("", "AL")) == ["zone_from_country"]


def test_cohorts_are_found_by_code_its_end_or_course_and_venue() -> None:
    index = CohortIndex(
        [
            KnownCohort("BSM-ToT-01", "ToT on Border Security and Management", "Vienna", None, None),
            KnownCohort("BSM-ToT-02", "ToT on Border Security and Management", "Dakar", None, None),
        ]
    )
    wanted = ["BSM-ToT-02", "tot-02", "ToT on Border Security and Management (Dakar)"]
    assert [[one.code for one in index.find(text)] for text in wanted] == [["BSM-ToT-02"]] * 3
    assert len(index.find("ToT on Border Security and Management")) == 2
    assert index.find("ToT-09") == []
