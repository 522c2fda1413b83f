"""One way to compare what people type: without case, accents, script, punctuation or spacing."""

import re
import unicodedata

from anyascii import anyascii

# Arabic is written with or without hamza, vowel signs and lengthening; writers mean the same word.
_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_ARABIC_SIGNS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bc\u00b4]")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """The comparable form of a text: lower-case ASCII letters and digits, words parted by one space.

    Accents go, other scripts are written in Latin letters, apostrophes join ("Côte d'Ivoire" →
    "cote divoire"), other punctuation parts, "&" reads "and". Folding twice changes nothing.
    """
    if text.isascii():
        plain = text
    else:
        composed = unicodedata.normalize("NFKC", text)
        plain = anyascii(_ARABIC_SIGNS.sub("", composed).translate(_ARABIC))
    joined = _APOSTROPHES.sub("", plain).replace("&", " and ").lower()
    return _NOT_WORD.sub(" ", joined).strip()
