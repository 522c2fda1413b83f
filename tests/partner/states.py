"""Partners with agreements of every kind, and people in every state of consent, a word of its own in each field.

Who is meant to see what is worked out here by plain reading, for tests to compare with.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AvailabilityPeriod
from bsm_alumni.alumni.service import refresh_terms
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.service import set_sharing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from tests.factories import Factory
from tests.seats import hold

IDENTITY, PROFESSIONAL, CONTACT = FieldGroup.IDENTITY, FieldGroup.PROFESSIONAL, FieldGroup.CONTACT
AVAILABILITY, ASSIGNMENTS = FieldGroup.AVAILABILITY, FieldGroup.ASSIGNMENTS
ALL = frozenset(FieldGroup)
NOTHING: frozenset[FieldGroup] = frozenset()

# What each person consented to, whatever else is true of them.
CONSENTS = {
    "none": NOTHING,
    "unconfirmed": NOTHING,
    "identity": frozenset({IDENTITY}),
    "work": frozenset({IDENTITY, PROFESSIONAL}),
    "reach": frozenset({IDENTITY, CONTACT, ASSIGNMENTS}),
    "all": ALL,
    "withdrawn": NOTHING,
    "partly": ALL - {CONTACT, AVAILABILITY},
    "restricted": ALL,
    "inactive": ALL,
}
# What each partner's agreement covers today.
AGREED = {
    "full": ALL,
    "narrow": frozenset({IDENTITY, AVAILABILITY}),
    "work": frozenset({IDENTITY, PROFESSIONAL}),
    "ended": NOTHING,
    "over": NOTHING,
    "future": NOTHING,
    "nothing": NOTHING,
    "archived": NOTHING,
}


def canary(group: str, number: int) -> str:
    """The word that stands in the fields of one part of one person."""
    return f"zq{group}{number:03d}zq"


@dataclass
class Someone:
    """A person, the words of each part of them, and words that no partner ever reads."""

    row: Alumnus
    consent: frozenset[FieldGroup]
    words: dict[FieldGroup, tuple[str, ...]]
    theme_id: int
    cohort_id: int
    never: tuple[str, ...]


@dataclass
class States:
    """Partner users and people by the name of their state."""

    users: dict[str, User] = field(default_factory=dict)
    partners: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, Someone] = field(default_factory=dict)

    def shown(self, partner: str, person: str) -> frozenset[FieldGroup]:
        """Agreement ∩ consent ∩ not restricted."""
        both = AGREED[partner] & self.people[person].consent
        return both if IDENTITY in both and person not in ("restricted", "inactive") else NOTHING

    def expected(self, partner: str, parts: frozenset[FieldGroup] = ALL) -> set[str]:
        """The words that a page or file with these parts of everyone holds for this partner."""
        return {
            word
            for name, person in self.people.items()
            for group in self.shown(partner, name) & parts
            for word in person.words[group]
        }

    def found(self, text: str) -> set[str]:
        """Which of all the words are in ``text``."""
        low = text.casefold()
        every = {word for one in self.people.values() for words in (*one.words.values(), one.never) for word in words}
        return {word for word in every if word.casefold() in low}


def make_states(make: Factory) -> States:
    """The whole world. Everyone consents to each partner alike; agreements make the difference."""
    states, today = States(), utc_now().date()
    spans: dict[str, dict[str, object]] = {
        "ended": {"ended_at": utc_now()},
        "over": {"ends_on": today - timedelta(days=1)},
        "future": {"starts_on": today + timedelta(days=1)},
    }
    for name, groups in AGREED.items():
        partner = make.organisation(name.upper())
        states.partners[name] = partner
        if name in spans or name == "archived":
            make.agreement(partner, ALL, **spans.get(name, {}))
        elif groups:
            make.agreement(partner, groups)
        states.users[name] = make.user(Role.PARTNER, organisation_id=partner.id)
    for number, (name, consent) in enumerate(CONSENTS.items(), 1):
        states.people[name] = make_someone(make, number, consent)
        give(make, states, name)
    states.partners["archived"].archived_at = utc_now()
    db.session.commit()
    return states


def give(make: Factory, states: States, name: str) -> None:
    """Say what the person says, to every partner."""
    person = states.people[name]
    for partner in states.partners.values():
        if name == "withdrawn":
            make.consent(person.row, partner, ALL)
        if name == "partly":
            make.consent(person.row, partner, ALL)
            make.consent(person.row, partner, ALL - {AVAILABILITY})
        if person.consent or name == "withdrawn":
            make.consent(person.row, partner, person.consent)
    if name == "unconfirmed":
        set_sharing(person.row.id, SharingAnswer.ALL, source=SharingSource.IMPORT, words="yes")
    if name == "restricted":
        person.row.restricted = True
    if name == "inactive":
        person.row.status = AlumnusStatus.INACTIVE
    db.session.commit()


def make_someone(make: Factory, number: int, consent: frozenset[FieldGroup]) -> Someone:
    """A person with a word of their own in every field."""

    def word(group: str) -> str:
        return canary(group, number)

    theme, cohort = make.theme(word("theme")), make.cohort(word("cohort"), note=word("note"))
    person = make.alumnus(
        family_name=word("family"),
        given_names=word("given"),
        email=f"{word('mail')}@example.org",
        languages={"fr": 5},
        themes=(theme,),
        display_name=f"Person {word('name')}",
        agency=f"Police {word('agency')}",
        position=f"Captain {word('position')}",
        phone=word("phone"),
        zone="Antarctica/Troll",
        title=word("title"),
        remarks=word("remark"),
    )
    person.latin_name = word("latin")
    person.emails.append(AlumnusEmail(address=f"{word('second')}@example.org", folded=word("second"), position=1))
    person.periods.append(
        AvailabilityPeriod(
            kind=PeriodKind.BLACKOUT,
            starts_on=date(2900 + number, 5, 17),
            ends_on=date(2900 + number, 5, 19),
            note=word("why"),
        )
    )
    db.session.flush()
    refresh_terms(person)
    make.enrolment(cohort, person, note=word("enrolled"))
    event = make.event(f"Session {word('session')}", seats=2)
    hold(event.slots[0], person, AssignmentState.ACCEPTED, 1)
    refused = make.event(f"Session {word('refused')}", seats=2)
    hold(refused.slots[0], person, AssignmentState.DECLINED, 1)
    db.session.commit()
    return Someone(
        row=person,
        consent=consent,
        words={
            IDENTITY: (word("name"), word("latin")),
            PROFESSIONAL: (word("agency"), word("position"), word("theme"), word("cohort")),
            CONTACT: (word("mail"), word("second"), word("phone")),
            AVAILABILITY: (str(2900 + number),),
            ASSIGNMENTS: (word("session"),),
        },
        theme_id=theme.id,
        cohort_id=cohort.id,
        never=tuple(
            word(name) for name in ("family", "given", "title", "remark", "why", "note", "enrolled", "refused")
        ),
    )
