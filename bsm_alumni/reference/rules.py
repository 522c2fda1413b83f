"""What makes a theme's code and name; pure."""

from collections.abc import Collection, Mapping

from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.themes import find_theme_code

LONGEST_CODE = 60
LONGEST_NAME = 120


def tidy_name(text: str) -> str:
    """The name as it is kept: without spaces at the ends and with single spaces within."""
    return " ".join(text.split())


def new_code(name: str, taken: Collection[str]) -> str:
    """A kebab-case code for a theme of this name that is not among those taken.

    The code never changes afterwards, whatever the theme is called later.
    """
    stem = fold(name).replace(" ", "-")[:LONGEST_CODE].strip("-") or "theme"
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem[: LONGEST_CODE - 5]}-{number}"
    return code


def same_theme(name: str, themes: Mapping[str, str]) -> str | None:
    """The code of the theme, among code → name, that this name already means; None when it is a new one.

    Case, accents, punctuation and the spellings of the seed list ("FTF") do not make a new theme.
    """
    wanted = fold(name)
    for code, known in themes.items():
        if fold(known) == wanted:
            return code
    seed_code = find_theme_code(name)
    return seed_code if seed_code in themes else None
