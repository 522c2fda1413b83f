"""The one door to people, and what is found behind it."""

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus, AlumnusTerm
from bsm_alumni.consent.queries import is_shared_with
from bsm_alumni.extensions import db
from bsm_alumni.reference.folding import fold


def visible(viewer: Viewer) -> sa.Select[Alumnus]:
    """Every read of people starts here, before any search, sort or count.

    Staff see all; a partner sees active, unrestricted people who agreed to be seen by it; an alumnus sees
    themselves; anyone else sees nobody.
    """
    select = sa.select(Alumnus)
    if viewer.is_staff:
        return select
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        return select.where(
            Alumnus.status == AlumnusStatus.ACTIVE,
            Alumnus.restricted.is_(False),
            is_shared_with(Alumnus.id, viewer.organisation_id),
        )
    if viewer.role is Role.ALUMNUS and viewer.alumnus_id is not None:
        return select.where(Alumnus.id == viewer.alumnus_id)
    return select.where(sa.false())


def find_visible(viewer: Viewer, alumnus_id: int) -> Alumnus | None:
    """The person, if this viewer may see them; None otherwise, as for nobody."""
    return db.session.scalar(visible(viewer).where(Alumnus.id == alumnus_id))


def matching_text(select: sa.Select[Alumnus], text: str, viewer: Viewer) -> sa.Select[Alumnus]:
    """Narrow to people in whose names or agency each word of ``text`` begins a word.

    Case, accents and script do not matter. Staff also find people by their address; partners cannot.
    """
    for word in fold(text).split()[:6]:
        found = sa.select(AlumnusTerm.alumnus_id).where(AlumnusTerm.term >= word, AlumnusTerm.term < word + "~")
        if not viewer.is_staff:
            found = found.where(AlumnusTerm.contact.is_(False))
        select = select.where(Alumnus.id.in_(found))
    return select
