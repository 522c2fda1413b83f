"""Everybody in the registry, as the index of people remembers them."""

from sys import intern

import sqlalchemy as sa

from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.extensions import db
from bsm_alumni.imports.duplicates import Known, PeopleIndex, name_key, phone_key
from bsm_alumni.reference.folding import fold

_BATCH = 2_000


def load_people() -> PeopleIndex:
    """An index of all people and their addresses, loaded in batches."""
    index = PeopleIndex()
    last = 0
    while True:
        people = db.session.execute(
            sa.select(
                Alumnus.id,
                Alumnus.display_name,
                Alumnus.family_name,
                Alumnus.given_names,
                Alumnus.country_code,
                Alumnus.agency,
                Alumnus.phone,
            )
            .where(Alumnus.id > last)
            .order_by(Alumnus.id)
            .limit(_BATCH)
        ).all()
        if not people:
            return index
        first, last = people[0].id, people[-1].id
        addresses: dict[int, list[str]] = {}
        for alumnus_id, folded in db.session.execute(
            sa.select(AlumnusEmail.alumnus_id, AlumnusEmail.folded).where(AlumnusEmail.alumnus_id.between(first, last))
        ):
            addresses.setdefault(alumnus_id, []).append(folded)
        for one in people:
            emails = addresses.get(one.id, [])
            known = Known(
                name=one.display_name,
                country=one.country_code or "",
                agency=intern(fold(one.agency)),
                phone=phone_key(one.phone),
                has_email=bool(emails),
                alumnus_id=one.id,
            )
            index.add(known, emails, name_key(one.family_name, one.given_names))
