"""Codes for new themes, and when a name means a theme there is already."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.reference.rules import LONGEST_CODE, new_code, same_theme, tidy_name

KNOWN = {"api-pnr": "API/PNR", "maritime-security": "Maritime security", "cafe": "Café culture"}


def test_name_is_tidied() -> None:
    assert tidy_name("  Port \t security ") == "Port security"


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Cyber & data", (), "cyber-and-data"),
        ("Sûreté portuaire", (), "surete-portuaire"),
        ("安全", (), "anquan"),
        ("Cyber", ("cyber",), "cyber-2"),
        ("Cyber", ("cyber", "cyber-2"), "cyber-3"),
        ("…", (), "theme"),
    ],
)
def test_code_of_a_new_theme(name: str, taken: tuple[str, ...], code: str) -> None:
    assert new_code(name, taken) == code


@given(st.text(max_size=200), st.integers(0, 12))
def test_codes_are_new_and_short_enough(name: str, before: int) -> None:
    taken: set[str] = set()
    for _ in range(before):
        taken.add(new_code(name, taken))
    code = new_code(name, taken)
    assert len(taken | {code}) == before + 1
    assert 0 < len(code) <= LONGEST_CODE


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("maritime  SECURITY", "maritime-security"),
        ("Cafe culture", "cafe"),
        ("Advance Passenger Information", "api-pnr"),
        ("Maritime safety", None),
        ("Biometrics", None),
        ("FTF", None),
    ],
)
def test_name_that_means_a_known_theme(name: str, code: str | None) -> None:
    assert same_theme(name, KNOWN) == code
