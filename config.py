"""Settings, read from the environment (prefix ``BSM_``) and checked at start.

A missing or unsafe setting stops the program with one clear line, since a registry of serving
officers must not run on a guessed secret or answer to any host name.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
DEMO_SECRET = "demo-secret-not-for-production"  # noqa: S105 - public on purpose, refused in production


class UnsafeSettings(Exception):
    """The environment does not give a safe set of settings; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program was told by its environment."""

    env: str
    database_url: str
    secret_key: str
    base_url: str
    mail_url: str
    # An identity provider that staff and partners may sign in with; empty where there is none.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""
    # Values of ``acr``, separated by blanks, by which the provider says that it asked for a second factor.
    oidc_acr: str = ""
    # Where the heads of the audit trail are kept, outside the database; beside it, or under ``var``, when not said.
    journal_dir: str = ""

    def __post_init__(self) -> None:
        folder = Path(self.journal_dir) if self.journal_dir else _beside(self.database_url) / "journal"
        object.__setattr__(self, "journal_dir", str(ROOT / folder))

    @property
    def is_demo(self) -> bool:
        return self.env == "demo"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


def _beside(database_url: str) -> Path:
    """The folder of an SQLite database, ``var`` for another."""
    if database_url.startswith("sqlite:///"):
        return Path(database_url.removeprefix("sqlite:///")).parent
    return Path("var")


def _database_url(value: str) -> str:
    if value.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + value.split("://", 1)[1]
    return value


def is_loopback(host: str | None) -> bool:
    """True for names of this machine, where plain HTTP is as good as HTTPS."""
    return host in ("localhost", "127.0.0.1", "::1")


def _oidc_problems(settings: Settings) -> list[str]:
    if not settings.oidc_issuer:
        return []
    problems, issuer = [], urlsplit(settings.oidc_issuer)
    if issuer.scheme != "https" and not (issuer.scheme == "http" and is_loopback(issuer.hostname)):
        problems.append("BSM_OIDC_ISSUER: give the https:// address of the identity provider.")
    if issuer.query or issuer.fragment or issuer.username:
        problems.append("BSM_OIDC_ISSUER: leave out everything but host and path.")
    if not settings.oidc_client_id or not settings.oidc_client_secret:
        problems.append("BSM_OIDC_CLIENT_ID and BSM_OIDC_CLIENT_SECRET: give what the identity provider gave you.")
    return problems


def is_guessable(secret: str) -> bool:
    """True for a secret that is short, known, or repeats a few characters."""
    lowered = secret.lower()
    known = secret == DEMO_SECRET or any(word in lowered for word in ("secret", "change", "password", "example"))
    repeats = any(secret == (secret[:size] * len(secret))[: len(secret)] for size in range(1, len(secret) // 2 + 1))
    return len(secret) < 32 or known or repeats or len(set(secret)) < 12


def _production_problems(settings: Settings, env: Mapping[str, str]) -> list[str]:
    problems, base, mail = [], urlsplit(settings.base_url), urlsplit(settings.mail_url)
    if is_guessable(settings.secret_key):
        problems.append("BSM_SECRET_KEY: give at least 32 random characters, such as `openssl rand -hex 32` makes.")
    if base.scheme != "https" or not base.hostname:
        problems.append("BSM_BASE_URL: give the https:// address people use.")
    elif base.path or base.query or base.fragment or base.username:
        problems.append("BSM_BASE_URL: leave out everything but https://, host and port.")
    if mail.scheme not in ("smtp", "smtps") or not mail.hostname:
        problems.append("BSM_MAIL_URL: say where mail goes, for example smtp://mail.example.org:25.")
    if env.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        problems.append("FLASK_DEBUG: leave it out; its pages show the program's insides.")
    return problems


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the settings.

    Raises ``UnsafeSettings`` with every problem found, not only the first.
    """
    env = os.environ if environ is None else environ
    kind = env.get("BSM_ENV", "demo")
    demo = kind == "demo"
    problems: list[str] = []
    if kind not in ("demo", "production"):
        problems.append(f"BSM_ENV is {kind!r}: write demo or production.")
    settings = Settings(
        env=kind,
        database_url=_database_url(env.get("BSM_DATABASE_URL", f"sqlite:///{ROOT / 'var' / 'bsm.db'}")),
        secret_key=env.get("BSM_SECRET_KEY", DEMO_SECRET if demo else ""),
        base_url=env.get("BSM_BASE_URL", "http://127.0.0.1:8000" if demo else "").rstrip("/"),
        mail_url=env.get("BSM_MAIL_URL", "file:var/mail"),
        journal_dir=env.get("BSM_JOURNAL_DIR", ""),
        oidc_issuer=env.get("BSM_OIDC_ISSUER", ""),
        oidc_client_id=env.get("BSM_OIDC_CLIENT_ID", ""),
        oidc_client_secret=env.get("BSM_OIDC_CLIENT_SECRET", ""),
        oidc_name=env.get("BSM_OIDC_NAME", ""),
        oidc_acr=env.get("BSM_OIDC_ACR", ""),
    )
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("BSM_DATABASE_URL: write sqlite:///PATH or postgresql://USER@HOST/NAME.")
    if not re.match(r"^(file:.+|smtps?://.+)$", settings.mail_url):
        problems.append("BSM_MAIL_URL: write smtp://HOST:PORT, smtps://HOST:PORT or file:FOLDER.")
    if not demo:
        problems += _production_problems(settings, env)
    elif not settings.host:
        problems.append("BSM_BASE_URL: give an address such as http://127.0.0.1:8000.")
    elif "BSM_ENV" not in env and settings.base_url.startswith("https://"):
        # Without a word the program is a demo, with accounts that everybody knows; at a public address that is a slip.
        problems.append("BSM_ENV: write production, or demo if this is to be one.")
    problems += _oidc_problems(settings)
    if problems:
        raise UnsafeSettings(" ".join(problems))
    return settings
