"""The command line over a database of its own: upgrade, check, users, audit, backup and restore, exit codes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.processes import run_command

COMMAND = Path(sys.executable).with_name("bsm-alumni")


class Shell:
    """Runs `bsm-alumni` with a SQLite database in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BSM_")}
        self.environment = {
            **kept,
            "BSM_DATABASE_URL": f"sqlite:///{folder / 'bsm.db'}",
            "BSM_MAIL_URL": f"file:{folder / 'mail'}",
        }

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_command(arguments, {**self.environment, **environment})


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database that the command made, for each test to copy."""
    shell = Shell(tmp_path_factory.mktemp("upgraded"))
    assert shell("db", "upgrade").returncode == 0
    return shell.folder / "bsm.db"


@pytest.fixture
def shell(upgraded: Path, tmp_path: Path) -> Shell:
    shutil.copy(upgraded, tmp_path / "bsm.db")
    return Shell(tmp_path)


def test_check_finds_all_well_and_then_something_to_mend(shell: Shell) -> None:
    answer = shell("check", "--json")
    assert answer.returncode == 0
    checks = json.loads(answer.stdout)["checks"]
    assert [check["name"] for check in checks] == ["settings", "database", "migrations", "mail", "disk"]
    assert shell("check", BSM_MAIL_URL="smtp://127.0.0.1:1").returncode == 1


def test_the_installed_command_says_what_it_can_do_and_ends_well(shell: Shell) -> None:
    answer = subprocess.run([COMMAND, "--help"], cwd=shell.folder, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("Usage: bsm-alumni ")
    assert subprocess.run([COMMAND, "no-such"], capture_output=True, check=False).returncode == 2


def test_users_are_made_once(shell: Shell) -> None:
    make = ("user", "create", "--role", "officer", "--password", "a long enough password", "officer@example.org")
    assert shell(*make).returncode == 0
    again = shell(*make)
    assert again.returncode == 1
    assert again.stderr == "Error: officer@example.org has an account already.\n"
    assert shell("user", "create", "--role", "king", "x@example.org").returncode == 2


def test_a_partner_needs_an_organisation_that_exists(shell: Shell) -> None:
    password = ("--password", "a long enough password")
    assert shell("user", "create", "--role", "partner", *password, "a@example.org").returncode == 1
    wrong = shell("user", "create", "--role", "partner", "--organisation", "XYZ", *password, "a@example.org")
    assert wrong.returncode == 1
    right = shell("user", "create", "--role", "partner", "--organisation", "unodc", *password, "a@example.org")
    assert right.returncode == 0


def test_a_backup_brings_back_what_was(shell: Shell) -> None:
    backup = str(shell.folder / "backup.db")
    password = ("--password", "a long enough password")
    assert shell("user", "create", "--role", "admin", *password, "first@example.org").returncode == 0
    assert shell("backup", backup).returncode == 0
    assert shell("backup", backup).returncode == 1
    assert shell("user", "create", "--role", "admin", *password, "second@example.org").returncode == 0
    assert shell("restore", backup, "--yes").returncode == 0
    assert shell("user", "create", "--role", "admin", *password, "first@example.org").returncode == 1
    assert shell("user", "create", "--role", "admin", *password, "second@example.org").returncode == 0
    assert shell("audit", "verify").returncode == 0


def test_production_refuses_unsafe_settings_in_one_line(shell: Shell) -> None:
    answer = shell("check", BSM_ENV="production")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: BSM_SECRET_KEY:")
    assert answer.stderr.count("\n") == 1


def test_a_backup_of_an_unknown_version_replaces_nothing(shell: Shell) -> None:
    backup = str(shell.folder / "backup.db")
    make = ("user", "create", "--role", "admin", "--password", "a long enough password", "kept@example.org")
    assert shell("backup", backup).returncode == 0
    assert shell(*make).returncode == 0
    for revision in ("0001_initial", "9999_newer"):
        with closing(sqlite3.connect(backup)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            connection.commit()
        refused = shell("restore", backup, "--yes")
        assert refused.returncode == 1
        assert refused.stderr.endswith("Nothing was changed.\n")
    assert shell(*make).returncode == 1
    assert shell("check").returncode == 0
