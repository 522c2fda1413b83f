"""Which passwords are refused."""

import pytest

from bsm_alumni.accounts.rules_passwords import SHORTEST, Weakness, common_passwords, find_weakness

COMMON = [
    "passwordpassword",
    "Password1234!",
    "P@ssw0rd2026",
    "qwertyuiop123",
    "123456789012",
    "aaaaaaaaaaaaaaa",
    "abcdefghijklmnop",
    "1q2w3e4r5t6y",
    "bsm-alumni-2026",
    "BorderSecurity2026!",
    "iloveyou123456",
    "adminadminadmin",
    "welcome-welcome",
    "$$$$$$$$$$$$",
    "20262026202620",
    "correcthorsebatterystaple",
    "йцукенгшщзхъ",
]
OWN = ["diallo-diallo", "AminaDiallo2026", "amina.diallo@99", "Diallo1234567"]
GOOD = [
    "a long enough password",
    "vexed kiosk tumbler",
    "tea at half past nine",
    "Gr7-pelican-oval-stair",
    "zmxk!vqpo3rt",
    "мой дядя самых честных",
    "我每天早上喝一杯热豆浆再出门",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_everybody_tries_is_refused(password: str) -> None:
    assert find_weakness(password, ["Amina Diallo", "amina.diallo@example.org"]) is Weakness.COMMON


@pytest.mark.parametrize("password", OWN)
def test_the_persons_own_words_are_refused(password: str) -> None:
    assert find_weakness(password, ["Amina Diallo", "amina.diallo@example.org"]) is Weakness.OWN


@pytest.mark.parametrize("password", GOOD)
def test_others_are_taken(password: str) -> None:
    assert find_weakness(password, ["Amina Diallo", "amina.diallo@example.org"]) is None


def test_eleven_characters_are_too_few_and_twelve_enough() -> None:
    assert find_weakness("vexedkiosk7") is Weakness.SHORT
    assert find_weakness("vexedkiosk7t") is None
    assert find_weakness("vexed kiosk " * 17) is Weakness.LONG


def test_composed_letters_count_once() -> None:
    # 'é' as two code points is one letter.
    assert find_weakness("e\u0301" * 11) is Weakness.SHORT


def test_every_entry_of_the_list_is_refused_when_long_enough() -> None:
    long = [word for word in common_passwords() if len(word) >= 12]
    assert len(long) > 40
    assert [word for word in long if find_weakness(word) is None] == []


def test_the_longest_input_is_judged_quickly() -> None:
    assert find_weakness("ab" * 100) is None
    assert find_weakness("a" * 200) is Weakness.COMMON


def test_what_people_make_of_the_list_is_refused() -> None:
    """The passwords that are tried first are a word of the list and what everybody adds to it."""
    endings = ("123456", "2026!", "!!!", "007")
    made = {
        candidate
        for word in common_passwords() | {"bsm", "unoct", "alumni"}
        for candidate in (
            *(word + ending for ending in endings),
            *(word.capitalize() + ending for ending in endings),
            word + word,
            word + "-" + word,
            "123456" + word,
            word.replace("a", "@").replace("o", "0").replace("e", "3") + "2026!",
        )
        if SHORTEST <= len(candidate) <= 40
    }
    taken = [candidate for candidate in sorted(made) if find_weakness(candidate) is None]
    print(f"common passwords of 12 characters and more: {len(made)} tried, {len(taken)} taken")
    assert len(made) > 3000
    assert taken == []
