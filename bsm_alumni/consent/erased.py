"""Addresses of people who asked to be erased: known by a keyed hash alone, so that they are not brought back."""

import hashlib
import hmac
from collections.abc import Iterable

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.models_disclosures import ErasedAddress
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors

ASKED_TO_BE_ERASED = _l(
    "%(address)s belongs to a person who asked to be erased, so it is not taken. "
    "When the person wants to be here again, let the address in under Requests, Erased people."
)
BATCH = 500


def address_hash(address: str) -> str:
    """HMAC-SHA256 of an address in lower case, in hexadecimal: without the secret key it tells nothing."""
    key = b"erased-address:" + str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, address.strip().lower().encode(), hashlib.sha256).hexdigest()


def erased_among(addresses: Iterable[str]) -> list[str]:
    """Those of the addresses that must not come in, in the order given. One query for five hundred."""
    hashes = {address_hash(address): address for address in addresses}
    wanted = list(hashes)
    held: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        held |= set(
            db.session.scalars(
                sa.select(ErasedAddress.hash).where(
                    ErasedAddress.hash.in_(wanted[start : start + BATCH]), ErasedAddress.lifted_at.is_(None)
                )
            )
        )
    return [address for one, address in hashes.items() if one in held]


def erased_hashes() -> frozenset[str]:
    """The hashes of all addresses that must not come in, so that a long file need not ask for each row."""
    return frozenset(db.session.scalars(sa.select(ErasedAddress.hash).where(ErasedAddress.lifted_at.is_(None))))


def keep_out(hashes: Iterable[str], alumnus_id: int) -> None:
    """Let addresses with these hashes in no more. Putting one down twice changes nothing."""
    for one in hashes:
        row = db.session.get(ErasedAddress, one)
        if row is None:
            db.session.add(ErasedAddress(hash=one, alumnus_id=alumnus_id))
    db.session.flush()


def lift(address: str, user_id: int | None, reason: str) -> None:
    """Let an address in again. Raises FieldErrors for one that is not kept out."""
    row = db.session.get(ErasedAddress, address_hash(address))
    if row is None or row.lifted_at is not None:
        raise FieldErrors({"address": str(_l("This address is not kept out. Look whether it is written as it was."))})
    row.lifted_at, row.lifted_by_id = utc_now(), user_id
    db.session.flush()
    # The address itself stays out of the trail.
    after = {"reason": reason, "alumnus": row.alumnus_id}
    record_many([Change("address.let_in", "erased_addresses", row.hash[:60], {}, after)])
