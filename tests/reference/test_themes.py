"""The seed themes and the words that lead to them."""

import pytest

from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.themes import THEMES, find_theme_code

NAMES = [
    "Air border security",
    "API/PNR",
    "Biometrics",
    "Border community engagement",
    "Crisis response at borders",
    "Cross-border cooperation",
    "Document security",
    "Emerging technologies",
    "Foreign terrorist fighters",
    "Gender mainstreaming",
    "Human rights",
    "Illicit trafficking",
    "Information sharing",
    "Inter-agency coordination",
    "Investigation and prosecution",
    "Irregular migration",
    "Maritime security",
    "National BSM strategy",
    "Risk assessment and screening",
    "Small arms and light weapons",
]


def test_the_programmes_twenty_themes() -> None:
    assert [name for _, name in THEMES] == NAMES


def test_codes_are_kebab_case_and_unique() -> None:
    codes = [code for code, _ in THEMES]
    assert codes == [fold(code).replace(" ", "-") for code in codes]
    assert len(set(codes)) == len(codes) == 20


@pytest.mark.parametrize(("code", "name"), THEMES)
def test_code_and_name_lead_to_the_theme(code: str, name: str) -> None:
    assert [find_theme_code(text) for text in (code, name, name.upper())] == [code] * 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("API", "api-pnr"),
        ("PNR", "api-pnr"),
        ("API & PNR", "api-pnr"),
        ("Advance Passenger Information", "api-pnr"),
        ("Passenger Name Record (PNR)", "api-pnr"),
        ("FTF", "foreign-terrorist-fighters"),
        ("FTFs", "foreign-terrorist-fighters"),
        ("SALW", "small-arms"),
        ("community engagement", "border-community-engagement"),
        ("Information-sharing", "information-sharing"),
        ("interagency coordination", "inter-agency-coordination"),
        ("gender", "gender-mainstreaming"),
    ],
)
def test_spelling_found(text: str, code: str) -> None:
    assert find_theme_code(text) == code


@pytest.mark.parametrize("text", ["astronomy", "border", "security", "", None])
def test_not_a_theme(text: str | None) -> None:
    assert find_theme_code(text) is None
