"""Recovery codes: ten, readable, kept as slow hashes, each good once, void once there are new ones."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from bsm_alumni.accounts import service_recovery
from bsm_alumni.accounts.models import RecoveryCode
from bsm_alumni.accounts.rules_recovery import ALPHABET, new_code, normal_code, position_of
from bsm_alumni.extensions import db
from tests.factories import Factory


def test_a_code_can_be_read_aloud_and_not_be_guessed() -> None:
    code = new_code(7)
    assert [len(group) for group in code.split("-")] == [5] * 5
    assert code[0] == "7"
    assert set(code) - {"-"} <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)
    # 24 signs of 32 kinds.
    assert (len(ALPHABET), len({new_code(0) for _try in range(200)})) == (32, 200)


@pytest.mark.parametrize(
    ("written", "read"),
    [("3K7D2-9XQ4M", "3k7d29xq4m"), (" 3k7d2 9xq4m ", "3k7d29xq4m"), ("oO-iIlL", "001111"), ("", "")],
)
def test_codes_are_read_as_people_write_them(written: str, read: str) -> None:
    assert normal_code(written) == read


@pytest.mark.parametrize("text", ["", "x" * 25, "3" * 24, "3" * 26, "٣" + "3" * 24, "3" * 24 + "u"])
def test_what_cannot_be_a_code_has_no_place(text: str) -> None:
    assert position_of(text) is None


def test_ten_codes_each_good_once(app: Flask, make: Factory) -> None:
    user = make.user()
    codes = service_recovery.make_codes(user)
    assert len(set(codes)) == 10
    assert service_recovery.count_codes(user) == 10
    for used, code in enumerate(codes, start=1):
        assert service_recovery.take_recovery_code(user, code.upper().replace("-", " "))
        assert not service_recovery.take_recovery_code(user, code)
        assert service_recovery.count_codes(user) == 10 - used


def test_new_codes_put_an_end_to_the_old_ones(app: Flask, make: Factory) -> None:
    user = make.user()
    old, new = service_recovery.make_codes(user), service_recovery.make_codes(user)
    assert [service_recovery.take_recovery_code(user, code) for code in old[:3]] == [False] * 3
    assert service_recovery.take_recovery_code(user, new[0])
    assert service_recovery.count_codes(user) == 9


def test_codes_are_good_for_their_owner_only(app: Flask, make: Factory) -> None:
    owner, other = make.user(), make.user()
    code = service_recovery.make_codes(owner)[0]
    service_recovery.make_codes(other)
    assert not service_recovery.take_recovery_code(other, code)
    assert service_recovery.take_recovery_code(owner, code)


def test_a_near_miss_is_a_miss(app: Flask, make: Factory) -> None:
    user = make.user()
    code = service_recovery.make_codes(user)[4]
    last = ALPHABET[(ALPHABET.index(code[-1]) + 1) % 32]
    for wrong in (code[:-1] + last, "5" + code[1:], code[:-1], code + "0", ""):
        assert not service_recovery.take_recovery_code(user, wrong)
    assert service_recovery.take_recovery_code(user, code)


def test_the_database_holds_argon2_hashes(app: Flask, make: Factory) -> None:
    user = make.user()
    codes = service_recovery.make_codes(user)
    hashes = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert {text.split("$")[1] for text in hashes} == {"argon2id"}
    assert len(set(hashes)) == 10
    assert [code for code in codes if any(code in text or normal_code(code) in text for text in hashes)] == []


def test_the_database_keeps_ten_places(app: Flask, make: Factory) -> None:
    user = make.user()
    service_recovery.make_codes(user)
    db.session.add(RecoveryCode(user_id=user.id, position=3, code_hash="x"))
    with pytest.raises(IntegrityError):
        db.session.flush()
