"""Passwords: hashed with argon2id, compared in the same time whether there is an account or not, refused when weak."""

from collections.abc import Iterable
from functools import cache

from flask import current_app
from flask_babel import gettext as _
from flask_security.utils import hash_password, verify_and_update_password, verify_password

from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.rules import DEMO_PASSWORD
from bsm_alumni.accounts.rules_passwords import LONGEST, SHORTEST, Weakness, find_weakness, normal
from bsm_alumni.extensions import db, utc_now


def hash_of_password(password: str) -> str:
    """The argon2id hash that is kept."""
    return str(hash_password(normal(password)))


def password_fits(user: User | None, password: str) -> bool:
    """True when this is the user's password and the user may sign in.

    Without a user or a password the work is the same, so that time does not tell who has an account.
    """
    stand_in = _stand_in()
    if user is None or not user.password:
        verify_password(normal(password), stand_in)
        return False
    return bool(verify_and_update_password(normal(password), user)) and user.active


def weakness_words(password: str, own: Iterable[str] = ()) -> str | None:
    """Why the password is refused and what to take instead; None for a good one."""
    if password == DEMO_PASSWORD and current_app.extensions["bsm_settings"].is_demo:
        return None
    match find_weakness(password, own):
        case None:
            return None
        case Weakness.SHORT:
            return _("Use at least %(num)s characters. Three or four words that do not belong together are easy to "
                     "remember.", num=SHORTEST)  # fmt: skip
        case Weakness.LONG:
            return _("Use at most %(num)s characters.", num=LONGEST)
        case Weakness.OWN:
            return _("Leave your name and address out of it: whoever guesses begins with them.")
        case _common:
            return _("Many people choose this, or something like it. Add words that nobody would expect together.")


def own_words(user: User) -> tuple[str, ...]:
    """What somebody who knows the user would try first."""
    organisation = user.organisation
    return (user.name, user.email, *((organisation.code, organisation.name) if organisation else ()))


def set_password(user: User, password: str) -> None:
    """Keep a new password, which was found good; the caller ends sessions and says so."""
    user.password, user.password_changed_at = hash_of_password(password), utc_now()
    db.session.flush()


@cache
def _stand_in() -> str:
    """A hash that no password fits, made once with the settings of the real ones."""
    return str(hash_password("nobody has this password"))
