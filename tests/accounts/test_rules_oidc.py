"""What claims give."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.rules_oidc import (
    ClaimRule,
    choose_rule,
    merge_claims,
    proved_at,
    shows_second_factor,
    values_of,
    verified_address,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rule(position: int, value: str, role: Role = Role.OFFICER, claim: str = "groups") -> ClaimRule:
    return ClaimRule(position, position, claim, value, role, 7 if role is Role.PARTNER else None)


def test_the_first_rule_by_position_counts() -> None:
    rules = [rule(3, "c"), rule(1, "a", Role.VIEWER), rule(2, "b", Role.PARTNER)]
    assert choose_rule(rules, {"groups": ["c", "b", "a"]}) == rules[1]
    assert choose_rule(rules, {"groups": ["c", "b"]}) == rules[2]
    assert choose_rule(rules, {"groups": ["d"]}) is None
    assert choose_rule(rules, {}) is None
    assert choose_rule([], {"groups": "a"}) is None


def test_rules_for_administrators_come_first_wherever_they_stand() -> None:
    admin = rule(9, "boss", Role.ADMIN)
    for order in ([rule(1, "all"), admin], [admin, rule(1, "all")]):
        assert choose_rule(order, {"groups": ["all", "boss"]}) == admin
        assert choose_rule(order, {"groups": ["all"]}) == rule(1, "all")


def test_no_rule_makes_an_alumnus() -> None:
    assert choose_rule([rule(1, "a", Role.ALUMNUS)], {"groups": "a"}) is None


@pytest.mark.parametrize(
    ("claims", "name", "values"),
    [
        ({"a": "x"}, "a", ["x"]),
        ({"a": ["x", "y"]}, "a", ["x", "y"]),
        ({"a": True, "b": 7}, "a", ["true"]),
        ({"a": [False, 7, None, {"x": 1}]}, "a", ["false", "7"]),
        ({"a": {"b": {"c": ["x"]}}}, "a.b.c", ["x"]),
        ({"a.b": "whole", "a": {"b": "inner"}}, "a.b", ["whole"]),
        ({"a": {"b": "x"}}, "a", []),
        ({"a": "x"}, "a.b", []),
        ({}, "a", []),
        ({"a": None}, "a", []),
    ],
)
def test_values_of_a_claim(claims: dict[str, Any], name: str, values: list[str]) -> None:
    assert values_of(claims, name) == values


def test_upper_and_lower_case_and_parts_differ() -> None:
    for groups in ("Admin", "admins", " admin", ["ADMIN"]):
        assert choose_rule([rule(1, "admin", Role.ADMIN)], {"groups": groups}) is None


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ({"amr": ["mfa"]}, True),
        ({"amr": ["pwd", "hwk"]}, True),
        ({"amr": ["pwd", "sms"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"], {"mfa": 1}]}, False),
        ({"acr": "gold"}, True),
        ({"acr": "golden"}, False),
        ({"acr": ["gold"]}, False),
        ({}, False),
    ],
)
def test_second_factor(claims: dict[str, Any], shown: bool) -> None:
    assert shows_second_factor(claims, ["gold"]) is shown
    assert shows_second_factor({**claims, "acr": ""}, []) is (shown and "amr" in claims)


@pytest.mark.parametrize(
    ("claims", "ago"),
    [
        ({}, 0),
        ({"auth_time": 900, "iat": 1000}, 100),
        ({"auth_time": 2000, "iat": 1000}, 0),
        ({"auth_time": 900}, 0),
        ({"auth_time": "900", "iat": 1000}, 0),
        ({"auth_time": True, "iat": 1000}, 0),
        ({"auth_time": float("nan"), "iat": 1000}, 0),
        ({"auth_time": -(10**30), "iat": 1000}, 365 * 24 * 3600),
    ],
)
def test_when_it_was_proved(claims: dict[str, Any], ago: int) -> None:
    assert proved_at(claims, NOW) == NOW - timedelta(seconds=ago)


def test_only_a_vouched_address_counts() -> None:
    assert verified_address({"email": " Amina@Example.org", "email_verified": True}) == "amina@example.org"
    for claims in ({"email": "amina@example.org"}, {"email_verified": True}, {"email": 7, "email_verified": True}):
        assert verified_address(claims) is None


def test_the_token_comes_before_the_user_page() -> None:
    token = {"sub": "s", "email": "a@example.org", "groups": ["x"]}
    page = {"sub": "s", "email": "b@example.org", "email_verified": True, "groups": ["y"], "amr": ["mfa"], "org": "z"}
    assert merge_claims(token, page) == {"sub": "s", "email": "a@example.org", "groups": ["x"], "org": "z"}
