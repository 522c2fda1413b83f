"""A season small enough to be read: four sessions ten days apart, eight people, and the worker that plans it."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app

from bsm_alumni.access.viewer import Viewer, viewer_of
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import Gender
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db
from bsm_alumni.jobs.service import run_due
from bsm_alumni.planning.models import Plan, PlanSeat
from bsm_alumni.planning.queries import seats_of_plan
from bsm_alumni.planning.service import create_plan
from bsm_alumni.planning.service_run import HANDLERS
from bsm_alumni.planning.shapes import PlanDetails
from tests.factories import SOON, Factory

FIRST, LAST = date(2027, 3, 1), date(2027, 4, 30)
COUNTRIES = ("SN", "KE", "FR", "BR", "JP", "EG", "PE", "FJ", "MX", "NP", "GH", "TO")


@dataclass(frozen=True)
class Season:
    """``events`` have one slot of two seats each, in English; the last has one in Chinese, which nobody speaks."""

    officer: User
    viewer: Viewer
    events: tuple[Event, ...]
    people: tuple[Alumnus, ...]


def make_season(make: Factory, events: int = 4, people: int = 8) -> Season:
    officer = make.user()
    made = tuple(
        make.event(f"Session {n + 1}", seats=2, starts_at=SOON + timedelta(days=10 * n)) for n in range(events)
    )
    make.slot(made[-1], language_code="zh", position=1)
    alumni = tuple(
        make.alumnus(
            f"Family{n}",
            f"Given{n}",
            country_code=COUNTRIES[n % len(COUNTRIES)],
            gender=Gender.WOMAN if n % 2 else Gender.MAN,
            quarter_limit=2,
        )
        for n in range(people)
    )
    return Season(officer, viewer_of(officer), made, alumni)


def ask_plan(season: Season, **details: object) -> Plan:
    """A plan for the season that waits for the worker."""
    plan = create_plan(
        season.officer.id,
        PlanDetails(**{"title": "Spring", "first_day": FIRST, "last_day": LAST, **details}),  # type: ignore[arg-type]
    )
    db.session.commit()
    return plan


def work() -> int:
    """Let the worker do what waits; returns how many jobs ran."""
    done = run_due(HANDLERS)
    db.session.expire_all()
    return done


def make_plan(season: Season, **details: object) -> Plan:
    """A plan that was made."""
    plan = ask_plan(season, **details)
    assert work() == 1
    return plan


def seats_in(plan: Plan, event: Event) -> list[PlanSeat]:
    return [seat for seat in seats_of_plan(plan.id) if seat.event_id == event.id]


def people_in(plan: Plan, event: Event) -> set[int]:
    return {seat.alumnus_id for seat in seats_in(plan, event)}


def outside_of(plan: Plan, season: Season, event: Event) -> Alumnus:
    """The first person whom the plan does not have in the event."""
    return next(person for person in season.people if person.id not in people_in(plan, event))


def refresh_columns() -> None:
    """As another server would: nothing that was read before is kept."""
    current_app.extensions.pop("bsm_columns", None)
