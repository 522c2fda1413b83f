"""Languages by code and by the names people write, in several languages."""

import pytest

from bsm_alumni.reference.languages import LANGUAGES, UN_LANGUAGES, find_language, language_name


def code_of(text: str) -> str | None:
    language = find_language(text)
    return language.code if language else None


def test_un_languages_come_first_then_by_name() -> None:
    codes = list(LANGUAGES)
    assert tuple(codes[:6]) == UN_LANGUAGES == ("ar", "en", "es", "fr", "ru", "zh")
    others = [LANGUAGES[code].name for code in codes[6:]]
    assert others == sorted(others)


def test_enough_languages_with_names_of_their_own() -> None:
    assert len(LANGUAGES) == 114
    assert len({language.name for language in LANGUAGES.values()}) == 114


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EN", "en"),
        ("en", "en"),
        ("eng", "en"),
        ("English", "en"),
        ("ENGLISH", "en"),
        ("Anglais", "en"),
        ("Inglés", "en"),
        ("en-GB", "en"),
        ("FR", "fr"),
        ("fra", "fr"),
        ("fre", "fr"),
        ("français", "fr"),
        ("Francais", "fr"),
        ("Francés", "fr"),
        ("ES", "es"),
        ("Español", "es"),
        ("castellano", "es"),
        ("AR", "ar"),
        ("العربية", "ar"),
        ("arabe", "ar"),
        ("RU", "ru"),
        ("русский", "ru"),
        ("ZH", "zh"),
        ("zh-Hans", "zh"),
        ("Mandarin", "zh"),
        ("中文", "zh"),
        ("Albanian", "sq"),
        ("shqip", "sq"),
        ("Indonesian", "id"),
        ("Bahasa Indonesia", "id"),
        ("Nepali", "ne"),
        ("Portuguese", "pt"),
        ("português", "pt"),
        ("pt-BR", "pt"),
        ("Tagalog", "tl"),
        ("Filipino", "tl"),
        ("Turkish", "tr"),
        ("türkçe", "tr"),
        ("Vietnamese", "vi"),
        ("Tiếng Việt", "vi"),
        ("Kiswahili", "sw"),
        ("Dari", "prs"),
        ("Farsi", "fa"),
        ("o‘zbek", "uz"),
        ("አማርኛ", "am"),
    ],
)
def test_language_found(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize("text", ["Klingon", "Bahasa", "all", "Arabic and French", "xx", "xx-GB", "", " ", "-"])
def test_not_a_language_or_not_certain(text: str) -> None:
    assert code_of(text) is None


def test_nothing_written_is_no_language() -> None:
    assert find_language(None) is None


@pytest.mark.parametrize("code", LANGUAGES)
def test_code_and_english_name_lead_to_the_language(code: str) -> None:
    assert (code_of(code), code_of(LANGUAGES[code].name)) == (code, code)


@pytest.mark.parametrize(
    ("code", "locale", "name"),
    [
        ("fr", "en", "French"),
        ("fr", "fr", "français"),
        ("fr", "es", "francés"),
        ("en", "ru", "английский"),
        ("sw", "zh", "斯瓦希里语"),
        ("bn", "en", "Bengali"),
        ("cnr", "fr", "Montenegrin"),
        ("fr", "no such locale", "French"),
    ],
)
def test_language_name_in_a_locale(code: str, locale: str, name: str) -> None:
    assert language_name(code, locale) == name


def test_no_name_for_an_unknown_code() -> None:
    with pytest.raises(KeyError):
        language_name("xx")
