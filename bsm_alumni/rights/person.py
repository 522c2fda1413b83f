"""Everything by which a person is found in the tables: numbers, addresses, rows of files, names."""

from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.extensions import db
from bsm_alumni.imports.models import ImportedValue, ImportRow
from bsm_alumni.rights.searching import as_stored, holds

# Shorter names and names of one word would be found in words that tell of somebody else.
SHORTEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Person:
    """``rows`` are ids of rows of files, ``places`` the same as (import, sheet, row). ``words`` is what only this
    person is called by: addresses, telephone, and the name where nobody else in the registry has it.
    """

    alumnus_id: int
    user_ids: tuple[int, ...]
    assignment_ids: tuple[int, ...]
    addresses: tuple[str, ...]
    rows: tuple[int, ...]
    places: tuple[tuple[int, str, int], ...]
    words: tuple[str, ...]


def person_of(alumnus: Alumnus) -> Person:
    """Gather what leads to the person. About eight queries, one of them through the rows of files."""
    users = db.session.execute(sa.select(User.id, User.email).where(User.alumnus_id == alumnus.id)).all()
    held = [email.address for email in alumnus.emails]
    addresses = tuple(dict.fromkeys(address.lower() for address in (*held, *(email for _id, email in users))))
    rows = _rows_of(alumnus, addresses)
    places = sa.select(ImportRow.batch_id, ImportRow.sheet, ImportRow.row).where(ImportRow.id.in_(rows))
    words = tuple(dict.fromkeys((*addresses, *_own_phone(alumnus), *_own_names(alumnus))))
    return Person(
        alumnus_id=alumnus.id,
        user_ids=tuple(user_id for user_id, _email in users),
        assignment_ids=tuple(
            db.session.scalars(
                sa.select(Assignment.id).where(Assignment.alumnus_id == alumnus.id).order_by(Assignment.id)
            )
        ),
        addresses=addresses,
        rows=rows,
        places=tuple((batch_id, sheet, row) for batch_id, sheet, row in db.session.execute(places)),
        words=words,
    )


def _own_phone(alumnus: Alumnus) -> list[str]:
    shared = sa.select(Alumnus.id).where(Alumnus.phone == alumnus.phone, Alumnus.id != alumnus.id).limit(1)
    if sum(char.isdigit() for char in alumnus.phone) < 7 or db.session.scalar(shared) is not None:
        return []
    return [alumnus.phone]


def _own_names(alumnus: Alumnus) -> list[str]:
    """The names in full under which nobody else is known."""
    written = f"{alumnus.given_names} {alumnus.family_name}"
    reversed_ = f"{alumnus.family_name} {alumnus.given_names}"
    names = (alumnus.display_name, alumnus.latin_name, written, reversed_)
    whole = dict.fromkeys(name for name in names if len(name) >= SHORTEST_NAME and " " in name.strip())
    found = []
    for name in whole:
        both = (Alumnus.given_names + " " + Alumnus.family_name, Alumnus.family_name + " " + Alumnus.given_names)
        columns = (Alumnus.display_name, Alumnus.latin_name, *both)
        other = sa.select(Alumnus.id).where(
            Alumnus.id != alumnus.id, sa.or_(*(sa.func.lower(column) == sa.func.lower(name) for column in columns))
        )
        if db.session.scalar(other.limit(1)) is None:
            found.append(name)
    return found


def _rows_of(alumnus: Alumnus, addresses: tuple[str, ...]) -> tuple[int, ...]:
    """Rows of files that this person came from, or that hold one of the addresses; and rows of the same files with
    both names and nobody's address."""
    cells = (ImportRow.cells, ImportRow.repairs)
    came_from = (
        sa.select(ImportRow.id)
        .join(
            ImportedValue,
            sa.and_(
                ImportedValue.batch_id == ImportRow.batch_id,
                ImportedValue.sheet == ImportRow.sheet,
                ImportedValue.row == ImportRow.row,
            ),
        )
        .where(ImportedValue.subject_kind == "alumni", ImportedValue.subject_id == alumnus.id)
    )
    found = set(db.session.scalars(came_from))
    if addresses:
        held = sa.or_(*(holds(column, address) for column in cells for address in addresses))
        found |= set(db.session.scalars(sa.select(ImportRow.id).where(held)))
    if alumnus.family_name and alumnus.given_names:
        named = [
            as_stored(ImportRow.cells).contains(as_stored(ImportRow.cells, name), autoescape=True)
            for name in (alumnus.family_name, alumnus.given_names)
        ]
        nobodys = sa.not_(as_stored(ImportRow.cells).contains("@"))
        found |= set(db.session.scalars(sa.select(ImportRow.id).where(*named, nobodys)))
    return tuple(sorted(found))
