"""Keeping an installation healthy: tables up to date, checks, backup and restore."""

import os
import shutil
import smtplib
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules import DEMO_DOMAIN
from bsm_alumni.audit.service_heads import note_restored
from bsm_alumni.database import writing
from bsm_alumni.extensions import db
from bsm_alumni.mail.transport import connect
from bsm_alumni.maintenance.lists import ensure_lists
from bsm_alumni.rights.restoring import Remembered, reapply, remember
from bsm_alumni.rights.service_erasures import clean_up
from bsm_alumni.web.errors import Refused
from config import ROOT, Settings

LEAST_FREE_MEGABYTES = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    name: str
    ok: bool
    words: str


def _settings() -> Settings:
    settings: Settings = current_app.extensions["bsm_settings"]
    return settings


def upgrade_database() -> None:
    """Run the migrations that are missing, and give an empty database its first lists."""
    url = _settings().database_url
    if url.startswith("sqlite:///"):
        (ROOT / url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.session.rollback()
    _refuse_unknown_version()
    upgrade(directory=str(ROOT / "migrations"))
    with writing():
        ensure_lists()
        db.session.commit()


def _refuse_unknown_version() -> None:
    """A newer program's database is left alone, and one of before the first release, from which no way leads here."""
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = {path.stem for path in (ROOT / "migrations" / "versions").glob("*.py")}
    if current is not None and current not in known:
        raise Refused(
            f"This database is of version {current}, which this program does not know: it was made by a newer "
            "program, or by one that was never released. Nothing was changed. Run the newer program; or begin with "
            "an empty database, which for the demo is `make clean`."
        )


def migration_head() -> str:
    """The revision this program needs, as pinned in ``migrations/HEAD``."""
    return (ROOT / "migrations" / "HEAD").read_text().strip()


def _check_database() -> list[Finding]:
    try:
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if connection.dialect.name == "sqlite":
                pragmas = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys")
                }
                safe = pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
                database = Finding("database", safe, f"SQLite {connection.dialect.server_version_info}, {pragmas}")
            else:
                database = Finding("database", True, f"PostgreSQL {connection.dialect.server_version_info}")
    except sa.exc.SQLAlchemyError as error:
        return [Finding("database", False, f"It does not answer: {error.__class__.__name__}.")]
    head = migration_head()
    fits = current == head
    words = f"at {head}" if fits else f"at {current}, needs {head}: run `bsm-alumni db upgrade`"
    return [database, Finding("migrations", fits, words)]


def _check_mail() -> Finding:
    url = _settings().mail_url
    if url.startswith("file:"):
        return Finding("mail", True, f"written to the folder {url.removeprefix('file:')}")
    parts = urlsplit(url)
    try:
        with connect(url, seconds=10) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"{parts.hostname} does not answer: {error}")
    return Finding("mail", True, f"{parts.hostname} answers")


def _check_disk() -> Finding:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    return Finding("disk", free >= LEAST_FREE_MEGABYTES, f"{free} MB free")


def run_checks() -> list[Finding]:
    """Look at settings, database, migrations, mail and disk."""
    settings = Finding("settings", True, f"{_settings().env}, {_settings().base_url}")
    return [settings, *_check_database(), *check_exposure(), _check_mail(), _check_disk()]


def check_exposure() -> list[Finding]:
    """In production: nobody can sign in whom everybody knows, and nobody else on the machine reads the database."""
    if _settings().is_demo:
        return []
    try:
        known = sa.select(sa.func.count()).select_from(User)
        known = known.where(User.email.endswith(DEMO_DOMAIN, autoescape=True), User.active.is_(True))
        count = db.session.scalar(known) or 0
    except sa.exc.SQLAlchemyError:
        # Without tables there are no accounts; that is another check's to say.
        db.session.rollback()
        count = 0
    words = f"{count} accounts of the demo may sign in: deactivate them" if count else "none of the demo's"
    found = [Finding("accounts", count == 0, words)]
    if _settings().database_url.startswith("sqlite:///") and _sqlite_path().exists():
        shut = not _sqlite_path().stat().st_mode & 0o077
        words = "read by its owner alone" if shut else f"others can read it: run `chmod 600 {_sqlite_path()}`"
        found.append(Finding("database file", shut, words))
    return found


def _sqlite_path() -> Path:
    return ROOT / _settings().database_url.removeprefix("sqlite:///")


def _copy_sqlite(source: Path, target: Path) -> None:
    import pysqlite3

    library: Any = pysqlite3
    with closing(library.connect(str(source))) as read, closing(library.connect(str(target))) as write:
        read.backup(write)


def _run_postgres(tool: str, *arguments: str) -> None:
    url = _settings().database_url.replace("postgresql+psycopg://", "postgresql://")
    program = shutil.which(tool)
    if program is None:
        raise Refused(f"{tool} is not installed. Install PostgreSQL's client programs.")
    subprocess.run([program, "--dbname", url, *arguments], check=True, env=dict(os.environ))  # noqa: S603


def backup_database(file: str) -> None:
    """Write a consistent copy while people work. Raises Refused when the target exists."""
    if Path(file).exists():
        raise Refused(f"{file} exists already. Choose another name.")
    db.session.rollback()
    if _settings().database_url.startswith("sqlite"):
        _copy_sqlite(_sqlite_path(), Path(file))
    else:
        _run_postgres("pg_dump", "--format=custom", "--file", file)


def _require_known(file: str) -> None:
    """Raises Refused for a SQLite backup that no migration leads on from; what it would replace is then untouched."""
    import pysqlite3

    library: Any = pysqlite3
    known = {script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()}
    try:
        with closing(library.connect(f"{Path(file).resolve().as_uri()}?mode=ro", uri=True)) as backup:
            found = {revision for (revision,) in backup.execute("SELECT version_num FROM alembic_version")}
    except library.DatabaseError as error:
        raise Refused(f"{file} is not a backup of this program. Nothing was changed.") from error
    if not found or not found <= known:
        raise Refused(
            f"{file} was made by a version that this one cannot bring up to date ({', '.join(sorted(found))}). "
            "Nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """How many people were erased again, and whether the database that was replaced could still be asked."""

    erased_again: int
    was_read: bool


def restore_database(file: str) -> Restored:
    """Replace the database by a backup, and erase again whoever was erased since it was made.

    Stop the server and the worker first.
    """
    if _settings().database_url.startswith("sqlite"):
        _require_known(file)
    remembered = remember()
    db.session.rollback()
    db.engine.dispose()
    if _settings().database_url.startswith("sqlite"):
        _copy_sqlite(Path(file), _sqlite_path())
    else:
        _run_postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", file)
    with db.engine.connect() as connection:
        is_old = MigrationContext.configure(connection).get_current_revision() not in (None, migration_head())
    if is_old:
        upgrade_database()
    return settle_restored(remembered)


def settle_restored(remembered: Remembered) -> Restored:
    """What follows once a backup is back: the trail is told, erasures are carried out again, the file is scrubbed."""
    with writing():
        note_restored()
        done = reapply(remembered)
        db.session.commit()
    if done:
        clean_up(done)
    return Restored(len(done), remembered.was_read)
