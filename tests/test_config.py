"""Settings: production does not start on an unsafe one, and every problem is named at once."""

import secrets

import pytest

from config import DEMO_SECRET, UnsafeSettings, is_guessable, read_settings

SAFE = {
    "BSM_ENV": "production",
    "BSM_SECRET_KEY": "9f2c4b7a1de08356" + "c7b1e94f20ad6835",
    "BSM_BASE_URL": "https://alumni.example.org",
    "BSM_MAIL_URL": "smtp://mail.example.org:25",
    "BSM_DATABASE_URL": "postgresql://bsm@db/bsm",
}


def test_the_demo_needs_nothing() -> None:
    settings = read_settings({})
    assert (settings.env, settings.base_url, settings.mail_url) == ("demo", "http://127.0.0.1:8000", "file:var/mail")
    assert settings.database_url.startswith("sqlite:///")


def test_a_safe_production_starts() -> None:
    settings = read_settings(SAFE)
    assert settings.database_url == "postgresql+psycopg://bsm@db/bsm"
    assert settings.host == "alumni.example.org"
    assert not settings.is_demo


UNSAFE = [
    ("BSM_SECRET_KEY", "short"),
    ("BSM_SECRET_KEY", ""),
    ("BSM_SECRET_KEY", DEMO_SECRET),
    ("BSM_SECRET_KEY", "x" * 64),
    ("BSM_SECRET_KEY", "ab" * 32),
    ("BSM_SECRET_KEY", "0123456789abcdef" * 4),
    ("BSM_SECRET_KEY", "change-me-9f2c4b7a1de08356c7b1e94f20ad6835"),
    ("BSM_SECRET_KEY", "my-secret-9f2c4b7a1de08356c7b1e94f20ad6835"),
    ("BSM_BASE_URL", "http://alumni.example.org"),
    ("BSM_BASE_URL", "https://"),
    ("BSM_BASE_URL", ""),
    ("BSM_BASE_URL", "https://alumni.example.org/registry"),
    ("BSM_BASE_URL", "https://me:pass@alumni.example.org"),
    ("BSM_BASE_URL", "https://alumni.example.org?x=1"),
    ("BSM_DATABASE_URL", "mysql://db/bsm"),
    ("BSM_MAIL_URL", "mail.example.org"),
    ("BSM_MAIL_URL", "file:var/mail"),
    ("BSM_MAIL_URL", "smtp://"),
    ("BSM_ENV", "staging"),
    ("BSM_ENV", "Production"),
    ("BSM_ENV", ""),
    ("FLASK_DEBUG", "1"),
    ("FLASK_DEBUG", "true"),
]


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_an_unsafe_setting_is_named_in_one_line(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings) as raised:
        read_settings({**SAFE, name: value})
    words = str(raised.value)
    assert (words.startswith(name), "\n" in words) == (True, False)
    # A wrong secret is not repeated, since the line lands in a log.
    assert value == "" or name != "BSM_SECRET_KEY" or value not in words


def test_without_a_word_it_is_a_demo_but_not_at_a_public_address() -> None:
    assert read_settings({"BSM_BASE_URL": "http://localhost:8000"}).is_demo
    with pytest.raises(UnsafeSettings) as raised:
        read_settings({name: value for name, value in SAFE.items() if name != "BSM_ENV"})
    assert str(raised.value) == "BSM_ENV: write production, or demo if this is to be one."
    assert read_settings({**SAFE, "BSM_ENV": "demo"}).is_demo


def test_random_secrets_are_taken() -> None:
    """The twin: what `openssl` and Python make is never called guessable."""
    made = [secrets.token_hex(32) for _n in range(300)] + [secrets.token_urlsafe(32) for _n in range(300)]
    assert [secret for secret in made if is_guessable(secret)] == []


def test_all_problems_are_named_at_once() -> None:
    with pytest.raises(UnsafeSettings) as raised:
        read_settings({"BSM_ENV": "production"})
    words = str(raised.value)
    assert [name for name in ("BSM_SECRET_KEY", "BSM_BASE_URL", "BSM_MAIL_URL") if name in words] == [
        "BSM_SECRET_KEY",
        "BSM_BASE_URL",
        "BSM_MAIL_URL",
    ]


PROVIDER = {
    "BSM_OIDC_ISSUER": "https://login.example.org/realms/un",
    "BSM_OIDC_CLIENT_ID": "bsm",
    "BSM_OIDC_CLIENT_SECRET": "secret",
}


@pytest.mark.parametrize("issuer", [PROVIDER["BSM_OIDC_ISSUER"], "http://localhost:9400", "http://127.0.0.1:9400"])
def test_an_identity_provider_is_taken(issuer: str) -> None:
    settings = read_settings({**SAFE, **PROVIDER, "BSM_OIDC_ISSUER": issuer})
    assert (settings.oidc_issuer, settings.oidc_client_id) == (issuer, "bsm")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BSM_OIDC_ISSUER", "http://login.example.org"),
        ("BSM_OIDC_ISSUER", "login.example.org"),
        ("BSM_OIDC_ISSUER", "https://user@login.example.org"),
        ("BSM_OIDC_ISSUER", "https://login.example.org/?tenant=1"),
        ("BSM_OIDC_CLIENT_ID", ""),
        ("BSM_OIDC_CLIENT_SECRET", ""),
    ],
)
def test_half_an_identity_provider_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings, match=name):
        read_settings({**SAFE, **PROVIDER, name: value})
