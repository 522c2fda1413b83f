"""What makes a password too easy to guess; pure.

In the manner of NIST SP 800-63B: length counts, what everybody tries is refused, and nobody is made to mix kinds of
characters or to change without a reason.
"""

import enum
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

SHORTEST = 12
LONGEST = 200
# A password of this many or fewer different familiar parts is among the first that are tried.
MOST_PARTS = 2
SHORTEST_RUN = 3
LONGEST_WORD = 32
# What stands for letters in words that want to look difficult.
DISGUISES = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "l", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
    "йцукенгшщзхъ",
    "фывапролджэ",
)
PRODUCT_WORDS = (
    "bsm",
    "alumni",
    "alumnus",
    "border",
    "security",
    "management",
    "programme",
    "program",
    "unoct",
    "nations",
    "united",
    "terrorism",
    "counter",
    "presenter",
    "desk",
    "registry",
)
YEARS_AND_SIGNS = re.compile(r"(?:19|20)\d\d|[\W_]+|\d")


class Weakness(enum.StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    OWN = "own"


def normal(password: str) -> str:
    """The password as it is hashed and compared: the same letters whatever keyboard composed them."""
    return unicodedata.normalize("NFKC", password)


def find_weakness(password: str, own: Iterable[str] = ()) -> Weakness | None:
    """Why the password is refused; None for a good one. ``own`` are the person's name, address and the like."""
    password = normal(password)
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    folded = password.casefold()
    if folded in common_passwords() or _is_familiar(folded, frozenset()):
        return Weakness.COMMON
    return Weakness.OWN if _is_familiar(folded, _own_words(own)) else None


@cache
def common_passwords() -> frozenset[str]:
    """The list that is shipped: words, names and whole passwords that people choose most, in lower case."""
    text = (files("bsm_alumni.accounts") / "data" / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _familiar_words() -> frozenset[str]:
    """Common words and the product's, each also without what disguises it, to compare like with like."""
    words = common_passwords() | frozenset(PRODUCT_WORDS)
    return words | frozenset(word.translate(DISGUISES) for word in words)


def _own_words(own: Iterable[str]) -> frozenset[str]:
    words = (part for text in own for part in re.split(r"[\W_]+", text.casefold()))
    return frozenset(word for word in words if len(word) > 2)


def _is_familiar(password: str, own: frozenset[str]) -> bool:
    """True when the whole is made of at most two different familiar parts, however often they come again.

    Familiar are common words, the product's and the person's own words, runs along the alphabet or a keyboard, and one
    character again and again. Years, digits and signs are what everybody adds: they cost nothing.
    """
    words = _familiar_words() | own
    # For each length of a beginning: the smallest sets of parts that it can be made of.
    reached: dict[int, set[frozenset[str]]] = {0: {frozenset()}}
    for start in range(len(password)):
        for parts in reached.get(start, ()):
            for end, part in _steps(password, start, words):
                more = parts | {part} if part else parts
                if len(more) <= MOST_PARTS:
                    reached.setdefault(end, set()).add(more)
    return len(password) in reached


def _steps(password: str, start: int, words: frozenset[str]) -> Iterable[tuple[int, str]]:
    """Where one familiar part that begins at ``start`` may end, and what stands for it."""
    for end in range(start + 3, min(start + LONGEST_WORD, len(password)) + 1):
        for spelling in {password[start:end], password[start:end].translate(DISGUISES)} & words:
            yield end, spelling
    for end in (_run_end(password, start), _repeat_end(password, start)):
        if end - start >= SHORTEST_RUN:
            yield end, "a run"
    if added := YEARS_AND_SIGNS.match(password, start):
        yield added.end(), ""


def _run_end(password: str, start: int) -> int:
    """The end of the longest run along one of the rows, forwards or backwards."""
    end = start
    for row in (*RUNS, *(row[::-1] for row in RUNS)):
        place, at = row.find(password[start]), start
        while place != -1 and place < len(row) and at < len(password) and password[at] == row[place]:
            place, at = place + 1, at + 1
        end = max(end, at)
    return end


def _repeat_end(password: str, start: int) -> int:
    """The end of what repeats one character."""
    end = start
    while end < len(password) and password[end] == password[start]:
        end += 1
    return end
