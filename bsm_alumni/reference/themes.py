"""The themes the BSM programme starts with. Staff extend them in the product; codes never change."""

from bsm_alumni.reference.datafiles import rows_of
from bsm_alumni.reference.folding import fold

_ROWS = rows_of("themes.tsv")

THEMES: list[tuple[str, str]] = [(row["code"], row["name"]) for row in _ROWS]


def find_theme_code(text: str | None) -> str | None:
    """The code of the seed theme meant by a code, its name or a known spelling ("FTF", "PNR"), else None."""
    return _SPELLINGS.get(_key(text or ""))


def _key(text: str) -> str:
    return fold(text).replace(" ", "")


_SPELLINGS = {
    _key(spelling): row["code"]
    for row in _ROWS
    for spelling in (row["code"], row["name"], *row["spellings"].split("|"))
    if spelling
}
