"""Files stay small enough to be read in one go."""

from config import ROOT

MOST_LINES = 400


def test_no_file_is_longer_than_400_lines() -> None:
    files = [path for pattern in ("bsm_alumni/**/*.py", "templates/**/*.html") for path in ROOT.glob(pattern)]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
