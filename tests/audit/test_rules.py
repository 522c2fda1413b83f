"""The pure arithmetic: what is whole passes, what differs in anything is found, whatever stands in the entries."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bsm_alumni.audit.rules import START, about_of, changed, details_digest, entry_mac, head_seal
from bsm_alumni.audit.rules_verify import Break, Entry, Head, find_break

KEY = b"key"
texts = st.text(max_size=5)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=3,
)
documents = st.dictionaries(texts, plain, max_size=2)
numbers = st.none() | st.integers(1, 10**6)
moments = st.integers(0, 2**40).map(lambda tick: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(milliseconds=tick))
pieces = st.tuples(moments, numbers, texts, texts, texts, texts, numbers, documents, documents, texts)


def chained(parts: list[tuple[Any, ...]]) -> list[Entry]:
    """Entries in a chain of their own."""
    entries, previous = [], START
    for number, (at, actor_id, actor, verb, kind, subject_id, about, before, after, salt) in enumerate(parts, 1):
        digest = details_digest(salt, actor, before, after)
        previous = entry_mac(
            KEY, previous, entry_id=number, at=at, actor_id=actor_id, verb=verb,
            subject_kind=kind, subject_id=subject_id, about_id=about, digest=digest,
        )  # fmt: skip
        told = (at, actor_id, actor, verb, kind, subject_id, about, before, after)
        entries.append(Entry(number, *told, salt, digest, previous, False))
    return entries


def judged(entries: list[Entry], of: list[Entry], witnesses: tuple[Head, ...] = ()) -> Break | None:
    """The verdict on ``entries`` under the head that belongs to ``of``."""
    last = (of[-1].id, of[-1].mac) if of else (0, START)
    return find_break(KEY, entries, (*last, head_seal(KEY, *last)), witnesses)


trails = st.lists(pieces, min_size=1, max_size=4).map(chained)


@given(trails)
def test_a_trail_as_written_is_whole(trail: list[Entry]) -> None:
    assert judged(trail, trail) is None
    heads = [Head(entry.id, entry.mac) for entry in trail]
    assert judged(trail, trail, tuple(heads)) is None


@given(trails, st.data())
def test_a_change_of_any_field_is_found_at_its_entry(trail: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(trail) - 1))
    fields = {
        "id": numbers.filter(bool), "at": moments, "actor_id": numbers, "actor": texts, "verb": texts,
        "subject_kind": texts, "subject_id": texts, "about_id": numbers, "before": documents, "after": documents,
        "salt": texts, "digest": texts, "mac": texts, "shredded": st.booleans(),
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(fields)))
    value = data.draw(fields[name].filter(lambda value: value != getattr(trail[at], name)))
    bent = [*trail[:at], replace(trail[at], **{name: value}), *trail[at + 1 :]]
    found = judged(bent, trail)
    assert found is not None
    assert found.entry_id == at + 1


@given(trails, st.data())
def test_an_entry_less_is_found(trail: list[Entry], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(trail) - 1))
    found = judged(trail[:at] + trail[at + 1 :], trail)
    assert found is not None
    assert found.entry_id == at + 1


@given(trails.filter(lambda trail: len(trail) > 1), st.data())
def test_another_order_is_found(trail: list[Entry], data: st.DataObject) -> None:
    order = data.draw(st.permutations(trail).filter(lambda order: list(order) != trail))
    assert judged(list(order), trail) is not None


@given(trails)
def test_a_cut_tail_with_a_true_head_is_found_by_a_witness_alone(trail: list[Entry]) -> None:
    kept, last = trail[:-1], trail[-1]
    assert judged(kept, kept) is None
    assert judged(kept, kept, (Head(last.id, last.mac),)) is not None


@given(trails, trails)
def test_the_head_of_another_trail_does_not_fit(trail: list[Entry], other: list[Entry]) -> None:
    same = (trail[-1].id, trail[-1].mac) == (other[-1].id, other[-1].mac)
    assert (judged(trail, other) is None) == same


@given(trails)
def test_another_key_proves_nothing(trail: list[Entry]) -> None:
    last = (trail[-1].id, trail[-1].mac)
    found = find_break(b"other", trail, (*last, head_seal(b"other", *last)), ())
    assert found == Break(1, "Entry 1 was changed, or does not follow from the one before it.")


@given(documents, documents)
def test_only_what_differs_is_put_down(before: dict[str, Any], after: dict[str, Any]) -> None:
    was, now = changed(before, after)
    assert set(was) == set(now) == {name for name in after if before.get(name) != after[name]}
    assert {**after, **now} == after


@given(texts, texts, numbers)
def test_an_entry_tells_of_the_one_named_or_its_subject(kind: str, subject_id: str, about: int | None) -> None:
    assert about_of("alumni", "12", None) == 12
    assert about_of("alumni", "12", 5) == 5
    if about is not None or kind != "alumni":
        assert about_of(kind, subject_id, about) == about


@given(texts, texts, documents, documents, texts)
def test_no_two_details_share_a_digest_by_moving_a_border(
    salt: str, actor: str, before: dict[str, Any], after: dict[str, Any], other: str
) -> None:
    same = details_digest(salt, actor, before, after) == details_digest(other, actor, before, after)
    assert same == (salt == other)
    turned = details_digest(salt, actor, before, after) == details_digest(salt, actor, after, before)
    assert turned == (json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True))


def test_times_are_the_same_instant_in_every_zone() -> None:
    trail = chained([(datetime(2026, 7, 8, 12, tzinfo=UTC), None, "", "v", "k", "1", None, {}, {}, "")])
    elsewhere = replace(trail[0], at=trail[0].at.astimezone(timezone(timedelta(hours=5))))
    assert judged([elsewhere], trail) is None
