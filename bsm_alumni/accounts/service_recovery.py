"""Recovery codes, for the day the telephone is lost: shown once, kept as argon2 hashes, each good for one sign-in."""

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bsm_alumni.accounts.models import RecoveryCode, User
from bsm_alumni.accounts.rules_recovery import CODES, new_code, normal_code, position_of
from bsm_alumni.extensions import db, utc_now

# The least that OWASP names for passwords (19 MiB, two passes), since ten are hashed at a time: a code has 120 random
# bits, so nobody guesses it from any hash.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make_codes(user: User) -> list[str]:
    """Ten new codes, to be shown now and never again; those from before stop working."""
    # Two requests at once: the second waits here and then replaces what the first made.
    db.session.execute(sa.select(User.id).where(User.id == user.id).with_for_update())
    forget_codes(user)
    codes = [new_code(position) for position in range(CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, position=position, code_hash=HASHER.hash(normal_code(code)))
        for position, code in enumerate(codes)
    )
    db.session.flush()
    return codes


def forget_codes(user: User) -> None:
    """Let no code of the user work any more."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def count_codes(user: User) -> int:
    """How many codes the user has left."""
    left = sa.select(sa.func.count()).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(left) or 0


def take_recovery_code(user: User, text: str) -> bool:
    """True for a right code that was not used; it is used up. One UPDATE decides between requests at once.

    What cannot be a code costs as much time as a wrong one.
    """
    code = normal_code(text)
    position = position_of(code)
    row = db.session.scalar(
        sa.select(RecoveryCode).where(
            RecoveryCode.user_id == user.id, RecoveryCode.position == position, RecoveryCode.used_at.is_(None)
        )
    )
    if row is None:
        HASHER.hash(code)
        return False
    try:
        HASHER.verify(row.code_hash, code)
    except VerificationError:
        return False
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(RecoveryCode.id == row.id, RecoveryCode.used_at.is_(None))
        .values(used_at=utc_now())
        .execution_options(synchronize_session=False)
    )
    db.session.expire(row)
    return bool(used.rowcount)  # type: ignore[attr-defined]
