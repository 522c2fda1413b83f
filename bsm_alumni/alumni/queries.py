"""The one door to people, and what is found behind it."""

from typing import Any

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus, AlumnusTerm
from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.queries import is_shown_to, shown_mask
from bsm_alumni.extensions import db
from bsm_alumni.organisations.rules import ALL_GROUPS, mask_of
from bsm_alumni.reference.folding import fold


def visible(viewer: Viewer) -> sa.Select[Alumnus]:
    """Every read of people starts here, before any search, sort or count.

    Staff see all; a partner sees active, unrestricted people whose name its agreement in force covers and who
    consented to be seen by it; an alumnus sees themselves; anyone else sees nobody. Which parts of a person a
    partner sees is ``shows`` and ``shown_groups``. All of it is worked out by the statement itself, so that a
    withdrawal counts from the next one.
    """
    # Of somebody who was erased only a number is left, for nobody to open.
    select = sa.select(Alumnus).where(Alumnus.status != AlumnusStatus.ERASED)
    if viewer.is_staff:
        return select
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        return select.where(
            Alumnus.status == AlumnusStatus.ACTIVE,
            Alumnus.restricted.is_(False),
            is_shown_to(Alumnus.id, viewer.organisation_id, FieldGroup.IDENTITY),
        )
    if viewer.role is Role.ALUMNUS and viewer.alumnus_id is not None:
        return select.where(Alumnus.id == viewer.alumnus_id)
    return select.where(sa.false())


def shows(viewer: Viewer, group: FieldGroup, alumnus_id: Any = Alumnus.id) -> sa.ColumnElement[bool]:
    """A condition on people behind the door: the viewer is shown this part of them.

    Whatever a partner filters, searches, sorts or counts by goes with the condition of its group, so that nobody
    is found by what is not shown.
    """
    if viewer.is_staff or viewer.role is Role.ALUMNUS:
        return sa.true()
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        return is_shown_to(alumnus_id, viewer.organisation_id, group)
    return sa.false()


def shown_groups(viewer: Viewer) -> sa.ColumnElement[int]:
    """A column beside people behind the door: the parts of each that the viewer is shown, as a sum of bits."""
    if viewer.is_staff or viewer.role is Role.ALUMNUS:
        return sa.literal(mask_of(ALL_GROUPS), sa.Integer)
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        return shown_mask(Alumnus.id, viewer.organisation_id)
    return sa.literal(0, sa.Integer)


def find_visible(viewer: Viewer, alumnus_id: int) -> Alumnus | None:
    """The person, if this viewer may see them; None otherwise, as for nobody."""
    return db.session.scalar(visible(viewer).where(Alumnus.id == alumnus_id))


def matching_text(select: sa.Select[Alumnus], text: str, viewer: Viewer) -> sa.Select[Alumnus]:
    """Narrow to people in whose names, agency or addresses each word of ``text`` begins a word.

    Case, accents and script do not matter. A partner finds people by their names, and by their agency only where
    it is shown; never by an address, which could be guessed letter by letter.
    """
    for word in fold(text).split()[:6]:
        found = sa.select(AlumnusTerm.alumnus_id).where(AlumnusTerm.term >= word, AlumnusTerm.term < word + "~")
        if not viewer.is_staff:
            work = AlumnusTerm.field_bit == FieldGroup.PROFESSIONAL.bit
            shown = shows(viewer, FieldGroup.PROFESSIONAL, AlumnusTerm.alumnus_id)
            found = found.where(sa.or_(AlumnusTerm.field_bit == FieldGroup.IDENTITY.bit, sa.and_(work, shown)))
        select = select.where(Alumnus.id.in_(found))
    return select
