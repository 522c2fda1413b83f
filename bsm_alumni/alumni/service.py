"""Changing profiles: each change keeps the search terms right and is put into the trail."""

import sqlalchemy as sa

from bsm_alumni.alumni.models import Alumnus, AlumnusTerm
from bsm_alumni.alumni.rules import full_name, latin_form, search_terms, shown_sort, sort_name
from bsm_alumni.extensions import db


def derive_names(alumnus: Alumnus) -> None:
    """Set what follows from the names: the Latin form and the keys for sorting."""
    written = full_name(alumnus.given_names or "", alumnus.family_name or "")
    alumnus.latin_name = latin_form(alumnus.display_name, written)
    alumnus.sort_name = sort_name(alumnus.family_name, alumnus.display_name)
    alumnus.shown_sort = shown_sort(alumnus.display_name)


def refresh_terms(alumnus: Alumnus) -> None:
    """Put down anew the words by which the person is found. Flush the person first."""
    terms = search_terms(
        (alumnus.display_name, alumnus.latin_name),
        (alumnus.family_name, alumnus.given_names),
        (alumnus.agency,),
        (email.address for email in alumnus.emails),
    )
    db.session.execute(sa.delete(AlumnusTerm).where(AlumnusTerm.alumnus_id == alumnus.id))
    rows = [{"term": term, "alumnus_id": alumnus.id, "field_bit": bit} for term, bit in terms]
    if rows:
        db.session.execute(sa.insert(AlumnusTerm), rows)
