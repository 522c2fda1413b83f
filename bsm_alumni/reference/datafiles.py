"""Reading of the tables kept beside this package."""

from csv import DictReader
from importlib.resources import files


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of `reference/data/<name>`, a tab-separated UTF-8 table with a header, by column name."""
    text = (files("bsm_alumni.reference") / "data" / name).read_text(encoding="utf-8")
    return list(DictReader(text.splitlines(), delimiter="\t", quotechar=None, quoting=3))
