"""Finding requests and erasures."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.cohorts.models import Cohort, Enrolment
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.rights.enums import ErasureState, Item, RequestKind, RequestState
from bsm_alumni.rights.models import Erasure, RightsRequest
from bsm_alumni.web.pagination import Page, page_of

WAITING = (ErasureState.ASKED, ErasureState.APPROVED)


@dataclass(frozen=True, slots=True)
class Disputable:
    """A record that the person cannot change: its kind, its number, and what names it."""

    item: Item
    item_id: int
    name: str


def get_request(request_id: int) -> RightsRequest:
    """The request; raises LookupError."""
    found = db.session.get(RightsRequest, request_id, with_for_update={"of": RightsRequest})
    if found is None:
        raise LookupError(f"There is no request {request_id}.")
    return found


def requests_page(state: str = "open", after: str | None = None, before: str | None = None) -> Page[RightsRequest]:
    """Requests: open ones by the day they are due, others newest first."""
    is_open = RightsRequest.state == RequestState.OPEN
    # A restriction of one's own is carried out as it is asked: it is no work for staff.
    select = sa.select(RightsRequest).where(RightsRequest.kind != RequestKind.RESTRICTION)
    if state == "open":
        keys = [RightsRequest.due_on, RightsRequest.id]
        return page_of(select.where(is_open), keys, after=after, before=before)
    return page_of(select.where(~is_open), [RightsRequest.id], after=after, before=before, descending=True)


def count_open_requests() -> int:
    """How many requests wait for staff."""
    waiting = sa.select(sa.func.count()).select_from(RightsRequest).where(RightsRequest.state == RequestState.OPEN)
    return db.session.scalar(waiting) or 0


def requests_of(alumnus_id: int, limit: int = 100) -> Sequence[RightsRequest]:
    """A person's requests, newest first."""
    return db.session.scalars(
        sa.select(RightsRequest)
        .where(RightsRequest.alumnus_id == alumnus_id)
        .order_by(RightsRequest.id.desc())
        .limit(limit)
    ).all()


def find_own_restriction(alumnus_id: int) -> RightsRequest | None:
    """The restriction that the person put on themselves and that is in force."""
    return db.session.scalar(
        sa.select(RightsRequest)
        .where(
            RightsRequest.alumnus_id == alumnus_id,
            RightsRequest.kind == RequestKind.RESTRICTION,
            RightsRequest.state == RequestState.DONE,
        )
        .order_by(RightsRequest.id.desc())
        .limit(1)
    )


def disputables_of(alumnus_id: int) -> list[Disputable]:
    """Results of cohorts, and what was noted of sessions that are over. Two queries."""
    results = db.session.execute(
        sa.select(Enrolment.id, Cohort.code)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.alumnus_id == alumnus_id)
        .order_by(Cohort.code)
        .limit(100)
    )
    over = (AssignmentState.DELIVERED, AssignmentState.NO_SHOW)
    attended = db.session.execute(
        sa.select(Assignment.id, Event.title)
        .join(Event, Event.id == Assignment.event_id)
        .where(Assignment.alumnus_id == alumnus_id, Assignment.state.in_(over))
        .order_by(Event.starts_at.desc(), Assignment.id)
        .limit(100)
    )
    found = [Disputable(Item.RESULT, number, code) for number, code in results]
    return found + [Disputable(Item.ATTENDANCE, number, title) for number, title in attended]


def names_of_items(requests: Sequence[RightsRequest]) -> dict[int, str]:
    """Request → the name of the record it points at, for those that point at one. Two queries."""
    names: dict[int, str] = {}
    results = {one.item_id: one.id for one in requests if one.item is Item.RESULT and one.item_id}
    seats = {one.item_id: one.id for one in requests if one.item is Item.ATTENDANCE and one.item_id}
    if results:
        codes = sa.select(Enrolment.id, Cohort.code).join(Cohort, Cohort.id == Enrolment.cohort_id)
        names |= {results[key]: code for key, code in db.session.execute(codes.where(Enrolment.id.in_(results)))}
    if seats:
        titles = sa.select(Assignment.id, Event.title).join(Event, Event.id == Assignment.event_id)
        names |= {seats[key]: title for key, title in db.session.execute(titles.where(Assignment.id.in_(seats)))}
    return names


def find_open_erasure(alumnus_id: int) -> Erasure | None:
    """The person's erasure that is asked for or approved and not done."""
    return db.session.scalar(sa.select(Erasure).where(Erasure.alumnus_id == alumnus_id, Erasure.state.in_(WAITING)))


def get_erasure(erasure_id: int) -> Erasure:
    """The erasure, locked; raises LookupError."""
    found = db.session.get(Erasure, erasure_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise LookupError(f"There is no erasure {erasure_id}.")
    return found


def find_erasure_of_request(request_id: int) -> Erasure | None:
    """The erasure that a request asks for."""
    return db.session.scalar(sa.select(Erasure).where(Erasure.request_id == request_id))


def find_request(request_id: int) -> RightsRequest | None:
    """The request; None when there is none."""
    return db.session.get(RightsRequest, request_id)
