"""Two partners and people of every kind, with words in every field that may only be seen where they were agreed.

All people are fictional.
"""

from dataclasses import dataclass
from datetime import date

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.cohorts.models import Cohort
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from tests.factories import Factory

# In nobody's agreed fields, whoever asks.
NEVER = (
    "canarymail",
    "555-canaryphone",
    "canaryremark",
    "canarynote",
    "Antarctica/Troll",
    "canarytitle",
    "canaryenrol",
)


@dataclass
class World:
    """``shown`` are the people partner A may see; ``hidden`` everybody else, by why."""

    partner_a: Organisation
    partner_b: Organisation
    user_a: User
    shown: list[Alumnus]
    hidden: dict[str, Alumnus]
    cohort: Cohort
    hidden_cohort: Cohort

    @property
    def secrets(self) -> list[str]:
        """Words that no answer to partner A may hold."""
        names = [f"Hidden{why}" for why in self.hidden]
        agencies = [f"Agency{why}" for why in self.hidden]
        return [*NEVER, *names, *agencies, self.hidden_cohort.code, "Position-hidden"]


def make_person(make: Factory, name: str, why: str, shared_with: tuple[Organisation, ...], **fields: object) -> Alumnus:
    """A person whose every field holds a word of its own."""
    person = make.alumnus(
        family_name=name,
        given_names="Person",
        email=f"{why}@canarymail.example.org",
        shared_with=shared_with,
        languages={"fr": 5, "en": 2},
        **{
            "agency": f"Agency{why}",
            "position": "Position-shown" if why.startswith("shown") else "Position-hidden",
            "phone": "555-canaryphone",
            "remarks": "canaryremark",
            "zone": "Antarctica/Troll",
            "title": "canarytitle",
            "country_code": "SN",
            "notice_days": 311,
            "quarter_limit": 47,
            **fields,
        },
    )
    period = AvailabilityPeriod(
        kind=PeriodKind.BLACKOUT, starts_on=date(2031, 5, 17), ends_on=date(2031, 5, 19), note="canarynote"
    )
    person.periods.append(period)
    db.session.commit()
    return person


def make_world(make: Factory, shown: int = 2) -> World:
    """Partner A sees ``shown`` people; one of each kind that it must not see stands beside them."""
    a, b = make.organisation("AAA"), make.organisation("BBB")
    gone = make.organisation("OLD")
    people = [make_person(make, f"Shown{number:03d}", f"shown{number}", (a,)) for number in range(shown)]
    hidden = {
        "unshared": make_person(make, "Hiddenunshared", "unshared", ()),
        "other": make_person(make, "Hiddenother", "other", (b,)),
        "restricted": make_person(make, "Hiddenrestricted", "restricted", (a, b), restricted=True),
        "inactive": make_person(make, "Hiddeninactive", "inactive", (a,), status=AlumnusStatus.INACTIVE),
        "left": make_person(make, "Hiddenleft", "left", (a,), status=AlumnusStatus.LEFT_SERVICE),
        "archived": make_person(make, "Hiddenarchived", "archived", (a,), status=AlumnusStatus.ARCHIVED),
        "stale": make_person(make, "Hiddenstale", "stale", (gone,)),
    }
    cohort, hidden_cohort = make.cohort("TOT-SHOWN", note="canarynote"), make.cohort("TOT-SECRET")
    for person in people:
        make.enrolment(cohort, person, note="canaryenrol")
    for person in hidden.values():
        make.enrolment(hidden_cohort, person)
    event = make.event("Session of partner A", seats=50)
    event.partners.append(a)
    for seat, person in enumerate([*people, *hidden.values()], 1):
        db.session.add(
            Assignment(
                slot_id=event.slots[0].id,
                event_id=event.id,
                alumnus_id=person.id,
                seat=seat,
                state=AssignmentState.ACCEPTED,
                invited_at=utc_now(),
                reason_text="canarynote",
            )
        )
    db.session.commit()
    user = make.user(Role.PARTNER, organisation_id=a.id)
    return World(a, b, user, people, hidden, cohort, hidden_cohort)
