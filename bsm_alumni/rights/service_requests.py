"""Requests of alumni: opened by the person or for them, answered by staff within a month."""

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.service import record
from bsm_alumni.cohorts.models import Enrolment
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.service import post
from bsm_alumni.rights.enums import Item, RequestKind, RequestState
from bsm_alumni.rights.models import RightsRequest
from bsm_alumni.rights.queries import get_request
from bsm_alumni.rights.rules import ITEMS, POINTING, due_on
from bsm_alumni.web.errors import FieldErrors, Refused

ANSWER = "rights_answer"
ABOUT = "rights_requests"
MOST_OPEN = 20


def open_request(
    alumnus: Alumnus,
    kind: RequestKind,
    item: Item,
    item_id: int | None,
    words: str,
    recorded_by_id: int | None = None,
) -> RightsRequest:
    """Put a request down; ``recorded_by_id`` is the user who does so for a person who wrote or called.

    Raises FieldErrors for empty words or an item that is not the person's, Refused beyond twenty open ones.
    """
    words = words.strip()
    errors: dict[str, str] = {}
    if not words:
        errors["words"] = _("Say in a few words what is wrong and how it should be.")
    if item not in ITEMS[kind] or (item in POINTING and not _is_theirs(alumnus.id, item, item_id)):
        errors["item"] = _("Choose what it is about from the list.")
    if errors:
        raise FieldErrors(errors)
    _stop_flood(alumnus.id)
    request = RightsRequest(
        alumnus_id=alumnus.id,
        kind=kind,
        item=item,
        item_id=item_id if item in POINTING else None,
        words=words,
        due_on=due_on(utc_now().date()),
        recorded_by_id=recorded_by_id,
    )
    db.session.add(request)
    db.session.flush()
    record("request.opened", request, after={"kind": kind, "item": item, "item_id": request.item_id, "words": words})
    return request


def _is_theirs(alumnus_id: int, item: Item, item_id: int | None) -> bool:
    model: type[Enrolment] | type[Assignment] = Enrolment if item is Item.RESULT else Assignment
    found = sa.select(model.id).where(model.id == item_id, model.alumnus_id == alumnus_id)
    return item_id is not None and db.session.scalar(found) is not None


def _stop_flood(alumnus_id: int) -> None:
    waiting = sa.select(sa.func.count()).where(
        RightsRequest.alumnus_id == alumnus_id, RightsRequest.state == RequestState.OPEN
    )
    if (db.session.scalar(waiting) or 0) >= MOST_OPEN:
        raise Refused(_("Twenty of your requests wait for an answer already. Take one back first."))


def answer_request(request_id: int, state: RequestState, answer: str, user_id: int | None) -> RightsRequest:
    """Answer an open request; the person gets the words by mail. Raises LookupError, FieldErrors, Refused."""
    request = get_request(request_id)
    if request.kind is RequestKind.ERASURE:
        raise Refused(_("An erasure is decided on its own page."))
    return close_request(request, state, answer, user_id)


def close_request(request: RightsRequest, state: RequestState, answer: str, user_id: int | None) -> RightsRequest:
    """As ``answer_request``, for an erasure too."""
    if request.state is not RequestState.OPEN:
        raise Refused(_("This request was answered or taken back already."))
    if not answer.strip():
        raise FieldErrors({"answer": _("Write the answer that the person gets by mail.")})
    request.state, request.answer = state, answer.strip()
    request.answered_at, request.answered_by_id = utc_now(), user_id
    db.session.flush()
    record("request.answered", request, {"state": RequestState.OPEN}, {"state": state, "answer": request.answer})
    emails = request.alumnus.emails
    if emails:
        about = {"request": request.id}
        post(
            ANSWER,
            emails[0].address,
            about,
            alumnus_id=request.alumnus_id,
            subject_kind=ABOUT,
            subject_id=request.id,
            dedupe_key=f"rights-answer:{request.id}",
        )
    return request


def withdraw_request(request_id: int, alumnus_id: int) -> RightsRequest:
    """The person takes an own request back. Raises LookupError for another's, Refused when it is over."""
    request = get_request(request_id)
    if request.alumnus_id != alumnus_id or request.kind is RequestKind.ERASURE:
        raise LookupError(f"There is no request {request_id} of this person.")
    if request.state is not RequestState.OPEN:
        raise Refused(_("This request was answered or taken back already."))
    request.state = RequestState.WITHDRAWN
    db.session.flush()
    record("request.withdrawn", request, {"state": RequestState.OPEN}, {"state": request.state})
    return request
