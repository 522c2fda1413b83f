"""Codes of an authenticator app, as RFC 6238 has them: SHA-1, six digits, a new one every 30 seconds. Pure."""

import base64
import hmac
import unicodedata
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS = 6
STEP_SECONDS = 30
# Clocks of telephones differ: the step before and the step after count too.
WINDOW = 1
# RFC 4226 asks for 128 bits at least and advises 160.
SECRET_BYTES = 20
ISSUER = "BSM Alumni"


def step_at(seconds: float) -> int:
    """The number of the time step in which an instant lies, given in seconds since 1970."""
    return int(seconds // STEP_SECONDS)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a time step."""
    # SHA-1 is what the apps know; the attacks on it do not touch HMAC.
    return HOTP(secret, digits, SHA1()).generate(step).decode()  # noqa: S303


def matching_step(secret: bytes, code: str, seconds: float, last_step: int) -> int | None:
    """The step whose code this is, near ``seconds`` and after ``last_step``; None for a wrong, old or used code.

    Every step of the window is compared in full, so that the time taken tells nothing.
    """
    now, written, found = step_at(seconds), digits_of(code).encode(), None
    for step in range(now - WINDOW, now + WINDOW + 1):
        same = hmac.compare_digest(code_at(secret, step).encode(), written)
        if same and step > last_step:
            found = step
    return found


def digits_of(text: str) -> str:
    """What was written as the digits 0 to 9, whatever script they were written in, without blanks between them."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text if not sign.isspace())


def base32_of(secret: bytes) -> str:
    """The secret as apps take it when it is written in by hand."""
    return base64.b32encode(secret).decode().rstrip("=")


def in_groups(text: str, size: int = 4) -> str:
    """The text in groups, for reading it aloud or copying it by hand."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def provisioning_uri(secret: bytes, address: str) -> str:
    """What the QR code says: the address that authenticator apps open, by the rules of the Key Uri Format."""
    query = urlencode({"secret": base32_of(secret), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}:{quote(address)}?{query}"
