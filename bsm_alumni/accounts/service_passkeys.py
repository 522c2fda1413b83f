"""Passkeys (WebAuthn): the browser signs a challenge with a key that never leaves the person's device.

The challenge lies in the browser's signed session for five minutes, bound to what it was made for and to whom; an
answered one is put down, so that a copied session answers no challenge twice. ADR 5 says why it is so.
"""

import hashlib
import hmac
import json
import re
import secrets
from typing import Any

import sqlalchemy as sa
import webauthn
from flask import current_app, session
from sqlalchemy.exc import IntegrityError
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, structs
from webauthn.registration.verify_registration_response import VerifiedRegistration

from bsm_alumni.accounts.models import Passkey, SpentChallenge, User
from bsm_alumni.accounts.rules_passkeys import (
    CHALLENGE_LASTS,
    MOST_PASSKEYS,
    RelyingParty,
    counter_is_sound,
    relying_party,
)
from bsm_alumni.accounts.rules_totp import ISSUER
from bsm_alumni.audit.service import note
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import NotThere

# What a challenge is made for.
SIGN_IN, SHOW, ADD = "sign_in", "show", "add"
KEY = "passkey_challenge"
CREDENTIAL_ID = re.compile(r"[A-Za-z0-9_-]{1,1400}")
# The person proves to the device who they are, with a PIN or a finger: so a passkey is two factors at once.
VERIFIED = structs.UserVerificationRequirement.REQUIRED


class PasskeyRefused(Exception):
    """The browser's answer proves nothing: wrong, too late, used before, or of a key that nobody has here."""


def find_party() -> RelyingParty | None:
    """The relying party of this site; None where passkeys cannot be used."""
    return relying_party(current_app.extensions["bsm_settings"].base_url)


def options_to_sign_in() -> dict[str, Any]:
    """What the browser needs to offer the passkeys it has for this site, whoever they belong to."""
    options = webauthn.generate_authentication_options(
        rp_id=_party().id, challenge=_new_challenge(SIGN_IN), user_verification=VERIFIED
    )
    return _as_json(options)


def options_to_show(user: User) -> dict[str, Any]:
    """What the browser needs to ask for one of the user's own passkeys."""
    options = webauthn.generate_authentication_options(
        rp_id=_party().id,
        challenge=_new_challenge(SHOW, user),
        user_verification=VERIFIED,
        allow_credentials=[_descriptor(row) for row in passkeys_of(user)],
    )
    return _as_json(options)


def options_to_add(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey for the user, on a device that has none of theirs yet."""
    if user.webauthn_handle is None:
        # Random, since devices show it to whoever holds them.
        user.webauthn_handle = bytes_to_base64url(secrets.token_bytes(32))
        db.session.flush()
    options = webauthn.generate_registration_options(
        rp_id=_party().id,
        rp_name=ISSUER,
        user_id=base64url_to_bytes(user.webauthn_handle),
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=_new_challenge(ADD, user),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
        exclude_credentials=[_descriptor(row) for row in passkeys_of(user)],
    )
    return _as_json(options)


def passkeys_of(user: User) -> list[Passkey]:
    """The user's passkeys, oldest first."""
    return list(db.session.scalars(sa.select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)))


def find_passkey_of(user: User, passkey_id: int) -> Passkey | None:
    """One of the user's own passkeys; None for anybody else's."""
    return db.session.scalar(sa.select(Passkey).where(Passkey.user_id == user.id, Passkey.id == passkey_id))


def keep_passkey(user: User, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser made. Raises PasskeyRefused."""
    challenge, party = _spent_challenge(ADD, user), _party()
    try:
        made: VerifiedRegistration = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
        transports = json.loads(answer)["response"].get("transports") or []
    except Exception as problem:
        # Whatever breaks on the way, a hostile answer proves nothing.
        raise PasskeyRefused from problem
    if len(passkeys_of(user)) >= MOST_PASSKEYS:
        raise PasskeyRefused
    known = {transport.value for transport in structs.AuthenticatorTransport}
    row = Passkey(
        user_id=user.id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
        transports=",".join(sorted({text for text in transports if isinstance(text, str)} & known)),
        name=name,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as taken:
        raise PasskeyRefused from taken
    return row


def prove_with_passkey(user: User, answer: str) -> Passkey:
    """The user's passkey that answered the challenge. Raises PasskeyRefused, for another's passkey too."""
    return _answered(answer, _spent_challenge(SHOW, user), user)


def user_by_passkey(answer: str) -> User:
    """Whoever the passkey belongs to that answered the first page's challenge. Raises PasskeyRefused."""
    row = _answered(answer, _spent_challenge(SIGN_IN), None)
    user = db.session.get(User, row.user_id)
    if user is None or not user.active:
        raise PasskeyRefused
    return user


def forget_passkeys(user: User) -> int:
    """Let none of the user's passkeys count any more; returns how many there were."""
    gone = db.session.execute(sa.delete(Passkey).where(Passkey.user_id == user.id))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _answered(answer: str, challenge: bytes, user: User | None) -> Passkey:
    party = _party()
    try:
        given = json.loads(answer)
        row = _row_of(given, user)
        proof = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            # The counter is judged below, once the signature is known to be right: only then it tells something.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as problem:
        # As above; PasskeyRefused itself passes through here too.
        raise PasskeyRefused from problem
    if not counter_is_sound(row.sign_count, proof.new_sign_count):
        note("user.passkey_counter_fell", "users", row.user_id, {"passkey": row.name, "id": row.id})
        raise PasskeyRefused
    used = db.session.execute(
        sa.update(Passkey)
        .where(Passkey.id == row.id, Passkey.sign_count == row.sign_count)
        .values(sign_count=proof.new_sign_count, last_used_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise PasskeyRefused
    db.session.refresh(row)
    return row


def _row_of(given: dict[str, Any], user: User | None) -> Passkey:
    if not CREDENTIAL_ID.fullmatch(given["id"]):
        raise PasskeyRefused
    row = db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == given["id"]))
    if row is None or (user is not None and row.user_id != user.id):
        raise PasskeyRefused
    owner = db.session.get_one(User, row.user_id)
    # Passkeys found without a user's name say whose they are; that must be whose we know them to be.
    said = given["response"].get("userHandle")
    if (said or user is None) and not hmac.compare_digest(str(said or ""), owner.webauthn_handle or "-"):
        raise PasskeyRefused
    return row


def _new_challenge(purpose: str, user: User | None = None) -> bytes:
    challenge = secrets.token_bytes(32)
    ends = (utc_now() + CHALLENGE_LASTS).timestamp()
    session[KEY] = [purpose, user.id if user else 0, bytes_to_base64url(challenge), int(ends)]
    return challenge


def _spent_challenge(purpose: str, user: User | None = None) -> bytes:
    """The challenge that this browser was given for ``purpose``, which is used up by asking for it."""
    kept_for, user_id, text, ends = session.pop(KEY, None) or ["", 0, "", 0]
    now = utc_now()
    if (kept_for, user_id) != (purpose, user.id if user else 0) or now.timestamp() >= ends:
        raise PasskeyRefused
    db.session.execute(sa.delete(SpentChallenge).where(SpentChallenge.expires_at <= now))
    spent = SpentChallenge(challenge_hash=hashlib.sha256(text.encode()).hexdigest(), expires_at=now + CHALLENGE_LASTS)
    try:
        with db.session.begin_nested():
            db.session.add(spent)
    except IntegrityError as used:
        # Another request came first with a copy of the same session.
        raise PasskeyRefused from used
    return base64url_to_bytes(text)


def _party() -> RelyingParty:
    party = find_party()
    if party is None:
        raise NotThere
    return party


def _descriptor(row: Passkey) -> structs.PublicKeyCredentialDescriptor:
    transports = [structs.AuthenticatorTransport(text) for text in row.transports.split(",") if text]
    return structs.PublicKeyCredentialDescriptor(base64url_to_bytes(row.credential_id), transports=transports)


def _as_json(options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return found
