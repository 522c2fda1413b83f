"""The list of organisations."""

from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.queries_agreements import agreements_in_force
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

# Tables of higher rooms, by name.
_users = sa.table("users", sa.column("organisation_id", sa.Integer), sa.column("active", sa.Boolean))
_shared = sa.table("shared_with", sa.column("organisation_id", sa.Integer))


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """A line of the list: who signs in for it, how many alumni agreed to be seen by it, and its agreement in force."""

    organisation: Organisation
    users: int
    shared: int
    agreement: Agreement | None


def organisations_page(
    archived: bool = False, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[OrganisationRow]:
    """A page of organisations by code. Four queries."""
    select = sa.select(Organisation).where(_archived(archived))
    page = page_of(select, [Organisation.code, Organisation.id], after=after, before=before, size=size)
    ids = [organisation.id for organisation in page.rows]
    users = _counts(_users, ids, _users.c.active.is_(True))
    shared = _counts(_shared, ids, sa.true())
    agreements = agreements_in_force(utc_now().date()) if ids and not archived else {}
    rows = [
        OrganisationRow(row, users.get(row.id, 0), shared.get(row.id, 0), agreements.get(row.id)) for row in page.rows
    ]
    return Page(rows, page.next_key, page.previous_key)


def count_organisations(archived: bool = False) -> int:
    """How many organisations are in use, or archived."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Organisation).where(_archived(archived))) or 0


def _archived(archived: bool) -> sa.ColumnElement[bool]:
    return Organisation.archived_at.is_not(None) if archived else Organisation.archived_at.is_(None)


def _counts(table: sa.TableClause, ids: list[int], wanted: sa.ColumnElement[bool]) -> dict[int, int]:
    c = table.c.organisation_id
    rows = db.session.execute(sa.select(c, sa.func.count()).where(c.in_(ids), wanted).group_by(c))
    return dict(rows.all())  # type: ignore[arg-type]
