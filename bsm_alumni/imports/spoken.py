"""Languages with levels in every shape: 'Arabic (native), English: B2', 'EN - C1', 'Chinese / English'."""

import re

from bsm_alumni.imports.problems import NOTE, WARNING, Problem, Read, problem
from bsm_alumni.reference.languages import find_language
from bsm_alumni.reference.levels import Level, find_level

_BETWEEN = re.compile(r"\s*(?:[;\n•·]|,(?![^()]*\))|\s/\s|/(?=[^\W\d_]{4,})|\s&\s|\band\b|\bet\b|\by\b)\s*")
_SHAPES = (
    re.compile(r"(?P<language>[^()]+?)\s*[(\[]\s*(?P<level>[^)\]]*)[)\]]?"),
    re.compile(r"(?P<language>[^:=]+?)\s*[:=]\s*(?P<level>.+)"),
    re.compile(r"(?P<language>.+?)\s+[-–—]\s*(?P<level>.+)"),
    re.compile(r"(?P<language>[^\W\d_]{2,3})\s*[-–—]\s*(?P<level>.+)"),
)


def read_languages(text: str, name: str = "languages") -> Read[dict[str, Level]]:
    """Language code → level, in the order written; UNKNOWN where no level is given, and that is said."""
    spoken: dict[str, Level] = {}
    remarks: list[Problem] = []
    for piece in _BETWEEN.split(text.strip()):
        if not (piece := piece.strip(" .,-–—")):
            continue
        code, level, more = _one(piece, name)
        remarks.extend(more)
        if code is None:
            continue
        if code in spoken:
            remarks.append(problem("language_twice", NOTE, piece, name))
        spoken[code] = max(level, spoken.get(code, Level.UNKNOWN))
    return Read(spoken, tuple(remarks))


def _one(piece: str, name: str) -> tuple[str | None, Level, list[Problem]]:
    words, level_words = _parts(piece)
    language = find_language(words)
    if language is None:
        return None, Level.UNKNOWN, [problem("language_not_known", WARNING, piece, name, language=words)]
    if not level_words:
        return language.code, Level.UNKNOWN, [problem("level_missing", NOTE, piece, name, language=language.name)]
    found = find_level(level_words)
    if found is None:
        details = {"language": language.name, "level": level_words}
        return language.code, Level.UNKNOWN, [problem("level_not_known", WARNING, piece, name, **details)]
    level, interpreted = found
    if not interpreted:
        return language.code, level, []
    details = {"language": language.name, "words": level_words, "level": level.name}
    return language.code, level, [problem("level_interpreted", NOTE, piece, name, **details)]


def _parts(piece: str) -> tuple[str, str]:
    if find_language(piece) is not None:
        return piece, ""
    for shape in _SHAPES:
        match = shape.fullmatch(piece)
        if match and find_language(match["language"]) is not None:
            return match["language"], match["level"].strip()
    words = piece.split()
    for cut in range(len(words) - 1, 0, -1):  # 'English B2', 'native Arabic'
        head, tail = " ".join(words[:cut]), " ".join(words[cut:])
        if find_language(head) is not None:
            return head, tail
        if find_language(tail) is not None and find_level(head) is not None:
            return tail, head
    return piece, ""
