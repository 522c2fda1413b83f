"""Consents: what each changes, that none is ever changed itself, and that a second person stands behind staff's."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsm_alumni.accounts.enums import Role
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, ProposalDecision, SharingAnswer, SharingSource
from bsm_alumni.consent.models import ConsentErasure, ConsentProposal, ConsentRecord, SharedWith, SharingStatement
from bsm_alumni.consent.queries import rebuild_shared_with, records_of, shared_by, stated_by
from bsm_alumni.consent.service import confirm_statement, give_or_withdraw, set_sharing
from bsm_alumni.consent.service_erasure import erase_consents
from bsm_alumni.consent.service_proposals import confirm_proposal, propose_consent, refuse_proposal
from bsm_alumni.extensions import db
from bsm_alumni.organisations.rules import mask_of
from bsm_alumni.web.errors import FieldErrors, Refused
from tests.factories import Factory

IDENTITY, PROFESSIONAL, CONTACT = FieldGroup.IDENTITY, FieldGroup.PROFESSIONAL, FieldGroup.CONTACT
ALL = frozenset(FieldGroup)


def say(alumnus_id: int, organisation_id: int, groups: frozenset[FieldGroup], words: str = "I agree.") -> None:
    give_or_withdraw(alumnus_id, organisation_id, groups, source=ConsentSource.ALUMNUS, words=words, locale="fr")
    db.session.commit()


def kept(alumnus_id: int) -> list[tuple[str, bool, str]]:
    return [(one.field_group.value, one.given, one.words) for one in reversed(records_of(alumnus_id))]


def stored() -> dict[tuple[int, int], int]:
    return {(row.alumnus_id, row.organisation_id): row.groups for row in db.session.scalars(sa.select(SharedWith))}


def test_one_record_for_each_group_whose_state_changes(make: Factory) -> None:
    partner, person = make.organisation(), make.alumnus()
    say(person.id, partner.id, frozenset({IDENTITY, PROFESSIONAL}), "first")
    say(person.id, partner.id, frozenset({IDENTITY, PROFESSIONAL}), "the same again")
    say(person.id, partner.id, frozenset({IDENTITY, CONTACT}), "second")
    assert kept(person.id) == [
        ("identity", True, "first"),
        ("professional", True, "first"),
        ("professional", False, "second"),
        ("contact", True, "second"),
    ]
    assert shared_by(person.id) == {partner.id: frozenset({IDENTITY, CONTACT})}
    (row, *_others) = records_of(person.id)
    assert (row.locale, row.source, row.recorded_by_id) == ("fr", ConsentSource.ALUMNUS, None)


def test_without_the_identity_all_is_taken_back(make: Factory) -> None:
    partner, person = make.organisation(), make.alumnus()
    say(person.id, partner.id, ALL)
    say(person.id, partner.id, ALL - {IDENTITY})
    assert (shared_by(person.id), stored()) == ({}, {})
    assert [given for _group, given, _words in kept(person.id)] == [True] * 5 + [False] * 5


def test_the_trail_says_what_was_shared_before_and_after(make: Factory) -> None:
    partner, person = make.organisation(), make.alumnus()
    say(person.id, partner.id, frozenset({IDENTITY, CONTACT}))
    say(person.id, partner.id, frozenset())
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.verb, entry.before["groups"], entry.after["groups"]) for entry in entries] == [
        ("consent.given", [], ["identity", "contact"]),
        ("consent.withdrawn", ["identity", "contact"], []),
    ]


def test_nobody_consents_for_someone_who_is_not_there(make: Factory) -> None:
    with pytest.raises(LookupError):
        say(999_999, make.organisation().id, ALL)


def test_confirming_a_statement_gives_what_the_question_named(make: Factory) -> None:
    one, two, third = make.organisation(), make.organisation(), make.organisation()
    person = make.alumnus()
    set_sharing(person.id, SharingAnswer.SOME, [one.id, two.id], source=SharingSource.IMPORT, words="UNX, UNY")
    say(person.id, third.id, frozenset({IDENTITY}))
    assert (list(stated_by(person.id)), list(shared_by(person.id))) == ([one.id, two.id], [third.id])
    assert confirm_statement(person.id, words="Yes, so it is.", locale="es") == {one.id, two.id}
    assert confirm_statement(person.id, words="Again.", locale="es") == frozenset()
    asked = frozenset({IDENTITY, PROFESSIONAL})
    assert shared_by(person.id) == {one.id: asked, two.id: asked, third.id: frozenset({IDENTITY})}
    assert list(stated_by(person.id)) == []
    statement = db.session.get_one(SharingStatement, person.id)
    assert (statement.source, statement.confirmed_at is not None) == (SharingSource.ALUMNUS, True)
    # From then on no file says otherwise.
    assert set_sharing(person.id, SharingAnswer.NO, source=SharingSource.IMPORT) is False
    assert len(shared_by(person.id)) == 3


@pytest.mark.parametrize(
    "attack",
    [
        lambda: sa.update(ConsentRecord).values(given=False),
        lambda: sa.update(ConsentRecord).values(words="Something else"),
        lambda: sa.delete(ConsentRecord),
    ],
)
def test_the_database_itself_refuses_to_change_a_consent(attack: Callable[[], object], make: Factory) -> None:
    partner, person = make.organisation(), make.alumnus()
    say(person.id, partner.id, ALL)
    with pytest.raises(sa.exc.DBAPIError, match="a consent is"):
        db.session.execute(attack())
    db.session.rollback()
    assert len(records_of(person.id)) == 5


def test_an_erasure_deletes_its_own_persons_consents_and_closes_the_door_behind_it(make: Factory) -> None:
    partner, person, other = make.organisation(), make.alumnus(), make.alumnus()
    say(person.id, partner.id, ALL)
    say(other.id, partner.id, frozenset({IDENTITY}))
    assert erase_consents(person.id) == 5
    db.session.commit()
    assert (len(records_of(person.id)), len(records_of(other.id))) == (0, 1)
    assert (stored(), db.session.scalars(sa.select(ConsentErasure)).all()) == ({(other.id, partner.id): 1}, [])
    with pytest.raises(sa.exc.DBAPIError, match="a consent is"):
        db.session.execute(sa.delete(ConsentRecord))
    db.session.rollback()


@pytest.mark.parametrize("groups", [0, 2, 30, 32, 33])
def test_a_row_without_the_identity_cannot_stand(groups: int, make: Factory) -> None:
    db.session.add(SharedWith(alumnus_id=make.alumnus().id, organisation_id=make.organisation().id, groups=groups))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def propose(make: Factory, alumnus_id: int, partner_id: int, by: int, **fields: object) -> ConsentProposal:
    values = {"groups": frozenset({IDENTITY}), "given": True, "evidence": "Letter of 3 May, folder 12", **fields}
    groups = values.pop("groups")
    proposal = propose_consent(
        alumnus_id, partner_id, groups, recorded_by_id=by, words="As on the form.", locale="en", **values
    )
    db.session.commit()
    return proposal


def test_what_staff_put_down_opens_nothing_until_a_second_person_confirms(make: Factory) -> None:
    partner, person, officer, second = make.organisation(), make.alumnus(), make.user(), make.user()
    proposal = propose(make, person.id, partner.id, officer.id)
    assert (shared_by(person.id), records_of(person.id)) == ({}, [])
    with pytest.raises(Refused):
        confirm_proposal(proposal, officer.id, words="", locale="en")
    confirm_proposal(proposal, second.id, words="The letter says so.", locale="en")
    assert shared_by(person.id) == {partner.id: frozenset({IDENTITY})}
    (row,) = records_of(person.id)
    assert (row.source, row.evidence, row.recorded_by_id, row.confirmed_by_id, row.words) == (
        ConsentSource.STAFF,
        "Letter of 3 May, folder 12",
        officer.id,
        second.id,
        "The letter says so.",
    )
    with pytest.raises(Refused):
        refuse_proposal(proposal, second.id)


def test_the_alumnus_may_confirm_or_refuse_it_and_a_refusal_changes_nothing(make: Factory) -> None:
    partner, person, officer = make.organisation(), make.alumnus(), make.user()
    own = make.user(Role.ALUMNUS, alumnus_id=person.id)
    refuse_proposal(propose(make, person.id, partner.id, officer.id), own.id)
    assert shared_by(person.id) == {}
    confirm_proposal(propose(make, person.id, partner.id, officer.id, groups=ALL), own.id, words="Yes.", locale="ar")
    assert shared_by(person.id) == {partner.id: ALL}


def test_a_withdrawal_that_staff_put_down_closes_at_once(make: Factory) -> None:
    partner, officer = make.organisation(), make.user()
    person = make.alumnus(shared_with=(partner,))
    proposal = propose(make, person.id, partner.id, officer.id, given=False, evidence="Telephone call of 3 May")
    assert (shared_by(person.id), proposal.decision) == ({}, ProposalDecision.AT_ONCE)
    latest = records_of(person.id)[0]
    assert (latest.given, latest.source, latest.evidence) == (False, ConsentSource.STAFF, "Telephone call of 3 May")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"evidence": "a letter"}, "evidence"),
        ({"groups": frozenset()}, "groups"),
        ({"groups": frozenset({CONTACT})}, "groups"),
        ({"given": False}, "groups"),
    ],
)
def test_what_cannot_be_put_down_is_said(fields: dict[str, object], wrong: str, make: Factory) -> None:
    partner, person, officer = make.organisation(), make.alumnus(), make.user()
    with pytest.raises(FieldErrors) as problem:
        propose(make, person.id, partner.id, officer.id, **fields)
    assert list(problem.value.errors) == [wrong]


def test_two_proposals_for_the_same_do_not_wait_side_by_side(make: Factory) -> None:
    partner, person, officer = make.organisation(), make.alumnus(), make.user()
    propose(make, person.id, partner.id, officer.id)
    with pytest.raises(Refused):
        propose(make, person.id, partner.id, officer.id, groups=ALL)


def test_the_database_refuses_staffs_word_alone(make: Factory) -> None:
    partner, person, officer = make.organisation(), make.alumnus(), make.user()
    pattern = {
        "alumnus_id": person.id,
        "organisation_id": partner.id,
        "field_group": IDENTITY,
        "given": True,
        "locale": "en",
        "words": "",
        "source": ConsentSource.STAFF,
    }
    attacks = (
        {"evidence": "", "recorded_by_id": officer.id, "confirmed_by_id": make.user().id},
        {"evidence": "A letter", "recorded_by_id": officer.id},
        {"evidence": "A letter", "recorded_by_id": officer.id, "confirmed_by_id": officer.id},
    )
    for attack in attacks:
        db.session.add(ConsentRecord(**pattern, **attack))
        with pytest.raises(sa.exc.IntegrityError):
            db.session.flush()
        db.session.rollback()


GROUPS = st.frozensets(st.sampled_from(FieldGroup))
STEP = st.one_of(
    st.tuples(st.just("say"), st.integers(0, 1), st.integers(0, 1), GROUPS),
    st.tuples(st.just("state"), st.integers(0, 1), st.frozensets(st.integers(0, 1)), st.none()),
    st.tuples(st.just("confirm"), st.integers(0, 1), st.none(), st.none()),
    st.tuples(st.just("staff"), st.integers(0, 1), st.integers(0, 1), st.tuples(GROUPS, st.booleans())),
    st.tuples(st.just("second"), st.integers(0, 1), st.booleans(), st.none()),
    st.tuples(st.just("erase"), st.integers(0, 1), st.none(), st.none()),
)


class Plain:
    """What is meant to follow, without a database."""

    def __init__(self) -> None:
        self.shared: dict[tuple[int, int], frozenset[FieldGroup]] = {}
        self.stated: dict[int, set[int]] = {0: set(), 1: set()}
        self.own: dict[int, bool] = {0: False, 1: False}
        self.waiting: list[tuple[int, int, frozenset[FieldGroup]]] = []

    def put(self, person: int, partner: int, groups: frozenset[FieldGroup]) -> None:
        self.shared[person, partner] = groups if IDENTITY in groups else frozenset()

    def now(self, person: int, partner: int) -> frozenset[FieldGroup]:
        return self.shared.get((person, partner), frozenset())


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=14))
def test_any_course_of_actions_ends_where_the_plain_model_does(app: Flask, steps: list[tuple]) -> None:
    try:
        walk(steps)
    finally:
        db.session.rollback()


def walk(steps: list[tuple]) -> None:
    make = Factory()
    make._add = lambda row: (db.session.add(row), db.session.flush(), row)[2]
    partners = [make.organisation(f"P{n}").id for n in (0, 1)]
    officer, second = make.user().id, make.user().id
    people = []
    for n in (0, 1):
        people.append(make._add(make_plain(n)).id)
    plain, proposals = Plain(), []
    for verb, person, what, more in steps:
        alumnus_id = people[person]
        if verb == "say":
            give_or_withdraw(alumnus_id, partners[what], more, source=ConsentSource.ALUMNUS, words="w", locale="en")
            plain.put(person, what, more)
            plain.stated[person].discard(what)
            plain.own[person] = True
        elif verb == "state":
            set_sharing(alumnus_id, SharingAnswer.SOME, [partners[n] for n in what], source=SharingSource.IMPORT)
            if not plain.own[person]:
                plain.stated[person] = set(what)
        elif verb == "confirm":
            confirm_statement(alumnus_id, words="w", locale="en")
            for n in plain.stated[person]:
                plain.put(person, n, plain.now(person, n) | {IDENTITY, PROFESSIONAL})
            plain.stated[person] = set()
            plain.own[person] |= db.session.get(SharingStatement, alumnus_id) is not None
        elif verb == "staff":
            groups, given_now = more
            try:
                made = propose_consent(
                    alumnus_id, partners[what], groups,
                    given=given_now, evidence="A letter of 3 May", recorded_by_id=officer, words="w", locale="en",
                )  # fmt: skip
            except (FieldErrors, Refused):
                continue
            if given_now:
                proposals.append(made)
                plain.waiting.append((person, what, groups))
            else:
                plain.put(person, what, plain.now(person, what) - groups)
        elif verb == "second" and proposals:
            proposal, (who, to, groups) = proposals.pop(), plain.waiting.pop()
            if what:
                confirm_proposal(proposal, second, words="w", locale="en")
                plain.put(who, to, plain.now(who, to) | groups)
            else:
                refuse_proposal(proposal, second)
        elif verb == "erase":
            erase_consents(alumnus_id)
            db.session.expire_all()
            keep = [n for n, (who, _to, _groups) in enumerate(plain.waiting) if who != person]
            proposals, plain.waiting = [proposals[n] for n in keep], [plain.waiting[n] for n in keep]
            plain.shared = {key: groups for key, groups in plain.shared.items() if key[0] != person}
            plain.stated[person], plain.own[person] = set(), False
        expected = {
            (people[who], partners[to]): mask_of(groups) for (who, to), groups in plain.shared.items() if groups
        }
        assert stored() == expected == rebuild_shared_with()
        assert {n: {partners.index(one) for one in stated_by(people[n])} for n in (0, 1)} == plain.stated


def make_plain(number: int) -> object:
    from bsm_alumni.alumni.models import Alumnus

    return Alumnus(display_name=f"Person {number}")
