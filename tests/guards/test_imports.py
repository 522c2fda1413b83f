"""Who may import whom, as import-linter reads it; and a twin that must be caught."""

import shutil
import subprocess
import sys
from pathlib import Path

from config import ROOT

LINTER = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> int:
    return subprocess.run([LINTER, "--no-cache"], cwd=folder, capture_output=True, check=False).returncode


def test_the_contracts_hold_and_a_planted_import_breaks_them(tmp_path: Path) -> None:
    assert lint(ROOT) == 0
    shutil.copytree(ROOT / "bsm_alumni", tmp_path / "bsm_alumni", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "bsm_alumni" / "alumni" / "queries.py"
    planted.write_text("from bsm_alumni.matching import service\n" + planted.read_text())
    assert lint(tmp_path) == 1
