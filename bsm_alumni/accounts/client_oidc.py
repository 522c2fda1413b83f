"""Talking to the identity provider: authorization code flow with PKCE, and the proof of what it answers.

Only the configured issuer is asked; what its own description names must be HTTPS, outside this machine.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from flask import current_app
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from bsm_alumni.accounts.rules_oidc import merge_claims
from config import Settings, is_loopback

CALLBACK = "/sign-in/provider/answer"
SCOPE = "openid email profile"
# Signatures with a key of the provider's alone: never none, never one with a secret that both sides know.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
# Seconds to connect and to read.
TIMEOUT = (3.05, 8)
# How long the provider's description and keys are kept, and how far its clock may be off, in seconds.
KEEP_FOR = 600
LEEWAY = 60
LARGEST_ANSWER = 512 * 1024


class ProviderFailed(Exception):
    """The provider could not be asked, or its answer does not prove anything; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to the provider and back. It stays in the browser's signed cookie until the answer comes."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Provider:
    """What the issuer says of itself, checked."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    algorithms: tuple[str, ...]
    auth_methods: tuple[str, ...]
    names_itself: bool


def begin(settings: Settings) -> Attempt:
    """A new attempt: the address at the provider, and what must come back. Raises ProviderFailed."""
    provider = _provider(settings)
    state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
    with _session(settings, provider) as session:
        url, _state = session.create_authorization_url(
            provider.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
        )
    return Attempt(url=url, state=state, nonce=nonce, verifier=verifier)


def finish(settings: Settings, code: str, issuer: str | None, nonce: str, verifier: str) -> dict[str, Any]:
    """The proved claims behind a code. Raises ProviderFailed for whatever is not as it must be."""
    provider = _provider(settings)
    # RFC 9207: an answer that another provider sent here is not taken to this one.
    if (issuer is None and provider.names_itself) or issuer not in (None, provider.issuer):
        raise ProviderFailed("the answer came from another issuer")
    try:
        with _session(settings, provider) as session:
            token = session.fetch_token(
                provider.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
                redirect_uri=_redirect_uri(settings),
                allow_redirects=False,
            )
            claims = _proved(settings, provider, token, nonce)
            return merge_claims(claims, _userinfo(session, provider, claims["sub"]))
    except (RequestException, AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderFailed(f"{type(error).__name__}: {error}"[:300]) from error


def _redirect_uri(settings: Settings) -> str:
    return f"{settings.base_url}{CALLBACK}"


def _session(settings: Settings, provider: Provider) -> OAuth2Session:
    methods = provider.auth_methods
    session = OAuth2Session(
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
        scope=SCOPE,
        redirect_uri=_redirect_uri(settings),
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )
    session.max_redirects = 0
    return session


def _proved(settings: Settings, provider: Provider, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
    """The claims of the token of identity, once signature, issuer, audience, times and nonce are right."""
    raw = token.get("id_token")
    if not isinstance(raw, str):
        raise ProviderFailed("there is no token of identity")
    registry = JWSRegistry(algorithms=provider.algorithms, strict_check_header=False)
    try:
        decoded = jwt.decode(raw, _keys(settings, provider), registry=registry)
    except InvalidKeyIdError:
        # The provider changed its keys since they were fetched.
        decoded = jwt.decode(raw, _keys(settings, provider, anew=True), registry=registry)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        {
            "iss": {"essential": True, "value": provider.issuer},
            "aud": {"essential": True, "value": settings.oidc_client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        },
        {"nonce": nonce, "client_id": settings.oidc_client_id, "access_token": token.get("access_token")},
    )
    # Against the machine's clock, which is the provider's too, and not the demo's.
    claims.validate(leeway=LEEWAY)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise ProviderFailed("the subject is not as it must be")
    return dict(claims)


def _userinfo(session: OAuth2Session, provider: Provider, subject: str) -> dict[str, Any]:
    if provider.userinfo_endpoint is None:
        return {}
    answer = session.get(provider.userinfo_endpoint, allow_redirects=False)
    # A provider may sign this page instead; then the token of identity is all that counts.
    if answer.status_code != 200 or "json" not in answer.headers.get("Content-Type", ""):
        return {}
    found = answer.json()
    if not isinstance(found, dict) or found.get("sub") != subject:
        raise ProviderFailed("the user page tells of somebody else")
    return found


def _provider(settings: Settings) -> Provider:
    """The issuer's description of itself, kept for ten minutes."""
    return _kept(f"provider {settings.oidc_issuer}", lambda: _discover(settings))


def _discover(settings: Settings) -> Provider:
    issuer = settings.oidc_issuer
    found = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise ProviderFailed(f"the provider calls itself {found.get('issuer')!r}")
    offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
    userinfo = found.get("userinfo_endpoint")
    return Provider(
        issuer=issuer,
        authorization_endpoint=_safe(issuer, found.get("authorization_endpoint")),
        token_endpoint=_safe(issuer, found.get("token_endpoint")),
        jwks_uri=_safe(issuer, found.get("jwks_uri")),
        userinfo_endpoint=_safe(issuer, userinfo) if userinfo else None,
        algorithms=tuple(name for name in ALGORITHMS if name in offered),
        auth_methods=tuple(found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]),
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _keys(settings: Settings, provider: Provider, anew: bool = False) -> KeySet:
    name = f"keys {settings.oidc_issuer}"
    if anew:
        _shelf().pop(name, None)
    return _kept(name, lambda: KeySet.import_key_set(_fetch(provider.jwks_uri)))


def _safe(issuer: str, url: Any) -> str:
    """The address, if it is HTTPS; plain HTTP on this machine is for a provider on this machine."""
    parts = urlsplit(url if isinstance(url, str) else "")
    local = is_loopback(parts.hostname) and is_loopback(urlsplit(issuer).hostname)
    if parts.scheme == "https" or (parts.scheme == "http" and local):
        return str(url)
    raise ProviderFailed(f"the provider names an address that is not safe: {url!r}")


def _fetch(url: str) -> Any:
    """A JSON document of the provider's."""
    try:
        answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        if answer.status_code != 200 or len(answer.content) > LARGEST_ANSWER:
            raise ProviderFailed(f"{url} answers {answer.status_code}")
        found = answer.json()
    except (RequestException, ValueError) as error:
        raise ProviderFailed(f"{url}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise ProviderFailed(f"{url} is no description")
    return found


def _shelf() -> dict[str, tuple[float, Any]]:
    shelf: dict[str, tuple[float, Any]] = current_app.extensions.setdefault("bsm_oidc", {})
    return shelf


def _kept(name: str, make: Any) -> Any:
    shelf, now = _shelf(), time.monotonic()
    if name not in shelf or shelf[name][0] < now:
        shelf[name] = (now + KEEP_FOR, make())
    return shelf[name][1]
