"""Plans as staff ask for them: weights kept, a plan asked for, stopped, made anew."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.service import Change, record, record_many
from bsm_alumni.events.models import Event, EventSeries
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.enums import JobState
from bsm_alumni.jobs.models import Job
from bsm_alumni.jobs.service import enqueue
from bsm_alumni.planning.enums import PlanState
from bsm_alumni.planning.models import Plan, PlanMark, PlanWeight
from bsm_alumni.planning.queries import events_to_plan, marks_of, saved_plan_weights
from bsm_alumni.planning.shapes import PlanDetails
from bsm_alumni.planning.weights import PLAN_WEIGHTS, complete_plan_weights
from bsm_alumni.web.errors import FieldErrors, Refused

JOB = "planning.plan"
LONGEST = timedelta(days=731)
"""A plan looks two years ahead at most."""
MOST_EVENTS = 3000
UNDER_WAY = (PlanState.WAITING, PlanState.RUNNING)


def save_plan_weights(series_id: int, weights: Mapping[str, float]) -> None:
    """Keep the weights of a series, 0 for the whole programme; nothing is written when nothing changes.

    Raises FieldErrors by the weight's name.
    """
    _check_weights(weights)
    before, after = saved_plan_weights(series_id), complete_plan_weights(weights)
    if before == after:
        return
    db.session.execute(sa.delete(PlanWeight).where(PlanWeight.series_id == series_id))
    db.session.add_all(PlanWeight(series_id=series_id, weight=name, value=value) for name, value in after.items())
    db.session.flush()
    record_many([Change("plan_weights.saved", "plan_weights", series_id, before, after)])


def _check_weights(weights: Mapping[str, float]) -> None:
    errors = {
        name: _(
            "Write a number from %(least)g to %(most)g.", least=PLAN_WEIGHTS[name].least, most=PLAN_WEIGHTS[name].most
        )
        for name, weight in PLAN_WEIGHTS.items()
        if name in weights and not weight.least <= weights[name] <= weight.most
    }
    if errors:
        raise FieldErrors(errors)


def create_plan(actor_id: int | None, details: PlanDetails) -> Plan:
    """Put a plan down; the worker makes it.

    Raises FieldErrors (title, first_day, last_day, series_id, event_ids, or a weight's name).
    """
    _check_weights(details.weights)
    _check(details)
    plan = Plan(
        title=details.title.strip(),
        first_day=details.first_day,
        last_day=details.last_day,
        series_id=details.series_id,
        event_ids=sorted(set(details.event_ids)),
        weights=complete_plan_weights(details.weights),
        created_by=actor_id,
    )
    return _put_down(plan, actor_id)


def _check(details: PlanDetails) -> None:
    errors: dict[str, str] = {}
    if not 0 < len(details.title.strip()) <= 200:
        errors["title"] = _("Give the plan a name of at most 200 letters.")
    if details.last_day < details.first_day:
        errors["last_day"] = _("The last day lies before the first. Choose a later one.")
    elif details.last_day - details.first_day > LONGEST:
        errors["last_day"] = _("A plan looks two years ahead at most. Choose an earlier last day.")
    elif details.last_day < utc_now().date():
        errors["last_day"] = _("These days are over. Choose a last day that is still to come.")
    if details.series_id is not None and db.session.get(EventSeries, details.series_id) is None:
        errors["series_id"] = _("There is no such series any more. Choose another.")
    if not errors:
        found = set(events_to_plan(details.first_day, details.last_day, details.series_id))
        if lost := set(details.event_ids) - found:
            titles = db.session.scalars(sa.select(Event.title).where(Event.id.in_(lost)).order_by(Event.title))
            errors["event_ids"] = _(
                "These sessions cannot be planned in these days: %(titles)s.",
                titles=", ".join(titles) or _("not there any more"),
            )
        elif not found:
            errors["first_day"] = _("No session with a slot lies in these days. Choose others, or add slots first.")
        elif len(details.event_ids or found) > MOST_EVENTS:
            errors["last_day"] = _(
                "More than %(most)d sessions lie in these days. Plan them in parts.", most=MOST_EVENTS
            )
    if errors:
        raise FieldErrors(errors)


def _put_down(plan: Plan, actor_id: int | None) -> Plan:
    db.session.add(plan)
    db.session.flush()
    plan.job_id = enqueue(JOB, {"plan": plan.id}, actor_id).id
    db.session.flush()
    record("plan.created", plan, after=facts_of(plan))
    return plan


def facts_of(plan: Plan) -> dict[str, object]:
    """What the trail keeps of a plan that was asked for."""
    return {
        "title": plan.title,
        "first_day": plan.first_day,
        "last_day": plan.last_day,
        "series": plan.series_id,
        "events": len(plan.event_ids),
        "weights": plan.weights,
        "base_plan": plan.base_plan_id,
    }


def stop_plan(plan: Plan) -> None:
    """Ask the worker to stop and keep the best plan so far. Raises Refused when it is not being made."""
    db.session.refresh(plan, with_for_update=True)
    if plan.state not in UNDER_WAY:
        raise Refused(_("This plan is not being made any more."))
    before = plan.state
    plan.cancel_asked = True
    job = db.session.get(Job, plan.job_id) if plan.job_id else None
    if job is None or job.state in (JobState.FAILED, JobState.DONE):
        plan.state = PlanState.FAILED
    elif plan.state is PlanState.WAITING:
        plan.state = PlanState.STOPPED
    db.session.flush()
    record("plan.stopped", plan, before={"state": before}, after={"state": plan.state})


def replan(plan: Plan, actor_id: int | None, title: str = "", weights: Mapping[str, float] | None = None) -> Plan:
    """A new plan for the same sessions that keeps what this one has where it can, with the same marks.

    Raises FieldErrors as `create_plan`, and Refused while the plan is still being made.
    """
    if plan.state in UNDER_WAY:
        raise Refused(_("This plan is still being made. Wait for it, or stop it first."))
    if weights is not None:
        _check_weights(weights)
    anew = Plan(
        title=title.strip()[:200] or next_title(plan.title),
        first_day=plan.first_day,
        last_day=plan.last_day,
        series_id=plan.series_id,
        event_ids=list(plan.event_ids),
        weights=complete_plan_weights(plan.weights if weights is None else weights),
        base_plan_id=plan.id,
        created_by=actor_id,
    )
    _put_down(anew, actor_id)
    db.session.add_all(
        PlanMark(
            plan_id=anew.id,
            event_id=mark.event_id,
            slot_id=mark.slot_id,
            alumnus_id=mark.alumnus_id,
            kind=mark.kind,
            by=mark.by,
            at=mark.at,
        )
        for mark in marks_of(plan)
    )
    db.session.flush()
    return anew


def next_title(title: str) -> str:
    """'Spring' → 'Spring (2)' → 'Spring (3)'."""
    stem, mark, number = title.removesuffix(")").rpartition(" (")
    if mark and title.endswith(")") and number.isdigit():
        return f"{stem[:190]} ({int(number) + 1})"
    return f"{title[:190]} (2)"
