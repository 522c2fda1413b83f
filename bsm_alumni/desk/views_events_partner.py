"""A partner's events: those its organisation takes part in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, partner
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.consent.disclosures import disclose
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.desk.links import find_url
from bsm_alumni.desk.queries_partner_events import count_partner_events, partner_events_page
from bsm_alumni.events.enums import EventStatus
from bsm_alumni.events.words import LOOKS, STATUSES
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.enums import FieldGroup

bp = Blueprint("events_partner", __name__)


@bp.get("/events")
@access(partner)
def events() -> ResponseReturnValue:
    """The events to come, or past ones, with the presenters that this partner may see."""
    viewer, now, past = current_viewer(), utc_now(), request.args.get("show") == "past"
    page = partner_events_page(viewer, now, past, request.args.get("after"), request.args.get("before"))
    named = {person.id for event in page.rows for person in event.presenters}
    disclose(viewer, [(one, {FieldGroup.IDENTITY}) for one in named], DisclosureWay.EVENT)
    return render_template(
        "events/partner_events.html",
        page=page,
        total=count_partner_events(viewer, now, past),
        past=past,
        statuses={status.value: words for status, words in STATUSES.items()},
        looks={status.value: LOOKS[status] for status in EventStatus},
        alumnus_url=lambda alumnus_id: find_url("alumni_partner.alumnus", alumnus_id=alumnus_id),
    )
