"""`bsm-alumni export`: what each kind of user takes away, and how the command refuses."""

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.cli import main
from bsm_alumni.extensions import db, utc_now
from tests.factories import Factory
from tests.partner.files import rows_of, text_of
from tests.partner.worlds import make_world

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on the test's own application, which lets go of the database between tests."""
    monkeypatch.setattr("bsm_alumni.create_app", lambda: app)

    def _run(*arguments: str) -> Result:
        db.session.rollback()
        return CliRunner().invoke(main, ["export", *arguments])

    return _run


def taken(run: Run, tmp_path: Path, kind: str, user: User, file_format: str = "json") -> bytes:
    """The file that the user gets."""
    path = tmp_path / f"{kind}.{file_format}"
    result = run(kind, "--as", user.email, "--format", file_format, "-o", str(path))
    assert result.exit_code == 0, result.output
    return path.read_bytes()


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_a_partner_gets_the_agreed_fields_of_those_it_may_see(
    file_format: str, run: Run, tmp_path: Path, make: Factory
) -> None:
    world = make_world(make)
    content = taken(run, tmp_path, "alumni", world.user_a, file_format)
    text = text_of(content)
    assert [word for word in world.secrets if word.casefold() in text.casefold()] == []
    assert [row["name"] for row in rows_of(content, file_format)] == ["Person Shown000", "Person Shown001"]


def test_staff_get_the_whole(run: Run, tmp_path: Path, make: Factory) -> None:
    """The twin: the words that partners must not read are there for staff."""
    world = make_world(make)
    content = taken(run, tmp_path, "alumni", make.user(Role.VIEWER))
    assert len(rows_of(content, "json")) == 2 + len(world.hidden) - 1  # one is put away
    assert ("canarymail" in text_of(content), "555-canaryphone" in text_of(content)) == (True, True)


def test_an_alumnus_gets_themselves(run: Run, tmp_path: Path, make: Factory) -> None:
    world = make_world(make)
    user = make.user(Role.ALUMNUS, alumnus_id=world.hidden["unshared"].id)
    rows = rows_of(taken(run, tmp_path, "alumni", user), "json")
    assert [row["name"] for row in rows] == ["Person Hiddenunshared"]


def test_cohorts_count_the_people_whom_the_viewer_may_see(run: Run, tmp_path: Path, make: Factory) -> None:
    world = make_world(make)
    make.enrolment(world.cohort, world.hidden["other"])
    theirs = rows_of(taken(run, tmp_path, "cohorts", world.user_a), "json")
    assert [(row["code"], row["people"]) for row in theirs] == [("TOT-SHOWN", 2)]
    assert {"note", "completed", "participants"} & set(theirs[0]) == set()
    all_of_them = rows_of(taken(run, tmp_path, "cohorts", make.user()), "json")
    assert [(row["code"], row["people"]) for row in all_of_them] == [("TOT-SECRET", 7), ("TOT-SHOWN", 3)]


def test_events_are_in_utc_with_their_zone(run: Run, tmp_path: Path, make: Factory) -> None:
    event = make.event("Border Community Dynamics", starts_at=datetime(2026, 7, 8, 14, 0, tzinfo=UTC))
    (row,) = rows_of(taken(run, tmp_path, "events", make.user()), "json")
    assert {name: row[name] for name in ("id", "title", "start", "end", "zone")} == {
        "id": event.id,
        "title": "Border Community Dynamics",
        "start": "2026-07-08T14:00:00Z",
        "end": "2026-07-08T15:30:00Z",
        "zone": "America/New_York",
    }


def test_partners_and_alumni_get_their_own_events(run: Run, tmp_path: Path, make: Factory) -> None:
    partner = make.organisation()
    shared, asked, _other = make.event("Shared", seats=1), make.event("Asked", seats=2), make.event("Other")
    shared.partners.append(partner)
    me, colleague = make.alumnus(), make.alumnus("Colleague")
    for event, person, invited in ((asked, me, utc_now()), (shared, me, None), (shared, colleague, utc_now())):
        slot = event.slots[0]
        db.session.add(
            Assignment(
                slot_id=slot.id,
                event_id=event.id,
                alumnus_id=person.id,
                seat=1 if person is me else 2,
                state=AssignmentState.INVITED if invited else AssignmentState.PROPOSED,
                invited_at=invited,
            )
        )
    db.session.commit()
    theirs = taken(run, tmp_path, "events", make.user(Role.PARTNER, organisation_id=partner.id))
    mine = taken(run, tmp_path, "events", make.user(Role.ALUMNUS, alumnus_id=me.id))
    assert [row["title"] for row in rows_of(theirs, "json")] == ["Shared"]
    assert [row["title"] for row in rows_of(mine, "json")] == ["Asked"]


def test_the_file_is_for_its_owner_and_the_trail_knows_of_it(run: Run, tmp_path: Path, make: Factory) -> None:
    user = make.user()
    make.alumnus()
    path = tmp_path / "alumni.csv"
    assert run("alumni", "--as", user.email, "-o", str(path), "--purpose", "Yearly report").exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    db.session.rollback()
    (entry,) = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "export.made"))
    assert (entry.subject_id, entry.after["count"], entry.after["purpose"], entry.after["format"]) == (
        str(user.id),
        1,
        "Yearly report",
        "csv",
    )


def test_refusals_are_1_and_wrong_usage_is_2(run: Run, tmp_path: Path, make: Factory) -> None:
    user, gone = make.user(), make.user(active=False)
    path = str(tmp_path / "file.csv")
    assert run("alumni", "--as", "nobody@example.org", "-o", path).exit_code == 1
    assert run("alumni", "--as", gone.email, "-o", path).exit_code == 1
    assert run("alumni", "--as", user.email, "-o", str(tmp_path / "no" / "file.csv")).exit_code == 1
    assert run("secrets", "--as", user.email, "-o", path).exit_code == 2
    assert run("alumni", "-o", path).exit_code == 2
    assert run("alumni", "--as", user.email, "--format", "pdf", "-o", path).exit_code == 2
    assert list(tmp_path.iterdir()) == []
