"""Erasing a person: nothing of them is left in any table, nothing of anybody else is touched."""

from flask import Flask

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.service import find_first_break
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.rights.models import Erasure
from bsm_alumni.rights.rules import due_on
from bsm_alumni.rights.service_erasure import erase
from bsm_alumni.rights.tables import HELD
from tests.factories import Factory
from tests.rights.canaries import Canary, found_in_tables

# Numbers and keys alone: no text could stand in them.
WORDLESS = {"alumnus_languages", "alumnus_themes", "consent_erasures", "erased_addresses", "erasures"} | {
    "plan_marks",
    "plan_seats",
    "retention_asks",
    "shared_with",
    "stated_with",
}


def erasure_of(alumnus_id: int) -> Erasure:
    row = Erasure(alumnus_id=alumnus_id, due_on=due_on(utc_now().date()), confirmed_at=utc_now())
    db.session.add(row)
    db.session.flush()
    return row


def test_no_canary_is_left_and_those_of_another_stay(app: Flask, make: Factory) -> None:
    first = Canary(make, "canaryfirst")
    Canary(make, "canaryother")
    held, before = found_in_tables("canaryfirst"), found_in_tables("canaryother")
    # Every table that has a text about the person; those of hashes and numbers alone hold no word.
    assert HELD.keys() - held.keys() == WORDLESS
    assert held.keys() == before.keys()
    erase(erasure_of(first.alumnus_id))
    db.session.commit()
    assert found_in_tables("canaryfirst") == {}
    assert found_in_tables("canaryother") == before
    assert find_first_break() is None
    person = db.session.get_one(Alumnus, first.alumnus_id)
    assert (person.display_name, person.status, person.emails) == ("Erased person", AlumnusStatus.ERASED, [])
    assignment = db.session.get_one(Assignment, first.assignment_id)
    assert (assignment.state, assignment.reason_text) == (AssignmentState.CANCELLED, "")
    print(f"canaries in {len(held)} tables, {sum(held.values())} rows; 0 left")
