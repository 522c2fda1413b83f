"""Sign-in with an identity provider: whom its claims make, and when that is refused."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any, NoReturn

import sqlalchemy as sa
from flask import current_app, session
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bsm_alumni.accounts import client_oidc
from bsm_alumni.accounts.enums import Role, SessionEnd, SignInMethod
from bsm_alumni.accounts.models import OidcAnswer, OidcRule, User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import DEMO_DOMAIN
from bsm_alumni.accounts.rules_oidc import (
    ClaimRule,
    choose_rule,
    proved_at,
    shows_second_factor,
    subject_key,
    verified_address,
)
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_sessions import end_sessions_of, start_session
from bsm_alumni.accounts.service_sign_in import VISITOR
from bsm_alumni.accounts.service_users import set_access
from bsm_alumni.audit.service import Change, record, record_many
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused
from config import Settings

# An answer older than this is refused by its own times; until then it is remembered.
REMEMBER_FOR = timedelta(days=1)
LONGEST_ATTEMPT = timedelta(minutes=15)
COOKIE_KEY = "provider"


def provider_settings() -> Settings | None:
    """The settings of the identity provider; None where there is none."""
    settings: Settings = current_app.extensions["bsm_settings"]
    return settings if settings.oidc_issuer else None


def start(settings: Settings, next_path: str) -> str:
    """Begin an attempt in this browser; returns the address at the provider. Raises ProviderFailed."""
    attempt = client_oidc.begin(settings)
    session[COOKIE_KEY] = {
        "state": attempt.state,
        "nonce": attempt.nonce,
        "verifier": attempt.verifier,
        "next": next_path,
        "at": int(utc_now().timestamp()),
    }
    return attempt.url


def give_up() -> None:
    """Forget the attempt of this browser."""
    session.pop(COOKIE_KEY, None)


def finish(settings: Settings, state: str, code: str, issuer: str | None) -> str:
    """Take the provider's answer to this browser's own attempt, once, and sign the person in.

    Returns the path that they wanted to go to. Raises Refused; the request is to be committed then too.
    """
    attempt: dict[str, Any] = session.pop(COOKIE_KEY, None) or {}
    begun = attempt.get("at", 0)
    # An answer to somebody else's attempt would sign this browser in as them.
    fitting = hmac.compare_digest(str(attempt.get("state", "")).encode(), state.encode(errors="replace"))
    if not attempt or not fitting or utc_now().timestamp() - begun > LONGEST_ATTEMPT.total_seconds():
        _refuse(None, "no such attempt", _("This answer does not belong to this browser, or took too long. Try again."))
    # The way to the provider is long: nobody is to wait for a lock meanwhile.
    db.session.rollback()
    try:
        claims = client_oidc.finish(settings, code, issuer, attempt["nonce"], attempt["verifier"])
    except client_oidc.ProviderFailed as failure:
        current_app.logger.warning("The identity provider's answer was not taken: %s", failure)
        _refuse(None, "answer not proved", _("The answer of your provider could not be checked. Try again."))
    sign_in_with_claims(settings, claims, attempt["nonce"])
    return str(attempt["next"])


def sign_in_with_claims(settings: Settings, claims: dict[str, Any], nonce: str) -> User:
    """Sign the person in whom proved claims speak of. Raises Refused; what was refused is put down all the same.

    An account is found by its link to the provider, or, once, by an address the provider vouches for. The table of
    claims decides the role each time; where no rule fits nobody is made and nobody comes in.
    """
    key = subject_key(settings.oidc_issuer, claims["sub"])
    _take_once(nonce)
    user = _find(key, claims)
    rule = choose_rule(claim_rules(), claims)
    if rule is None:
        if user is not None and user.oidc_subject == key:
            end_sessions_of(user.id, SessionEnd.ROLE_CHANGED)
        _refuse(user, "no rule", _no_access())
    if user is None:
        user = _make(claims, rule, key)
    else:
        _link_and_update(user, rule, key)
    strong = shows_second_factor(claims, settings.oidc_acr.split())
    row = start_session(user, SignInMethod.OIDC, factor_shown=strong)
    row.fresh_at = proved_at(claims, utc_now())
    db.session.flush()
    record("user.signed_in", user, after={"method": SignInMethod.OIDC, "second_factor": strong, "rule": rule.id})
    return user


def claim_rules() -> list[ClaimRule]:
    """The administrator's table, in its order."""
    rows = db.session.scalars(sa.select(OidcRule).order_by(OidcRule.position, OidcRule.id)).all()
    return [ClaimRule(r.id, r.position, r.claim, r.value, r.role, r.organisation_id) for r in rows]


def forget_old_answers() -> int:
    """Delete what is remembered of answers that are too old to be taken again; returns how many. For the worker."""
    with writing():
        gone = db.session.execute(sa.delete(OidcAnswer).where(OidcAnswer.taken_at < utc_now() - REMEMBER_FOR))
        db.session.commit()
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _take_once(nonce: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(OidcAnswer(nonce_hash=hashlib.sha256(nonce.encode()).hexdigest(), taken_at=utc_now()))
    except IntegrityError:
        _refuse(None, "answer taken before", _("This answer was used already. Sign in again."))


def _find(key: str, claims: dict[str, Any]) -> User | None:
    """The account behind the claims, to be signed in or linked; None when there is none. Raises Refused."""
    user = db.session.scalar(sa.select(User).where(User.oidc_subject == key).with_for_update(of=User))
    address = verified_address(claims)
    if user is None and address is not None:
        user = find_user(address)
        if user is not None and user.oidc_subject is not None:
            _refuse(user, "linked elsewhere", _("This address belongs to another account. Ask an administrator."))
    if user is not None and (not user.active or user.role is Role.ALUMNUS or _is_demo_elsewhere(user)):
        _refuse(user, "not let in", _no_access())
    return user


def _make(claims: dict[str, Any], rule: ClaimRule, key: str) -> User:
    address = verified_address(claims)
    if address is None:
        _refuse(None, "address not verified", _("Your provider does not vouch for your address. Ask those who run it."))
    name = claims.get("name")
    try:
        user = create_user(
            address,
            rule.role,
            name=name.strip()[:200] if isinstance(name, str) else "",
            organisation_id=rule.organisation_id,
        )
    except FieldErrors as found:
        _refuse(None, "not made", " ".join(found.errors.values()))
    user.oidc_subject = key
    db.session.flush()
    return user


def _link_and_update(user: User, rule: ClaimRule, key: str) -> None:
    """Tie the account to the provider and give it what the table says. Raises Refused for the last administrator."""
    if user.oidc_subject is None:
        user.oidc_subject = key
        db.session.flush()
        record("user.provider_linked", user)
    organisation_id = rule.organisation_id
    if organisation_id is None and rule.role is user.role:
        # Where the table says nothing of it, staff keep their organisation.
        organisation_id = user.organisation_id
    focal = user.is_focal_point and rule.role is Role.PARTNER and organisation_id == user.organisation_id
    try:
        set_access(user, rule.role, organisation_id, focal)
    except Refused as refusal:
        _refuse(user, "last administrator", refusal.words)


def _is_demo_elsewhere(user: User) -> bool:
    return user.email.endswith(DEMO_DOMAIN) and not current_app.extensions["bsm_settings"].is_demo


def _no_access() -> str:
    return _("Your account there gives no access here. Ask an administrator of the programme.")


def _refuse(user: User | None, reason: str, words: str) -> NoReturn:
    _note(user, reason)
    raise Refused(words)


def _note(user: User | None, reason: str) -> None:
    change = Change("user.provider_refused", "users", user.id if user else 0, {}, {"reason": reason[:200]})
    record_many([change], actor=VISITOR)
