"""Two hundred ways to bend the trail, by someone who can write to every table but has not the key: all are found."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bsm_alumni.audit.chain import append
from bsm_alumni.audit.models import AuditEntry, AuditHead
from bsm_alumni.audit.rules import SHREDDED, details_digest, entry_mac, head_seal
from bsm_alumni.audit.service import Change, find_first_break
from bsm_alumni.audit.service_heads import check_trail, journal_head
from bsm_alumni.audit.service_shred import shred_about
from bsm_alumni.extensions import db

TRIES = 200
ENTRIES, HEAD = AuditEntry.__table__, AuditHead.__table__
WRONG_KEY = b"audit:not-the-secret"
PERSON = 7
Row = dict[str, Any]


def rows_of(table: sa.FromClause) -> list[Row]:
    return [dict(row._mapping) for row in db.session.execute(sa.select(table).order_by(*table.primary_key))]


class World:
    """A trail of sixty entries, one person's words shredded in the middle, and earlier copies of the tables."""

    def __init__(self) -> None:
        self.copies: list[tuple[list[Row], list[Row]]] = []
        for number in range(1, 61):
            self._grow(number)
            if number == 20:
                self.unshredded = {row["id"]: row for row in rows_of(ENTRIES)}
                assert shred_about(PERSON) == 3
            if number % 10 == 0:
                self.copies.append((rows_of(ENTRIES), rows_of(HEAD)))
        db.session.commit()
        self.copies.pop()
        journal_head()
        self.rows, self.head = rows_of(ENTRIES), rows_of(HEAD)
        self.shredded = [row["id"] for row in self.rows if row["shredded"]]
        self.whole = [row["id"] for row in self.rows if not row["shredded"] and row["verb"] != SHREDDED]

    @staticmethod
    def _grow(number: int) -> None:
        about = PERSON if number % 6 == 0 else None
        change = Change(f"theme.{number % 5}", "themes", number, {"name": "old"}, {"name": f"new {number}"}, about)
        append([change], number % 4 or None, f"Officer {number % 4}")


def put(row: Row, **values: Any) -> None:
    db.session.execute(sa.update(ENTRIES).where(ENTRIES.c.id == row["id"]).values(**values))


def put_back(entries: Sequence[Row], head: Sequence[Row]) -> None:
    """Make the tables hold exactly these rows."""
    for table, rows in ((ENTRIES, entries), (HEAD, head)):
        db.session.execute(sa.delete(table))
        if rows:
            db.session.execute(sa.insert(table), [dict(row) for row in rows])


def other(value: Any) -> Any:
    """A value of the same kind that is not this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, dict):
        return {**value, "added": 1}
    if isinstance(value, str):
        return f"{value[:-1]}{'a' if value.endswith('b') else 'b'}"
    return (value or 0) + 1 if isinstance(value, int) or value is None else value + timedelta(microseconds=1)


def forged(row: Row, previous: str, key: bytes = WRONG_KEY, **values: Any) -> Row:
    """An entry that fits in all but the key."""
    row = {**row, **values}
    row["digest"] = details_digest(row["salt"], row["actor"], row["before"], row["after"])
    names = ("at", "actor_id", "verb", "subject_kind", "subject_id", "about_id", "digest")
    row["mac"] = entry_mac(key, previous, entry_id=row["id"], **{name: row[name] for name in names})
    return row


def change_column(column: str) -> Callable[[World, random.Random], None]:
    def change(world: World, chance: random.Random) -> None:
        row = chance.choice(world.rows)
        put(row, **{column: 1000 + row["id"] if column == "id" else other(row[column])})

    return change


def rewrite_with_its_digest(world: World, chance: random.Random) -> None:
    row = world.rows[chance.choice(world.whole) - 1]
    after = {"name": "rewritten"}
    put(row, after=after, digest=details_digest(row["salt"], row["actor"], row["before"], after))


def delete_one(world: World, chance: random.Random) -> None:
    db.session.execute(sa.delete(ENTRIES).where(ENTRIES.c.id == chance.choice(world.rows)["id"]))


def delete_and_close_the_gap(world: World, chance: random.Random) -> None:
    gone = chance.choice(world.rows[:-1])["id"]
    kept = [row if row["id"] < gone else {**row, "id": row["id"] - 1} for row in world.rows if row["id"] != gone]
    put_back(kept, [{**world.head[0], "entry_id": len(kept)}])


def cut_and_mend_the_head(world: World, chance: random.Random) -> None:
    kept = world.rows[: chance.randrange(1, len(world.rows))]
    put_back(kept, [{**world.head[0], "entry_id": kept[-1]["id"], "mac": kept[-1]["mac"]}])


def cut_and_seal_the_head_with_another_key(world: World, chance: random.Random) -> None:
    kept = world.rows[: chance.randrange(1, len(world.rows))]
    number, mac = kept[-1]["id"], kept[-1]["mac"]
    put_back(kept, [{**world.head[0], "entry_id": number, "mac": mac, "seal": head_seal(WRONG_KEY, number, mac)}])


def replay_an_old_copy(world: World, chance: random.Random) -> None:
    put_back(*chance.choice(world.copies))


def replay_and_go_on(world: World, chance: random.Random) -> None:
    """The program itself writes on, with the right key, after its past was put back."""
    put_back(*chance.choice(world.copies))
    db.session.expire_all()
    for number in range(chance.randrange(1, 60)):
        append([Change("theme.renamed", "themes", number, {}, {})], None, "BSM Alumni")


def delete_the_head(world: World, chance: random.Random) -> None:
    db.session.execute(sa.delete(HEAD))


def change_the_head(world: World, chance: random.Random) -> None:
    column = chance.choice(["entry_id", "mac", "seal"])
    db.session.execute(sa.update(HEAD).values({column: other(world.head[0][column])}))


def insert_at_the_end(world: World, chance: random.Random) -> None:
    last = world.rows[-1]
    new = forged(chance.choice(world.rows), last["mac"], id=last["id"] + 1)
    sealed = {"entry_id": new["id"], "mac": new["mac"], "seal": head_seal(WRONG_KEY, new["id"], new["mac"])}
    put_back([*world.rows, new], [{**world.head[0], **sealed}])


def insert_in_between(world: World, chance: random.Random) -> None:
    at = chance.randrange(1, len(world.rows))
    new = forged(chance.choice(world.rows), world.rows[at - 1]["mac"], id=at + 1)
    moved = [{**row, "id": row["id"] + 1} for row in world.rows[at:]]
    put_back([*world.rows[:at], new, *moved], [{**world.head[0], "entry_id": len(world.rows) + 1}])


def rechain_with_another_key(world: World, chance: random.Random) -> None:
    rows = [dict(row) for row in world.rows]
    for at in range(chance.randrange(1, len(rows)), len(rows)):
        rows[at] = forged(rows[at], rows[at - 1]["mac"])
    number, mac = rows[-1]["id"], rows[-1]["mac"]
    put_back(rows, [{**world.head[0], "mac": mac, "seal": head_seal(WRONG_KEY, number, mac)}])


def swap(*columns: str) -> Callable[[World, random.Random], None]:
    def swap_them(world: World, chance: random.Random) -> None:
        one, two = chance.sample(world.rows, 2)
        names = columns or [name for name in one if name != "id"]
        rows = [dict(row) for row in world.rows]
        for name in names:
            rows[one["id"] - 1][name], rows[two["id"] - 1][name] = two[name], one[name]
        put_back(rows, world.head)

    return swap_them


def write_one_over_another(world: World, chance: random.Random) -> None:
    one, two = chance.sample(world.rows, 2)
    put(one, **{name: two[name] for name in two if name != "id"})


def renumber_from(world: World, chance: random.Random) -> None:
    at = chance.randrange(len(world.rows))
    moved = [{**row, "id": row["id"] + 1} for row in world.rows[at:]]
    put_back([*world.rows[:at], *moved], [{**world.head[0], "entry_id": len(world.rows) + 1}])


def truncate_all(world: World, chance: random.Random) -> None:
    put_back([], [])


def blank_without_a_word(world: World, chance: random.Random) -> None:
    row = world.rows[chance.choice(world.whole) - 1]
    put(row, before={}, after={}, actor="", salt="", shredded=chance.choice([True, False]))


def blank_with_a_forged_word(world: World, chance: random.Random) -> None:
    row, last = world.rows[chance.choice(world.whole) - 1], world.rows[-1]
    left = {"before": {}, "after": {}, "actor": "", "shredded": True}
    said = {str(row["id"]): details_digest(row["salt"], "", {}, {})}
    new = forged(last, last["mac"], id=last["id"] + 1, verb=SHREDDED, after={"entries": said})
    rows = [{**one, **left} if one is row else one for one in world.rows]
    put_back([*rows, new], [{**world.head[0], "entry_id": new["id"], "mac": new["mac"]}])


def bring_shredded_words_back(world: World, chance: random.Random) -> None:
    number = chance.choice(world.shredded)
    old = world.unshredded[number]
    keep_flag = {"shredded": True} if chance.random() < 0.5 else {}
    put(old, **{name: old[name] for name in ("actor", "before", "after", "salt", "shredded")} | keep_flag)


def spoil_what_shredding_left(world: World, chance: random.Random) -> None:
    row = world.rows[chance.choice(world.shredded) - 1]
    column = chance.choice(["actor", "before", "after", "salt", "shredded", "digest"])
    put(row, **{column: other(row[column])})


COLUMNS = [column.name for column in ENTRIES.c]
WAYS: list[Callable[[World, random.Random], None]] = [
    *[change_column(name) for name in COLUMNS],
    rewrite_with_its_digest,
    delete_one,
    delete_and_close_the_gap,
    cut_and_mend_the_head,
    cut_and_seal_the_head_with_another_key,
    replay_an_old_copy,
    replay_and_go_on,
    delete_the_head,
    change_the_head,
    insert_at_the_end,
    insert_in_between,
    rechain_with_another_key,
    swap(),
    swap("actor", "before", "after", "salt"),
    swap("actor", "before", "after", "salt", "digest"),
    swap("at"),
    write_one_over_another,
    renumber_from,
    truncate_all,
    blank_without_a_word,
    blank_with_a_forged_word,
    bring_shredded_words_back,
    spoil_what_shredding_left,
]


def test_two_hundred_tamperings_are_found(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    assert check_trail() is None
    missed = []
    for number in range(TRIES):
        way = WAYS[number % len(WAYS)]
        way(world, random.Random(number))
        db.session.flush()
        # A tampering that changes nothing would prove nothing.
        assert (rows_of(ENTRIES), rows_of(HEAD)) != (world.rows, world.head), (number, way)
        if check_trail() is None:
            missed.append((number, way.__qualname__))
        db.session.rollback()
    assert check_trail() is None
    with capsys.disabled():
        print(f"\naudit tampering: {TRIES - len(missed)} of {TRIES} found, over {len(WAYS)} ways")
    assert missed == []


def test_who_has_the_key_is_found_only_by_what_is_kept_elsewhere(app: Flask) -> None:
    """The twin that must be missed: the check of the chain alone does not find something in everything."""
    world = World()
    key = b"audit:" + app.config["SECRET_KEY"].encode()
    last = forged(world.rows[-1], world.rows[-2]["mac"], key=key, after={"name": "rewritten"})
    seal = head_seal(key, last["id"], last["mac"])
    put_back([*world.rows[:-1], last], [{**world.head[0], "mac": last["mac"], "seal": seal}])
    found = check_trail()
    assert found is not None
    assert "head of" in found.words
    assert find_first_break() is None
