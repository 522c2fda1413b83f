"""The programme's fixed lists, in the programme's words."""

from datetime import date

import pytest

from bsm_alumni.reference.programme import (
    OUTCOME_AREAS,
    PHASES,
    PRINCIPLES,
    RESOLUTIONS,
    find_outcome_area,
    find_principle,
    find_resolution,
    phase_on,
)


def test_four_outcome_areas_as_the_programme_numbers_them() -> None:
    assert [area.label for area in OUTCOME_AREAS.values()] == [
        "(i) cooperation and coordination",
        "(ii) capacity-building and training",
        "(iii) policy and strategy development",
        "(iv) technology and risk-based approaches",
    ]


def test_three_principles() -> None:
    names = [principle.name for principle in PRINCIPLES.values()]
    assert names == ["human rights", "gender mainstreaming", "community engagement"]


def test_resolutions_and_phases() -> None:
    council = [r.name for r in RESOLUTIONS.values() if r.body == "Security Council"]
    assert council == ["1373 (2001)", "2178 (2014)", "2396 (2017)", "2482 (2019)"]
    assert [(phase.name, phase.first_year, phase.last_year) for phase in PHASES.values()] == [
        ("initial implementation", 2019, 2025),
        ("BSM 2.0", 2026, None),
    ]


@pytest.mark.parametrize("area", OUTCOME_AREAS.values(), ids=OUTCOME_AREAS)
def test_outcome_area_by_code_numeral_label_and_words(area) -> None:  # type: ignore[no-untyped-def]
    texts = [area.code, area.numeral, f"({area.numeral})", area.label, area.label.upper(), area.name.title()]
    assert [find_outcome_area(text) for text in texts] == [area] * len(texts)


@pytest.mark.parametrize(
    ("text", "code"), [("2", "capacity"), ("4. Technology and risk based approaches", "technology")]
)
def test_outcome_area_in_figures(text: str, code: str) -> None:
    assert find_outcome_area(text) == OUTCOME_AREAS[code]


@pytest.mark.parametrize("text", ["(i) policy and strategy development", "(v)", "5", "training", "x", "", None])
def test_not_an_outcome_area(text: str | None) -> None:
    assert find_outcome_area(text) is None


def test_principle_by_words() -> None:
    assert find_principle("Human Rights") == PRINCIPLES["human-rights"]
    assert find_principle("Gender mainstreaming") == PRINCIPLES["gender"]
    assert find_principle("profit") is None
    assert find_principle(None) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1373", "1373"),
        ("UNSCR 2396 (2017)", "2396"),
        ("S/RES/2482 (2019)", "2482"),
        ("resolution 2178 (2014) of the Security Council", "2178"),
        ("A/RES/60/288", "A/RES/60/288"),
    ],
)
def test_resolution_found(text: str, code: str) -> None:
    assert find_resolution(text) == RESOLUTIONS[code]


@pytest.mark.parametrize("text", ["1373 (2014)", "2399", "1373 and 2396", "", None])
def test_not_one_of_the_resolutions(text: str | None) -> None:
    assert find_resolution(text) is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 12, 31), None),
        (date(2019, 1, 1), "initial"),
        (date(2025, 12, 31), "initial"),
        (date(2026, 7, 8), "bsm-2"),
    ],
)
def test_phase_of_a_day(day: date, code: str | None) -> None:
    assert phase_on(day) == (PHASES[code] if code else None)
