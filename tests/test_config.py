"""Settings: production does not start on an unsafe one, and every problem is named at once."""

import pytest

from config import DEMO_SECRET, UnsafeSettings, read_settings

SAFE = {
    "BSM_ENV": "production",
    "BSM_SECRET_KEY": "x" * 32,
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BSM_SECRET_KEY", "short"),
        ("BSM_SECRET_KEY", DEMO_SECRET),
        ("BSM_BASE_URL", "http://alumni.example.org"),
        ("BSM_DATABASE_URL", "mysql://db/bsm"),
        ("BSM_MAIL_URL", "mail.example.org"),
        ("BSM_ENV", "staging"),
    ],
)
def test_an_unsafe_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings) as raised:
        read_settings({**SAFE, name: value})
    assert str(raised.value).startswith(name)


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
