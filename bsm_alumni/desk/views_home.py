"""Staff's first page, the work list, and the search over everything."""

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, staff_read
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.assignments.words import REASONS
from bsm_alumni.desk.links import find_url
from bsm_alumni.desk.queries_home import work_list
from bsm_alumni.desk.queries_search import search as search_everything
from bsm_alumni.desk.words_event import RISKS
from bsm_alumni.events.queries_seats import Seats
from bsm_alumni.events.words import LOOKS, STATUSES
from bsm_alumni.extensions import utc_now
from bsm_alumni.planning.queries_links import slots_in_applied_plans
from bsm_alumni.rights.queries import count_open_requests
from bsm_alumni.web.filtering import asked_text

bp = Blueprint("staff_home", __name__)


@bp.get("/home")
@access(staff_read)
def home() -> ResponseReturnValue:
    """What needs people, who has not answered, what was lost, and the next four weeks."""
    viewer, now = current_viewer(), utc_now()
    work = work_list(now, viewer.zone)
    planned = slots_in_applied_plans([seat.slot_id for seat in work.lost.rows])
    return render_template(
        "home/staff_home.html",
        work=work,
        open_requests=count_open_requests(),
        requests_url=find_url("rights_staff.requests"),
        now=now,
        seats_of=lambda event_id: work.seats.get(event_id, Seats()),
        days_left=lambda instant: days_left(instant, now),
        remind_url=lambda assignment_id: find_url("assignments_staff.remind", assignment_id=assignment_id),
        alumnus_url=lambda alumnus_id: find_url("alumni_staff.alumnus", alumnus_id=alumnus_id),
        refill_url=lambda slot_id: find_url("planning_apply.refill", slot_id=slot_id) if slot_id in planned else None,
        reasons=REASONS,
        risks=RISKS,
        looks=LOOKS,
        statuses=STATUSES,
    )


def days_left(instant: datetime, now: datetime) -> int:
    """Whole days until an instant; 0 when it is less than a day away or past."""
    return max((instant - now).days, 0)


@bp.get("/search")
@access(staff_read)
def search() -> ResponseReturnValue:
    """People, events and cohorts whose names begin with the words (``q``), in one list."""
    q = asked_text(request.args, "q")
    return render_template(
        "home/staff_search.html",
        q=q,
        found=search_everything(current_viewer(), q) if q else None,
        looks=LOOKS,
        statuses=STATUSES,
        alumnus_url=lambda alumnus_id: find_url("alumni_staff.alumnus", alumnus_id=alumnus_id),
        cohort_url=lambda cohort_id: find_url("cohorts_staff.cohort", cohort_id=cohort_id),
        more={
            "people": find_url("alumni_staff.roster", q=q),
            "events": find_url("events_staff.events", q=q, show="all"),
            "cohorts": find_url("cohorts_staff.cohorts", q=q),
        },
    )
