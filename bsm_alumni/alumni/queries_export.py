"""The roster as a table for a file: the people that the filter leaves, and no others."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import selectinload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.alumni.queries_roster import narrowed
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.extensions import db
from bsm_alumni.reference.countries import country_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.reference.levels import Level

COLUMNS = (
    "id",
    "name",
    "latin_name",
    "given_names",
    "family_name",
    "title",
    "gender",
    "country",
    "country_code",
    "agency",
    "position",
    "emails",
    "phone",
    "languages",
    "themes",
    "zone",
    "notice_days",
    "quarter_limit",
    "status",
    "restricted",
)
# What nobody takes away in passing; see `service_contacts`.
CONTACT_COLUMNS = ("emails", "phone")
PLAIN_COLUMNS = tuple(column for column in COLUMNS if column not in CONTACT_COLUMNS)
BATCH = 500


def plain_rows(viewer: Viewer, narrow: RosterFilter) -> Iterator[tuple[Any, ...]]:
    """As ``export_rows``, in the order of PLAIN_COLUMNS: without addresses and telephones."""
    kept = [COLUMNS.index(column) for column in PLAIN_COLUMNS]
    return (tuple(row[at] for at in kept) for row in export_rows(viewer, narrow))


def contact_rows(viewer: Viewer, alumnus_ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS, by name, of those among these people whom the viewer may see."""
    wanted = sorted(set(alumnus_ids))
    found: list[Any] = []
    for start in range(0, len(wanted), BATCH):
        chunk = Alumnus.id.in_(wanted[start : start + BATCH])
        found += db.session.execute(visible(viewer).where(chunk).with_only_columns(Alumnus.sort_name, Alumnus.id)).all()
    return _rows_of(viewer, [alumnus_id for _name, alumnus_id in sorted(tuple(row) for row in found)])


def export_rows(viewer: Viewer, narrow: RosterFilter) -> Iterator[tuple[Any, ...]]:
    """Rows in the order of COLUMNS, by name; countries and languages in English, as files name them."""
    ids = db.session.scalars(
        narrowed(viewer, narrow).with_only_columns(Alumnus.id).order_by(Alumnus.sort_name, Alumnus.id)
    ).all()
    return _rows_of(viewer, ids)


def _rows_of(viewer: Viewer, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    loaded = (selectinload(Alumnus.languages), selectinload(Alumnus.themes), selectinload(Alumnus.emails))
    for start in range(0, len(ids), BATCH):
        chunk = ids[start : start + BATCH]
        people = db.session.scalars(
            visible(viewer).where(Alumnus.id.in_(chunk)).order_by(Alumnus.sort_name, Alumnus.id).options(*loaded)
        )
        yield from (_row(person) for person in people)


def _row(person: Alumnus) -> tuple[Any, ...]:
    return (
        person.id,
        person.display_name,
        person.latin_name,
        person.given_names,
        person.family_name,
        person.title,
        person.gender.value if person.gender else "",
        country_name(person.country_code) if person.country_code else "",
        person.country_code or "",
        person.agency,
        person.position,
        [email.address for email in person.emails],
        person.phone,
        [_spoken(item.language_code, item.level) for item in person.languages],
        [theme.name for theme in person.themes],
        person.zone or "",
        person.notice_days,
        person.quarter_limit,
        person.status.value,
        person.restricted,
    )


def _spoken(code: str, level: int) -> str:
    words = "" if level == Level.UNKNOWN else Level(level).name.replace("NATIVE", "native")
    return f"{language_name(code)} {words}".strip()
