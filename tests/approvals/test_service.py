"""The two-person rule: nobody decides for themselves, and what was granted happens once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bsm_alumni.access.viewer import Viewer, viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.approvals import service
from bsm_alumni.approvals.enums import Decision
from bsm_alumni.approvals.letters import ASKED, DECIDED
from bsm_alumni.approvals.models import Approval
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.errors import NotThere, Refused
from tests.factories import Factory
from tests.race import race

LATER = "twin_later"
NOW = "twin_now"


def as_(user: User) -> Viewer:
    return viewer_of(user)


def themes() -> list[str]:
    return list(db.session.scalars(sa.select(Theme.code)))


@pytest.fixture
def people(make: Factory) -> dict[str, Viewer]:
    users = {
        "anna": make.user(Role.ADMIN),
        "boris": make.user(Role.ADMIN),
        "olga": make.user(Role.OFFICER),
        "vera": make.user(Role.VIEWER),
        "paul": make.user(Role.PARTNER),
        "amina": make.user(Role.ALUMNUS),
    }
    return {name: as_(user) for name, user in users.items()}


def asked(viewer: Viewer, kind: str = LATER, **params: object) -> int:
    approval = service.ask(kind, params, "Please", viewer=viewer)
    db.session.commit()
    return approval.id


def test_what_is_granted_is_used_once_by_the_one_who_asked(people: dict[str, Viewer]) -> None:
    number = asked(people["vera"], to=1)
    with pytest.raises(Refused):
        service.use(number, LATER, {"to": 1}, viewer=people["vera"])
    service.grant(number, viewer=people["olga"])
    for other in ("anna", "olga", "paul"):
        with pytest.raises(NotThere):
            service.use(number, LATER, {"to": 1}, viewer=people[other])
    with pytest.raises(NotThere):
        service.use(number, LATER, {"to": 2}, viewer=people["vera"])
    with pytest.raises(NotThere):
        service.use(number, NOW, {"to": 1}, viewer=people["vera"])
    assert service.use(number, LATER, {"to": 1}, viewer=people["vera"]).used_at is not None
    with pytest.raises(Refused):
        service.use(number, LATER, {"to": 1}, viewer=people["vera"])


@pytest.mark.parametrize("step", [service.grant, service.refuse])
def test_nobody_decides_for_themselves(step: Callable[..., Approval], people: dict[str, Viewer]) -> None:
    number = asked(people["olga"])
    with pytest.raises(Refused):
        step(number, viewer=people["olga"])
    for other in ("vera", "paul", "amina"):
        with pytest.raises(NotThere):
            step(number, viewer=people[other])
    with pytest.raises(NotThere):
        step(number, viewer=Viewer())
    assert db.session.get_one(Approval, number).decision is None
    step(number, viewer=people["anna"])
    assert db.session.get_one(Approval, number).decided_by_id == people["anna"].user_id


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"decision": Decision.GRANTED, "decided_by_id": "asker", "decided_at": "now"}, "two_people"),
        ({"decision": Decision.REFUSED, "decided_by_id": "asker", "decided_at": "now"}, "two_people"),
        ({"decision": Decision.GRANTED}, "decided_whole"),
        ({"decision": Decision.GRANTED, "decided_by_id": "other"}, "decided_whole"),
        ({"used_at": "now"}, "used_if_granted"),
        (
            {"decision": Decision.REFUSED, "decided_by_id": "other", "decided_at": "now", "used_at": "now"},
            "used_if_granted",
        ),
    ],
)
def test_the_database_holds_the_rule_by_itself(
    values: dict[str, object], constraint: str, people: dict[str, Viewer]
) -> None:
    number = asked(people["olga"])
    known = {"asker": people["olga"].user_id, "other": people["anna"].user_id, "now": utc_now()}
    filled = {name: known.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    with pytest.raises(sa.exc.IntegrityError) as refused:
        db.session.execute(sa.update(Approval).where(Approval.id == number).values(filled))
    assert f"ck_approvals_{constraint}" in str(refused.value)


def test_the_twin_of_the_constraints_a_whole_decision_fits(people: dict[str, Viewer]) -> None:
    number = asked(people["olga"])
    values = {"decision": Decision.GRANTED, "decided_by_id": people["anna"].user_id, "decided_at": utc_now()}
    db.session.execute(sa.update(Approval).where(Approval.id == number).values({**values, "used_at": utc_now()}))


def test_a_thing_done_at_once_is_done_with_the_decision(people: dict[str, Viewer]) -> None:
    number = asked(people["anna"], NOW, code="granted")
    assert themes() == []
    service.grant(number, viewer=people["boris"])
    db.session.commit()
    assert themes() == ["granted"]
    assert db.session.get_one(Approval, number).used_at is not None
    for _time in range(2):
        with pytest.raises(Refused):
            service.grant(number, viewer=people["boris"])
    with pytest.raises(Refused):
        service.use(number, NOW, {"code": "granted"}, viewer=people["anna"])
    assert themes() == ["granted"]


@pytest.mark.parametrize("fails", ["refused", "fields"])
def test_what_cannot_be_done_leaves_no_decision(fails: str, people: dict[str, Viewer]) -> None:
    number = asked(people["anna"], NOW, code="lost", fails=fails)
    with pytest.raises(Refused) as refused:
        service.grant(number, viewer=people["boris"])
    assert refused.value.words == "It cannot be done."
    db.session.commit()
    assert themes() == []
    assert db.session.get_one(Approval, number).decision is None
    verbs = db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert verbs == ["approval.asked"]


def test_who_may_ask(people: dict[str, Viewer]) -> None:
    for name in ("olga", "vera", "paul", "amina"):
        with pytest.raises(Refused):
            service.ask(NOW, {"code": "x"}, "Please", viewer=people[name])
    for name in ("paul", "amina"):
        with pytest.raises(Refused):
            service.ask(LATER, {}, "Please", viewer=people[name])


def test_asking_twice_is_asking_once(people: dict[str, Viewer]) -> None:
    first = asked(people["olga"], to=1)
    assert asked(people["olga"], to=1) == first
    assert len({first, asked(people["olga"], to=2), asked(people["vera"], to=1)}) == 3
    service.refuse(first, viewer=people["anna"])
    assert asked(people["olga"], to=1) != first


def test_taken_back_by_the_one_who_asked_alone(people: dict[str, Viewer]) -> None:
    number = asked(people["olga"])
    with pytest.raises(NotThere):
        service.withdraw(number, viewer=people["anna"])
    service.withdraw(number, viewer=people["olga"])
    for step, who in ((service.grant, "anna"), (service.refuse, "anna"), (service.withdraw, "olga")):
        with pytest.raises(Refused):
            step(number, viewer=people[who])
    assert db.session.get_one(Approval, number).decision is Decision.WITHDRAWN


def test_a_request_ends_after_a_week_and_a_grant_after_a_day(people: dict[str, Viewer]) -> None:
    start = utc_now()
    late, used_late = asked(people["olga"], to=1), asked(people["olga"], to=2)
    with time_machine.travel(start + timedelta(days=7, seconds=5), tick=False), pytest.raises(Refused):
        service.grant(late, viewer=people["anna"])
    with time_machine.travel(start + timedelta(days=6, hours=23), tick=False):
        service.grant(used_late, viewer=people["anna"])
        db.session.commit()
    with time_machine.travel(start + timedelta(days=7, hours=23, seconds=5), tick=False), pytest.raises(Refused):
        service.use(used_late, LATER, {"to": 2}, viewer=people["olga"])
    with time_machine.travel(start + timedelta(days=7, hours=22), tick=False):
        service.use(used_late, LATER, {"to": 2}, viewer=people["olga"])


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.VIEWER}])
def test_whoever_may_no_longer_ask_gets_nothing(
    change: dict[str, object], people: dict[str, Viewer], make: Factory
) -> None:
    number = asked(people["anna"], NOW, code="lost")
    db.session.execute(sa.update(User).where(User.id == people["anna"].user_id).values(change))
    db.session.commit()
    with pytest.raises(Refused):
        service.grant(number, viewer=people["boris"])
    assert themes() == []
    service.refuse(number, viewer=people["boris"])


def test_mail_goes_to_those_who_can_decide_and_back(people: dict[str, Viewer], make: Factory) -> None:
    gone = make.user(Role.ADMIN, active=False)
    number = asked(people["olga"])
    written = db.session.execute(sa.select(Mail.kind, Mail.to_address, Mail.params)).all()
    admins = db.session.scalars(sa.select(User.email).where(User.role == Role.ADMIN, User.active)).all()
    assert {tuple(row[:2]) for row in written} == {(ASKED, address) for address in admins}
    assert gone.email not in admins
    assert [row[2] for row in written] == [{"approval": number}] * len(admins)
    service.grant(number, viewer=people["anna"])
    asker = db.session.get_one(User, people["olga"].user_id)
    decided = db.session.scalars(sa.select(Mail.to_address).where(Mail.kind == DECIDED)).all()
    assert decided == [asker.email]


def test_the_trail_tells_each_step(people: dict[str, Viewer]) -> None:
    number = asked(people["olga"], to=1)
    service.grant(number, viewer=people["anna"])
    service.use(number, LATER, {"to": 1}, viewer=people["olga"])
    service.withdraw(asked(people["olga"], to=2), viewer=people["olga"])
    service.refuse(asked(people["olga"], to=3), viewer=people["anna"])
    verbs = db.session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all()
    assert [verb.removeprefix("approval.") for verb in verbs] == [
        "asked", "granted", "used", "asked", "withdrawn", "asked", "refused"
    ]  # fmt: skip


@pytest.mark.parametrize("step", ["grant", "use"])
def test_raced_eight_times_at_once_it_happens_once(step: str, app: Flask, people: dict[str, Viewer]) -> None:
    number = asked(people["anna"], NOW, code="once") if step == "grant" else asked(people["olga"], to=1)
    if step == "use":
        service.grant(number, viewer=people["anna"])
        db.session.commit()

    def act() -> bool:
        try:
            if step == "grant":
                service.grant(number, viewer=people["boris"])
            else:
                service.use(number, LATER, {"to": 1}, viewer=people["olga"])
        except Refused:
            db.session.rollback()
            return False
        db.session.commit()
        return True

    assert sorted(race(app, [act] * 8)) == [False] * 7 + [True]
    assert themes() == (["once"] if step == "grant" else [])
