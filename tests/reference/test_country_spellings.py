"""The ways people write countries, those that must not be guessed among them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.reference.countries import COUNTRIES, find_country, suggest_countries
from bsm_alumni.reference.datafiles import rows_of


def code_of(text: str) -> str | None:
    country = find_country(text)
    return country.code if country else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("COTE D IVOIRE", "CI"),
        ("Ivory Coast", "CI"),
        ("Cote D'Ivoire, Republic of", "CI"),
        ("DRC", "CD"),
        ("D.R.C.", "CD"),
        ("RDC", "CD"),
        ("Congo, Democratic Republic of (Kinshasa)", "CD"),
        ("Congo", "CG"),
        ("Congo, Republic of (Brazzaville)", "CG"),
        ("Republic of the Congo", "CG"),
        ("Turkey", "TR"),
        ("Türkiye", "TR"),
        ("turkiye", "TR"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Vietnam", "VN"),
        ("Việt Nam", "VN"),
        ("the Philippines", "PH"),
        ("Tanzania", "TZ"),
        ("Tanzania, United Republic of", "TZ"),
        ("Burma ", "MM"),
        ("Swaziland", "SZ"),
        ("Macedonia", "MK"),
        ("Czech Republic", "CZ"),
        ("Cape Verde", "CV"),
        ("Cape Verde (Republic of)", "CV"),
        ("East Timor", "TL"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea, Republic of South", "KR"),
        ("North Korea", "KP"),
        ("DPRK", "KP"),
        ("Guinea", "GN"),
        ("Guinea-Conakry", "GN"),
        ("Guinea Bissau", "GW"),
        ("Equatorial Guinea", "GQ"),
        ("Papua-New Guinea", "PG"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("Dominica", "DM"),
        ("Dominican Republic", "DO"),
        ("Sudan, Republic of South", "SS"),
        ("Sudan", "SD"),
        ("Kyrgyz Republic", "KG"),
        ("Gambia, The", "GM"),
        ("The Gambia", "GM"),
        ("Tchad", "TD"),
        ("Panamá", "PA"),
        ("Palestine", "PS"),
        ("Palestinian Authority", "PS"),
        ("Vatican City", "VA"),
        ("St Kitts & Nevis", "KN"),
        ("St. Vincent and the Grenadines", "VC"),
        ("Trinidad -Tobago", "TT"),
        ("Republic of Serbia", "RS"),
        ("Serbia, Republic of", "RS"),
        ("China, People's Republic of", "CN"),
        ("PRC", "CN"),
        ("Russia", "RU"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("Holland", "NL"),
        ("Allemagne", "DE"),
        ("Arabia Saudita", "SA"),
        ("Кения", "KE"),
        ("العراق", "IQ"),
        ("肯尼亚", "KE"),
        ("KE", "KE"),
        ("ke", "KE"),
        ("KEN", "KE"),
        ("NO", "NO"),
    ],
)
def test_spelling_found(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "Ruritania",
        "Korea",
        "Corée",
        "Taiwan",
        "Republic of China",
        "China, Republic of",
        "Taiwan, Province of China",
        "Hong Kong",
        "Kosovo",
        "Serbia and Montenegro",
        "Netherlands Antilles",
        "Turks and Caicos",
        "American Samoa",
        "USSR",
        "no",
        "is",
        "XX",
        "TW",
        "N/A",
        "-",
        "?",
        "",
        "   ",
    ],
)
def test_not_a_state_or_not_certain(text: str) -> None:
    assert code_of(text) is None


def test_nothing_written_is_no_country() -> None:
    assert find_country(None) is None


@pytest.mark.parametrize("code", COUNTRIES)
def test_both_iso_codes_are_read(code: str) -> None:
    assert (code_of(code), code_of(COUNTRIES[code].alpha3)) == (code, code)


def test_an_article_does_not_make_a_name_ambiguous() -> None:
    assert (code_of("the Republic of Korea"), code_of("the Korea")) == ("KR", None)


@given(st.sampled_from(sorted(COUNTRIES)), st.sampled_from(["{}", " {} ", "{}.", "the {}"]))
def test_names_are_read_in_any_case_and_dress(code: str, dress: str) -> None:
    assert code_of(dress.format(COUNTRIES[code].name.upper())) == code


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    assert code_of(text) in {None, *COUNTRIES}


def test_spellings_kept_by_hand_are_about_states_and_said_once() -> None:
    rows = rows_of("country_spellings.tsv")
    assert {row["alpha2"] for row in rows} - COUNTRIES.keys() == {"-"}
    wrong = [
        (spelling, row["alpha2"])
        for row in rows
        for spelling in row["spellings"].split("|")
        if (code_of(spelling) or "-") != row["alpha2"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "first"), [("Keyna", "KE"), ("Mauritainia", "MR"), ("Uzbekstan", "UZ"), ("Phillipine", "PH")]
)
def test_near_spelling_suggested_first(text: str, first: str) -> None:
    assert [country.code for country in suggest_countries(text)][:1] == [first]


def test_ambiguous_spelling_suggests_both() -> None:
    assert {country.code for country in suggest_countries("Korea")} == {"KP", "KR"}


@pytest.mark.parametrize("text", ["Taiwan", "Kosovo", "Hong Kong", "xyzzy", "ab", ""])
def test_nothing_near_suggests_nothing(text: str) -> None:
    assert suggest_countries(text) == []


def test_no_more_suggestions_than_asked_for() -> None:
    assert len(suggest_countries("Guinea", limit=2)) == 2
