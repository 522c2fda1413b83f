"""Levels of the Common European Framework and the words people use for them."""

import pytest

from bsm_alumni.reference.levels import Level, find_level


def test_levels_are_in_order() -> None:
    assert [level.name for level in sorted(Level)] == [
        "UNKNOWN",
        "A1",
        "A2",
        "B1",
        "B2",
        "C1",
        "C2",
        "NATIVE",
    ]
    assert [level.value for level in sorted(Level)] == list(range(8))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("A1", Level.A1),
        ("b2", Level.B2),
        (" C1 ", Level.C1),
        ("B2+", Level.B2),
        ("Level C2", Level.C2),
        ("B1 (intermediate)", Level.B1),
        ("native", Level.NATIVE),
        ("Mother tongue", Level.NATIVE),
        ("langue maternelle", Level.NATIVE),
        ("lengua materna", Level.NATIVE),
        ("родной", Level.NATIVE),
        ("母语", Level.NATIVE),
    ],
)
def test_level_taken_as_it_stands(text: str, level: Level) -> None:
    assert find_level(text) == (level, False)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("fluent", Level.C1),
        ("Fluent", Level.C1),
        ("basic", Level.A2),
        ("intermediate", Level.B1),
        ("good", Level.B2),
        ("working knowledge", Level.B2),
        ("courant", Level.C1),
        ("débutant", Level.A1),
        ("básico", Level.A2),
        ("средний", Level.B1),
        ("متوسط", Level.B1),
        ("流利", Level.C1),
        ("bilingual", Level.C2),
        ("B2/C1", Level.B2),
    ],
)
def test_word_interpreted(text: str, level: Level) -> None:
    assert find_level(text) == (level, True)


@pytest.mark.parametrize("text", ["", " ", None, "D1", "C3", "yes", "tbc", "met at gate A1 of the airport"])
def test_not_a_level(text: str | None) -> None:
    assert find_level(text) is None
