"""Mails about one's own account: links that were asked for, and notices of what changed. Made when they are sent."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from bsm_alumni.accounts.models import OneTimeToken, User
from bsm_alumni.accounts.service_tokens import is_open, token_of, url_of
from bsm_alumni.accounts.words import device_words
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of, rendered
from bsm_alumni.mail.service import Renderer, post


class Notice(enum.StrEnum):
    """The kinds of mail about an account. Staff do not see them in the outbox: they are between us and the user."""

    SIGN_IN_LINK = "account.sign_in_link"
    CONFIRM_LINK = "account.confirm_link"
    PASSWORD_LINK = "account.password_link"  # noqa: S105 - a kind
    ADDRESS_LINK = "account.address_link"
    ADDRESS_TAKEN = "account.address_taken"
    ADDRESS_CHANGED = "account.address_changed"
    ADDRESS_RESTORED = "account.address_restored"
    PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - a kind
    NEW_DEVICE = "account.new_device"
    # ``factor`` is 'app', 'passkey' or 'recovery'.
    FACTOR_ADDED = "account.factor_added"
    FACTOR_REMOVED = "account.factor_removed"
    RECOVERY_CODE_USED = "account.recovery_code_used"


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, what is told, what the button says, and what to do if it was not you."""

    subject: str
    told: str
    button: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The button of a letter: where it leads, until when, and which part of the address nobody else may read."""

    url: str
    until: datetime
    secret: str


def notify(
    user: User, kind: Notice, *, to_address: str | None = None, token: OneTimeToken | None = None, **params: str
) -> None:
    """Put a mail about the user's account into the outbox, in the transaction that makes it true.

    ``token`` is the link that the mail carries; ``params`` are plain words that it tells, and never a secret.
    """
    about: dict[str, Any] = {"user": user.id, "at": utc_now().isoformat(), **params}
    if token is not None:
        about["token"] = token.id
    post(
        kind.value,
        to_address or user.email,
        about,
        alumnus_id=user.alumnus_id,
        subject_kind="users",
        subject_id=user.id,
    )


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None when its link was closed, or the user may no longer sign in."""
    user = db.session.get(User, mail.params["user"])
    if user is None or not user.active:
        return None
    token = db.session.get(OneTimeToken, mail.params["token"]) if "token" in mail.params else None
    if "token" in mail.params and (token is None or not is_open(token, utc_now())):
        return None
    when = current_app.jinja_env.filters["when"]
    with in_language_of(user.locale) as language:
        words = _words(Notice(mail.kind), mail.params, when(datetime.fromisoformat(mail.params["at"]), user.zone))
        return to_user(user, words, language, token)


def to_user(user: User, words: Words, language: str, token: OneTimeToken | None) -> Message:
    """A letter to a user, with the link as its button where there is one."""
    link = Link(url_of(token), token.expires_at, token_of(token)) if token is not None else None
    return letter(user.name or user.email, user.zone, words, language, link)


def letter(name: str, zone: str, words: Words, language: str, link: Link | None = None) -> Message:
    """One thing told and at most one button; times are on the clock of ``zone``."""
    values = {
        "name": name,
        "words": words,
        "url": link.url if link is not None else "",
        "until": current_app.jinja_env.filters["when"](link.until, zone) if link is not None else "",
    }
    secrets = (link.secret,) if link is not None else ()
    return rendered("account", words.subject, language, values, secrets=secrets)


def _words(kind: Notice, params: Mapping[str, Any], at: str) -> Words:
    base = current_app.extensions["bsm_settings"].base_url
    account, forgotten = f"{base}/account", f"{base}/password/forgotten"
    if kind in ASKED:
        return _asked_for(kind, params)
    not_you = _(
        "If it was not you, choose a new password now at %(forgotten)s, end the other sessions at %(account)s, "
        "and tell the programme.",
        forgotten=forgotten,
        account=account,
    )
    match kind:
        case Notice.ADDRESS_CHANGED:
            told = _("Since %(when)s you sign in with %(address)s.", when=at, address=params["address"])
            undo = _(
                "If it was not you, press the button: this address counts again, everyone is signed out, and you "
                "choose a new password."
            )
            return Words(_("Your sign-in address was changed"), told, _("Undo the change"), undo)
        case Notice.ADDRESS_RESTORED:
            told = _("The change of your sign-in address was undone on %(when)s.", when=at)
            return Words(_("Your sign-in address is the old one again"), told, otherwise=not_you)
        case Notice.PASSWORD_CHANGED:
            told = _("Your password was changed on %(when)s. All other devices were signed out.", when=at)
            return Words(_("Your password was changed"), told, otherwise=not_you)
        case Notice.NEW_DEVICE:
            device = device_words(params.get("device", ""))
            told = _("You signed in on a device that we had not seen before: %(device)s, %(when)s, network address "
                     "%(network)s.", device=device, when=at, network=params.get("network", ""))  # fmt: skip
            return Words(_("Sign-in on a new device"), told, otherwise=not_you)
        case Notice.RECOVERY_CODE_USED:
            told = _("One of your recovery codes was used on %(when)s. It does not work again.", when=at)
            return Words(_("A recovery code was used"), told, otherwise=not_you)
        case Notice.FACTOR_ADDED:
            return Words(_factor_subject(kind, params), _("This was done on %(when)s.", when=at), otherwise=not_you)
        case _other:
            told = _("This was done on %(when)s. All other devices were signed out.", when=at)
            return Words(_factor_subject(kind, params), told, otherwise=not_you)


ASKED = frozenset(
    {
        Notice.SIGN_IN_LINK,
        Notice.CONFIRM_LINK,
        Notice.PASSWORD_LINK,
        Notice.ADDRESS_LINK,
        Notice.ADDRESS_TAKEN,
    }
)


def _asked_for(kind: Notice, params: Mapping[str, Any]) -> Words:
    ignore = _("If you did not ask for this, do nothing: without the button nothing happens.")
    match kind:
        case Notice.SIGN_IN_LINK:
            told = _("You asked for a link to sign in. It works once.")
            return Words(_("Your link to sign in"), told, _("Sign in"), ignore)
        case Notice.CONFIRM_LINK:
            told = _("You asked for a link to show that it is you. It works once, in the browser in which you asked.")
            return Words(_("Show that it is you"), told, _("It is me"), ignore)
        case Notice.PASSWORD_LINK:
            told = _("You asked to choose a new password. The link works once.")
            return Words(_("Choose a new password"), told, _("Choose a new password"), ignore)
        case Notice.ADDRESS_LINK:
            told = _("You want to sign in with this address from now on. Open the link where you are signed in.")
            return Words(_("Confirm your new address"), told, _("Confirm this address"), ignore)
        case _taken:
            told = _("Somebody asked to sign in with this address, which has an account already. Nothing was changed.")
            return Words(_("Your address has an account already"), told)


def _factor_subject(kind: Notice, params: Mapping[str, Any]) -> str:
    added = kind is Notice.FACTOR_ADDED
    match params.get("factor"):
        case "app":
            return _("An authenticator app was added") if added else _("Your authenticator app was removed")
        case "passkey":
            return _("A passkey was added") if added else _("A passkey was removed")
        case "recovery":
            return _("New recovery codes were made") if added else _("Your recovery codes were removed")
        case _other:
            return _("A second factor was added") if added else _("Your second factors were removed")


RENDERERS: dict[str, Renderer] = dict.fromkeys((kind.value for kind in Notice), render)
