"""Names of other scripts in Latin letters that can be read aloud; a help to readers, never the name itself.

Arabic and Indic scripts leave out vowels that Latin letters need. Here they are filled in by simple rules, so that
"ضاحك" reads "Dahik" and not "Dhk". Whoever has a spelling of their own is written in that instead.
"""

import re
import unicodedata

from anyascii import anyascii

_ARABIC = dict(
    zip(
        "بتثجحخدذرزسشصضطظغفقكلمنهپچژگڤکی",
        re.split(" ", "b t th j h kh d dh r z s sh s d t z gh f q k l m n h p ch zh g v k i"),
        strict=True,
    )
) | {"ا": "a", "أ": "a", "آ": "a", "ٱ": "a", "إ": "i", "ع": "a", "ة": "a", "ى": "a", "ؤ": "u", "ئ": "i", "ء": ""}
_VOWEL_SIGNS = {"\u064e": "a", "\u064f": "u", "\u0650": "i"}
# Frequent names that the rules would misspell.
_KNOWN = {
    "محمد": "Muhammad", "الله": "Allah", "عمر": "Umar", "علي": "Ali", "عثمان": "Uthman", "حسين": "Husayn",
    "عبد": "Abd", "يوسف": "Yusuf", "مريم": "Maryam", "فاطمة": "Fatima", "قيس": "Qays",
}  # fmt: skip
_LONG = ("ا", "آ")
_IN_ARABIC = re.compile("[\u0600-\u06ff]")
_INDIC = re.compile("[\u0900-\u0dff]")
_INDIC_SOUNDS = {
    "AA": "a", "II": "i", "UU": "u", "VOCALIC R": "ri", "CANDRA O": "o", "CANDRA E": "e",
    "CA": "cha", "CHA": "chha", "TTA": "ta", "TTHA": "tha", "DDA": "da", "DDHA": "dha", "NNA": "na", "SSA": "sha",
    "NGA": "nga", "NYA": "nya", "DDDHA": "rha", "RRA": "ra", "LLA": "la",
}  # fmt: skip
_INDIC_SIGNS = {"ANUSVARA": "n", "CANDRABINDU": "n", "VISARGA": "h"}


def romanise(text: str) -> str:
    """The text in ASCII letters, each word beginning with a capital where it stands for a name's part."""
    words = [_word(word) for word in unicodedata.normalize("NFC", text).split()]
    return " ".join(word for word in words if word)


def _word(word: str) -> str:
    if _IN_ARABIC.search(word):
        return _arabic(word)
    if _INDIC.search(word):
        return _capital(_indic(word))
    # The soft and hard signs of Cyrillic become apostrophes, which readers of Latin letters leave out.
    plain = re.sub("(?<=[A-Za-z])['\"]", "", anyascii(word))
    # Scripts without capitals come out as 'LiMing', one capital a character; names in capitals are toned down.
    return plain.capitalize() if word.upper() == word else _capital(plain)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _arabic(word: str) -> str:
    if word in _KNOWN:
        return _KNOWN[word]
    if word.startswith("ال") and len(word) > 4:
        return f"al-{_arabic(word[2:])}"
    sounds: list[str] = []
    for place in range(len(word)):
        sound = _arabic_sound(word, place)
        if sound and not (sounds and sound in "aiu" and sounds[-1] == sound):
            sounds.append(sound)
    if _is_cluster(sounds[:2]):
        sounds.insert(1, "a")
    if _is_cluster(sounds[-2:]):
        sounds.insert(-1, "i" if word[-3:-2] in _LONG else "a")
    return _capital("".join(sounds))


def _is_cluster(sounds: list[str]) -> bool:
    return len(sounds) == 2 and not set(sounds) & set("aiu")


def _arabic_sound(word: str, place: int) -> str:
    letter, before, after = word[place], word[place - 1 : place], word[place + 1 : place + 2]
    # A consonant at the beginning and beside another long vowel; else a long vowel itself.
    if letter == "و":
        return "w" if place == 0 or before in _LONG or after in ("ا", "آ", "ي", "ة") else "u"
    if letter == "ي":
        return "y" if place == 0 or after in ("ا", "آ", "و", "ة") else "i"
    if letter in _ARABIC:
        return _ARABIC[letter]
    return _VOWEL_SIGNS.get(letter, "" if unicodedata.combining(letter) or letter == "ـ" else anyascii(letter))


def _indic(word: str) -> str:
    sounds = ""
    for letter in word:
        name = unicodedata.name(letter, "")
        kind, _, last = name.partition(" SIGN ") if " SIGN " in name else name.partition(" LETTER ")
        if kind.endswith("VOWEL"):
            sounds = sounds.removesuffix("a") + _INDIC_SOUNDS.get(last, last.lower())
        elif last == "VIRAMA":
            sounds = sounds.removesuffix("a")
        elif last in _INDIC_SIGNS:
            sounds += _INDIC_SIGNS[last]
        elif " LETTER " in name:
            sounds += _INDIC_SOUNDS.get(last, last.lower())
        elif letter.isalnum():
            sounds += anyascii(letter)
    # The vowel that a last consonant carries is not spoken.
    silent = unicodedata.name(word[-1], "").split(" ")[-1].endswith("A") and " LETTER " in unicodedata.name(word[-1])
    return sounds.removesuffix("a") if silent and len(sounds) > 3 else sounds
