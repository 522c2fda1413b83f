"""The demo programme: the staff workbook through the real importer, an account for each role, a few invitations."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.rules import DEMO_DOMAIN, DEMO_PASSWORD
from bsm_alumni.accounts.service import create_user
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import visible
from bsm_alumni.assignments.enums import Reason
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.assignments.service import invite, propose
from bsm_alumni.assignments.service_answers import accept, decline
from bsm_alumni.demo.sharing import confirm_made_up_statements, made_up_agreements
from bsm_alumni.events.models import Event, Slot
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.service_run import run_import
from bsm_alumni.matching.service import rank_slot
from bsm_alumni.organisations.queries import get_organisation_by_code
from bsm_alumni.planning.service import create_plan
from bsm_alumni.planning.shapes import PlanDetails
from config import ROOT

WORKBOOK = ROOT / "demo" / "staff-workbook.xlsx"
STAFF = (
    ("admin", Role.ADMIN, "Demo Administrator", None),
    ("officer", Role.OFFICER, "Demo Officer", None),
    ("viewer", Role.VIEWER, "Demo Viewer", None),
    ("unodc", Role.PARTNER, "Demo Focal Point, UNODC", "UNODC"),
    ("iom", Role.PARTNER, "Demo Focal Point, IOM", "IOM"),
)

Step = Callable[[str], None]


def demo_is_loaded() -> bool:
    """True when the demo's accounts are there."""
    return find_user(f"admin{DEMO_DOMAIN}") is not None


def load_demo(step: Step) -> None:
    """Load the demo into an empty, upgraded database; ``step`` is told what is being done. Commits as it goes."""
    step("Making an account for each role")
    for name, role, words, code in STAFF:
        organisation_id = get_organisation_by_code(code).id if code else None
        zone = "America/New_York" if code is None else "Europe/Vienna"
        create_user(
            f"{name}{DEMO_DOMAIN}",
            role,
            password=DEMO_PASSWORD,
            name=words,
            organisation_id=organisation_id,
            zone=zone,
            # One partner shows what a focal point does, the other what everybody else does.
            is_focal_point=name == "unodc",
        )
    db.session.commit()
    step("Importing the staff workbook")
    run_import("workbook", WORKBOOK)
    db.session.commit()
    step("Making up agreements with partners, and consents")
    made_up_agreements(utc_now().date())
    confirm_made_up_statements()
    db.session.commit()
    step("Asking some people")
    _invite_some()
    db.session.commit()
    step("Asking for a plan of the coming months; the worker makes it")
    _plan_season()
    db.session.commit()


def _plan_season() -> None:
    """A plan to look at: every session of the rest of the year."""
    officer, today = find_user(f"officer{DEMO_DOMAIN}"), utc_now().date()
    last = today.replace(month=12, day=31)
    title = f"June to December {today.year}"
    create_plan(officer.id if officer else None, PlanDetails(title, today, last))


def _slots() -> list[Slot]:
    return list(db.session.scalars(sa.select(Slot).join(Event).order_by(Event.starts_at, Slot.id).limit(4)))


def _best(slot: Slot, count: int) -> list[int]:
    return [row.alumnus.id for row in rank_slot(SYSTEM, slot, utc_now(), top=count).rows]


def _ask(slot: Slot, alumnus_id: int, *, send: bool = True) -> Assignment:
    assignment = propose(slot.id, alumnus_id)
    if send:
        invite(assignment.id, utc_now() + timedelta(days=10))
    db.session.flush()
    return assignment


def _invite_some() -> None:
    """Leave each page something to show: an acceptance, an open question, a refusal, a proposal, empty seats."""
    first, second, third, *_rest = _slots()
    accepted, waiting = _best(first, 2)
    user = _demo_alumnus(accepted)
    accept(_ask(first, accepted).id, actor=user.name)
    _ask(first, waiting)
    proposed, *_others = _best(second, 1)
    _ask(second, proposed, send=False)
    refused, asked = _best(third, 2)
    decline(_ask(third, refused).id, Reason.BUSY, "", actor="Demo alumnus")
    _ask(third, asked)


def _demo_alumnus(alumnus_id: int) -> User:
    alumnus = db.session.scalars(visible(SYSTEM).where(Alumnus.id == alumnus_id)).one()
    return create_user(
        f"alumnus{DEMO_DOMAIN}",
        Role.ALUMNUS,
        password=DEMO_PASSWORD,
        name=alumnus.display_name,
        alumnus_id=alumnus.id,
        zone=alumnus.zone or "UTC",
    )
