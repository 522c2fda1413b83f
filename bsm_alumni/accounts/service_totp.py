"""The authenticator app: its secret, kept encrypted, and its codes, each taken once."""

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import qrcode
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules_totp import SECRET_BYTES, base32_of, in_groups, matching_step, provisioning_uri
from bsm_alumni.extensions import db, machine_now, utc_now

# How long a secret that was shown waits for its first code.
PENDING_LASTS = timedelta(minutes=30)
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class SecretToScan:
    """A new secret as the page shows it: as a QR code, as an address and as text in groups."""

    uri: str
    text: str
    # An SVG path of one square a dark module, and the width of the whole with its quiet border, in modules.
    path: str
    width: int


def _cipher() -> AESGCM:
    master = str(current_app.config["SECRET_KEY"]).encode()
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"bsm-alumni: secrets of authenticator apps").derive(master))


def _owner(user: User) -> bytes:
    # Bound to the user: a row copied over another's opens nothing.
    return f"user:{user.id}".encode()


def seal(secret: bytes, user: User) -> str:
    """The secret encrypted for the database (AES-256-GCM under a key derived from the program's own)."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, secret, _owner(user))).decode()


def unseal(sealed: str, user: User) -> bytes | None:
    """The secret again; None when it was sealed under another key or for another user."""
    data = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher().decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], _owner(user))
    except InvalidTag:
        return None


def start_app(user: User) -> None:
    """Make a new secret that waits to be confirmed; until then an app that the user has goes on to count."""
    user.totp_pending = seal(secrets.token_bytes(SECRET_BYTES), user)
    user.totp_pending_at = utc_now()
    db.session.flush()


def find_pending(user: User) -> SecretToScan | None:
    """The secret that waits for its first code; None when there is none, or it waited too long."""
    secret = _pending_secret(user)
    if secret is None:
        return None
    uri = provisioning_uri(secret, user.email)
    path, width = _qr_path(uri)
    return SecretToScan(uri, in_groups(base32_of(secret)), path, width)


def confirm_app(user: User, code: str) -> bool:
    """Let the waiting secret count from now on if ``code`` is one of its codes. That code is used up by it."""
    secret = _pending_secret(user)
    step = matching_step(secret, code, machine_now().timestamp(), last_step=0) if secret is not None else None
    if step is None:
        return False
    taken = db.session.execute(
        sa.update(User)
        .where(User.id == user.id, User.totp_pending == user.totp_pending)
        .values(
            totp_secret=User.totp_pending,
            totp_confirmed_at=utc_now(),
            totp_counter=step,
            totp_pending=None,
            totp_pending_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(user)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def take_code(user: User, code: str) -> bool:
    """True for a right code, if neither it nor a later one was taken. One UPDATE decides between requests at once."""
    if user.totp_secret is None or user.totp_confirmed_at is None:
        return False
    secret = unseal(user.totp_secret, user)
    step = matching_step(secret, code, machine_now().timestamp(), user.totp_counter) if secret is not None else None
    if step is None:
        return False
    taken = db.session.execute(
        sa.update(User)
        .where(User.id == user.id, User.totp_secret == user.totp_secret, User.totp_counter < step)
        .values(totp_counter=step)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(user)
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def forget_app(user: User) -> None:
    """Let the app count no more, nor one that waits to be confirmed. The counter stays: no old code comes back."""
    user.totp_secret = user.totp_confirmed_at = user.totp_pending = user.totp_pending_at = None
    db.session.flush()


def _pending_secret(user: User) -> bytes | None:
    if user.totp_pending is None or user.totp_pending_at is None:
        return None
    return unseal(user.totp_pending, user) if utc_now() - user.totp_pending_at < PENDING_LASTS else None


def _qr_path(text: str) -> tuple[str, int]:
    code: Any = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return "".join(squares), len(rows)
