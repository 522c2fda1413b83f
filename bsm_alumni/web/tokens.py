"""Secrets in links and cookies. Nothing here is stored: a token can be made again, and only its hash is kept."""

import base64
import hashlib
import hmac

from flask import current_app


def token_for(message: str) -> str:
    """The token of a link: base64url of HMAC-SHA256 under the secret key, 43 characters.

    ``message`` begins with what the link is for, so that a token for one thing never opens another.
    """
    mac = hmac.new(str(current_app.config["SECRET_KEY"]).encode(), message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def hash_of(token: str) -> str:
    """What is kept of a token: SHA-256 in hexadecimal. A token has 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
