"""Devices that were signed in on before: a cookie tells that much and no more.

It holds a random number and one code for each user who signed in there. A known device has tries of its own, so that
somebody who guesses at an account from elsewhere cannot keep its owner out, and no notice is sent about it.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import Response, after_this_request, current_app, request

from bsm_alumni.accounts.models import User

MOST_USERS = 8
LIFETIME = timedelta(days=400)
NONCE_LENGTH = 22


def cookie_name() -> str:
    """The cookie's name; over HTTPS its prefix keeps other hosts and plain HTTP from setting it."""
    return "__Host-bsm-device" if current_app.config["SESSION_COOKIE_SECURE"] else "bsm-device"


def find_known_device(user: User | None) -> str | None:
    """The random number of this device when the user signed in on it before; None on one that is new to them."""
    nonce, codes = _read()
    if user is None or not nonce or not any(hmac.compare_digest(code, _code(user, nonce)) for code in codes):
        return None
    return nonce


def remember_device(user: User) -> None:
    """Let the answer to this request tell the browser that the user signed in on it."""
    nonce, codes = _read()
    nonce = nonce or secrets.token_urlsafe(16)
    own = _code(user, nonce)
    value = ".".join([nonce, own, *(code for code in codes if code != own)][: MOST_USERS + 1])

    @after_this_request
    def _set(response: Response) -> Response:
        response.set_cookie(
            cookie_name(),
            value,
            max_age=LIFETIME,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
        return response


def _read() -> tuple[str, list[str]]:
    nonce, *codes = request.cookies.get(cookie_name(), "").split(".")
    is_ours = len(nonce) == NONCE_LENGTH and nonce.isascii() and all(code.isascii() for code in codes)
    return (nonce, codes[:MOST_USERS]) if is_ours else ("", [])


def _code(user: User, nonce: str) -> str:
    # The uniquifier changes when the user is let in no more, and the device is new again.
    message = f"device:{user.id}:{user.fs_uniquifier}:{nonce}".encode()
    mac = hmac.new(str(current_app.config["SECRET_KEY"]).encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:16]).decode().rstrip("=")
