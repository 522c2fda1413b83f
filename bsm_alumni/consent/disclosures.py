"""Putting down who saw or received what about whom. One statement a page, before the answer leaves."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.models_disclosures import RECIPIENT, Disclosure
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import mask_of
from bsm_alumni.web.edge import write_anyway

# (number of the person, groups of fields that were shown).
Shown = tuple[int, Iterable[FieldGroup]]

LONGEST_PURPOSE = 300
FOCAL_POINT = "focal_point"
# What staff see on a person's page and in their own files.
EVERYTHING = frozenset(FieldGroup)
WITHOUT_CONTACT = EVERYTHING - {FieldGroup.CONTACT}


def disclose(viewer: Viewer, shown: Iterable[Shown], way: DisclosureWay, purpose: str = "") -> None:
    """Put down, once this page is made, what ``viewer`` saw of each person; call it from a view, on GET too.

    Looking at oneself is no disclosure. When it cannot be written the answer does not leave.
    """
    rows = _rows(viewer, shown, way, purpose)
    if rows:
        write_anyway(lambda: _write(rows))


def put_down(viewer: Viewer, shown: Iterable[Shown], way: DisclosureWay, purpose: str = "") -> int:
    """As ``disclose``, within the caller's own transaction; returns how many people."""
    rows = _rows(viewer, shown, way, purpose)
    if rows:
        _write(rows)
    return len(rows)


def _rows(viewer: Viewer, shown: Iterable[Shown], way: DisclosureWay, purpose: str) -> list[dict[str, Any]]:
    now: datetime = utc_now()
    masks: dict[int, int] = {}
    for alumnus_id, groups in shown:
        masks[alumnus_id] = masks.get(alumnus_id, 0) | mask_of(groups)
    return [
        {
            "alumnus_id": alumnus_id,
            "organisation_id": viewer.organisation_id if not viewer.is_staff else None,
            "user_id": viewer.user_id,
            "role": _role_of(viewer),
            "way": way,
            "groups": mask,
            "purpose": " ".join(purpose.split())[:LONGEST_PURPOSE],
            "day": now.date(),
            "first_at": now,
            "last_at": now,
            "times": 1,
        }
        # In order: two pages that name the same people do not wait for each other.
        for alumnus_id, mask in sorted(masks.items())
        if mask and alumnus_id != viewer.alumnus_id
    ]


def _role_of(viewer: Viewer) -> str:
    """What the viewer is, as the person reads it later: an alumnus may not look into the table of users."""
    if viewer.user_id is None or viewer.role is None:
        return ""
    return FOCAL_POINT if viewer.is_focal_point else viewer.role.value


def _write(rows: list[dict[str, Any]]) -> None:
    table: Any = Disclosure.__table__
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name](table)
    upsert = insert.on_conflict_do_update(
        index_elements=[table.c.alumnus_id, *RECIPIENT, table.c.way, table.c.day, table.c.purpose],
        set_={
            "groups": table.c.groups.bitwise_or(insert.excluded.groups),
            "last_at": insert.excluded.last_at,
            "role": insert.excluded.role,
            "times": table.c.times + 1,
        },
    )
    db.session.execute(upsert, rows)
