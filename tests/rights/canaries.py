"""People whose every text, in every table, holds a word of their own. All fictional."""

import datetime as dt
from typing import Any

import sqlalchemy as sa

from bsm_alumni.accounts.enums import Role
from bsm_alumni.assignments import service as assignments
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.models import SharingStatement
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.models import ImportBatch
from bsm_alumni.planning.models import Plan
from bsm_alumni.rights.searching import is_json
from bsm_alumni.rights.tables import HELD
from tests.factories import Factory

# Made by the services or by a flow of their own, or never there outside an erasure.
MADE_OTHERWISE = {"alumni", "users", "assignments", "audit_entries", "consent_erasures", "erasures", "erased_addresses"}
# Made by the factory, one a person.
MADE_ALREADY = {"sharing_statements", "shared_with", "alumnus_terms"}


def _value(column: sa.Column[Any], word: str, known: dict[str, Any]) -> Any:
    """A value for one column that holds the word where it can."""
    if column.name in known:
        return known[column.name]
    if column.foreign_keys and column.nullable:
        return None
    kind = column.type
    if is_json(column):
        return {"word": word, "list": [word]}
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    if isinstance(kind, sa.String):
        return word[: kind.length or 200]
    if isinstance(kind, sa.LargeBinary):
        return word.encode()
    if isinstance(kind, sa.Date):
        return dt.date(2026, 5, 5)
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    return utc_now()


class Canary:
    """One person with a row in every table that has a decision; ``word`` is in each text of each row."""

    def __init__(self, make: Factory, word: str) -> None:
        self.make, self.word = make, word
        self.organisation = make.organisation()
        self.staff = make.user(Role.OFFICER)
        self.second = make.user(Role.ADMIN)
        self.person = make.alumnus(
            f"Family{word}",
            f"Given{word}",
            email=f"{word}@example.org",
            agency=f"Agency {word}",
            position=word,
            phone=f"+44 20 7946 {ord(word[-1]):04d}",
            remarks=word,
            title=word[:30],
            shared_with=(self.organisation,),
        )
        self.alumnus_id: int = self.person.id
        self.user = make.user(Role.ALUMNUS, alumnus_id=self.person.id, name=word, email=f"user-{word}@example.org")
        self.user_id: int = self.user.id
        event = make.event(f"Talk of Given{word} Family{word}", seats=3)
        self.event_id, self.slot_id = event.id, event.slots[0].id
        self.assignment_id = assignments.propose_and_invite(event.slots[0].id, self.person.id).id
        db.session.commit()
        self._tell_of_the_person()
        self.batch = self._batch()
        self._rows_everywhere()
        db.session.commit()

    def _tell_of_the_person(self) -> None:
        changes = [
            Change("alumnus.edited", "alumni", self.alumnus_id, {"name": self.word}, {"name": self.word}),
            Change("filter.saved", "saved_filters", 1, {}, {"query": f"q=Given{self.word}+Family{self.word}"}),
            Change("mail.sent", "mails", 1, {}, {"to": f"{self.word}@example.org"}),
        ]
        record_many(changes)
        record_many([changes[0]], actor=self.word)

    def _batch(self) -> ImportBatch:
        batch = ImportBatch(
            kind="alumni",
            filename="people.csv",
            sha256="0" * 64,
            content=f"Family name,E-mail\n{self.word},{self.word}@example.org".encode(),
            report={"kept_names": [f"Given{self.word} Family{self.word}"]},
        )
        db.session.add(batch)
        db.session.flush()
        return batch

    def _known(self, table: str) -> dict[str, Any]:
        """Keys, and whatever a constraint wants."""
        address = f"second-{self.word}@example.org"
        known: dict[str, Any] = {
            "alumnus_id": self.alumnus_id,
            "user_id": self.user_id,
            "actor_id": self.user_id,
            "organisation_id": self.organisation.id,
            "recorded_by_id": self.staff.id,
            "confirmed_by_id": self.second.id,
            "answered_by_id": self.staff.id,
            "assignment_id": self.assignment_id,
            "batch_id": self.batch.id,
            "sheet": "People",
            "row": 2,
            "language_code": "fr",
            "folded": address,
            "address": address,
            "field_bit": 1,
            "groups": 3,
            "given": True,
        }
        match table:
            case "not_same_person":
                known["lower_id"] = self.alumnus_id
                known["higher_id"] = self.make.alumnus("Somebody", "Else").id
            case "alumnus_themes":
                known["theme_id"] = self.make.theme().id
            case "enrolments":
                known["cohort_id"] = self.make.cohort().id
            case "imported_values":
                known |= {"subject_kind": "alumni", "subject_id": self.alumnus_id}
            case "mails":
                known |= {
                    "kind": "invitation",
                    "to_address": f"{self.word}@example.org",
                    "subject_kind": "",
                    "dedupe_key": None,
                }
            case "colleague_invitations":
                known["email"] = self.user.email
            case "jobs":
                known["kind"] = "import"
            case "plan_seats" | "plan_marks":
                plan = Plan(title="A season", first_day=dt.date(2027, 1, 1), last_day=dt.date(2027, 3, 31))
                db.session.add(plan)
                db.session.flush()
                known |= {"plan_id": plan.id, "event_id": self.event_id, "slot_id": self.slot_id}
                known |= {"score": 80.0, "price": None}
            case "colleague_invitations":
                known |= {"email": f"{self.word}@example.org", "user_id": None}
            case "consent_proposals":
                known |= dict.fromkeys(["decision", "decided_at", "decided_by_id"])
            case "import_rows":
                known["cells"] = {"Family name": f"Family{self.word}", "E-mail": f"{self.word}@example.org"}
        return known

    def _rows_everywhere(self) -> None:
        for table in db.metadata.sorted_tables:
            if table.name not in HELD or table.name in MADE_OTHERWISE | MADE_ALREADY:
                continue
            known = self._known(table.name)
            row = {
                column.name: _value(column, self.word, known)
                for column in table.columns
                if column is not table.autoincrement_column
            }
            db.session.execute(sa.insert(table).values(row))
        own = Assignment.id == self.assignment_id
        db.session.execute(sa.update(Assignment).where(own).values(reason_text=self.word))
        mine = SharingStatement.alumnus_id == self.alumnus_id
        db.session.execute(sa.update(SharingStatement).where(mine).values(words=self.word))
        moves = sa.update(AssignmentMove).where(AssignmentMove.assignment_id == self.assignment_id)
        db.session.execute(moves.values(reason=self.word, actor=self.word))


def found_in_tables(word: str) -> dict[str, int]:
    """How many rows of each table hold the word in any column, whatever its type."""
    db.session.rollback()
    found: dict[str, int] = {}
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            texts = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row]
            if any(word.lower() in text.lower() for text in texts):
                found[table.name] = found.get(table.name, 0) + 1
    return found
