"""Who is in a cohort, of the people whom the viewer may see."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import matching_text, visible
from bsm_alumni.cohorts.errors import NoSuchCohort
from bsm_alumni.cohorts.models import Enrolment
from bsm_alumni.extensions import db
from bsm_alumni.web.pagination import Page, page_of

MOST_FOUND = 8


def enrolments_page(
    viewer: Viewer, cohort_id: int, after: str | None = None, before: str | None = None
) -> Page[sa.Row[tuple[Enrolment, str, int]]]:
    """A page of the cohort's enrolments by name, each row with its ``Enrolment``. One query."""
    seen = visible(viewer).with_only_columns(Alumnus.id)
    select = (
        sa.select(Enrolment, Alumnus.sort_name, Alumnus.id)
        .join(Enrolment.alumnus)
        .where(Enrolment.cohort_id == cohort_id, Alumnus.id.in_(seen))
        .options(contains_eager(Enrolment.alumnus))
    )
    return page_of(select, [Alumnus.sort_name, Alumnus.id], after=after, before=before, scalars=False)


def get_enrolment(viewer: Viewer, cohort_id: int, enrolment_id: int) -> Enrolment:
    """One enrolment of this cohort; raises NoSuchCohort."""
    seen = visible(viewer).with_only_columns(Alumnus.id)
    enrolment = db.session.scalar(
        sa.select(Enrolment).where(
            Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id, Enrolment.alumnus_id.in_(seen)
        )
    )
    if enrolment is None:
        raise NoSuchCohort(enrolment_id)
    return enrolment


def find_people_to_enrol(viewer: Viewer, cohort_id: int, text: str) -> Sequence[Alumnus]:
    """The first few people whom the text finds and who are not in the cohort; nobody for an empty text."""
    if not text.strip():
        return []
    inside = sa.select(Enrolment.alumnus_id).where(Enrolment.cohort_id == cohort_id)
    return db.session.scalars(
        matching_text(visible(viewer), text, viewer)
        .where(Alumnus.id.not_in(inside))
        .order_by(Alumnus.sort_name, Alumnus.id)
        .limit(MOST_FOUND)
    ).all()
