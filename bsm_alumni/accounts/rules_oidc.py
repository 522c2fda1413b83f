"""What an identity provider's claims give; pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from bsm_alumni.accounts.enums import Role

# RFC 8176: the provider asked for more than a password.
STRONG_METHODS = frozenset({"mfa", "otp", "hwk"})
# How deep a claim may lie in others.
DEEPEST = 5
# A year, in seconds: longer ago makes no difference.
LONGEST_AGO = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Whoever's ``claim`` has ``value`` gets ``role``; partners for an organisation."""

    id: int
    position: int
    claim: str
    value: str
    role: Role
    organisation_id: int | None = None


def choose_rule(rules: Iterable[ClaimRule], claims: Mapping[str, Any]) -> ClaimRule | None:
    """The rule that counts: the first by position that fits, those for administrators before all others.

    So the order of the others never decides who is an administrator: each rule that makes one was agreed to by two
    people, and nothing else widens it.
    """
    ordered = sorted(rules, key=lambda rule: (rule.role is not Role.ADMIN, rule.position, rule.id))
    return next((rule for rule in ordered if fits(rule, claims)), None)


def fits(rule: ClaimRule, claims: Mapping[str, Any]) -> bool:
    """True when the claim is the value, or a list that holds it; upper and lower case differ."""
    return rule.role is not Role.ALUMNUS and rule.value in values_of(claims, rule.claim)


def values_of(claims: Mapping[str, Any], name: str) -> list[str]:
    """The values of a claim as text, true and false in small letters.

    ``a.b`` is ``b`` inside ``a``, where no claim has the whole name.
    """
    found = _find(claims, name, DEEPEST)
    items = found if isinstance(found, list) else [found]
    return [_text(item) for item in items if isinstance(item, (str, int, float, bool))]


def _find(claims: Mapping[str, Any], name: str, depth: int) -> Any:
    if name in claims:
        return claims[name]
    head, dot, rest = name.partition(".")
    inner = claims.get(head) if dot and depth else None
    return _find(inner, rest, depth - 1) if isinstance(inner, Mapping) else None


def _text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def shows_second_factor(claims: Mapping[str, Any], strong_acr: Iterable[str]) -> bool:
    """True when the provider says it asked for a second factor: by ``amr``, or by an ``acr`` that was agreed on."""
    methods = claims.get("amr")
    if isinstance(methods, list) and STRONG_METHODS & {item for item in methods if isinstance(item, str)}:
        return True
    acr = claims.get("acr")
    return isinstance(acr, str) and acr in set(strong_acr)


def proved_at(claims: Mapping[str, Any], now: datetime) -> datetime:
    """When the person last proved who they are to the provider; ``now`` where it does not say.

    As long before now as ``auth_time`` is before ``iat``: the provider lives by another clock than the demo.
    """
    proved, issued = claims.get("auth_time"), claims.get("iat")
    if not _is_number(proved) or not _is_number(issued):
        return now
    return now - timedelta(seconds=min(max(0, issued - proved), LONGEST_AGO))


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def verified_address(claims: Mapping[str, Any]) -> str | None:
    """The address in small letters, if the provider vouches for it; None otherwise."""
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str) or "@" not in address:
        return None
    return address.strip().lower()


def merge_claims(id_token: Mapping[str, Any], userinfo: Mapping[str, Any]) -> dict[str, Any]:
    """What the signed token says, and beside it what only the user page of the provider says.

    An address is never judged by another source's word that it was verified, nor a second factor by an unsigned one.
    """
    extra = {name: value for name, value in userinfo.items() if name not in ("amr", "acr", "auth_time")}
    if "email" in id_token or "email_verified" in id_token:
        extra.pop("email", None)
        extra.pop("email_verified", None)
    return {**extra, **id_token}


def subject_key(issuer: str, subject: str) -> str:
    """How a user's link to the provider is kept."""
    return f"{issuer}|{subject}"
