"""A registry in which every word about every person can be told apart, wherever it turns up.

People of each state of sharing; three partners with different agreements. All people are fictional.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask_security.utils import hash_password

from bsm_alumni.accounts.enums import Role, TokenKind
from bsm_alumni.accounts.models import OneTimeToken, RecoveryCode, User
from bsm_alumni.alumni.enums import AlumnusStatus, PeriodKind
from bsm_alumni.alumni.models import Alumnus, AvailabilityPeriod
from bsm_alumni.alumni.service import derive_names, refresh_terms
from bsm_alumni.assignments.enums import AssignmentState, Reason
from bsm_alumni.assignments.links import calendar_token, make_link, token_of
from bsm_alumni.assignments.models import Assignment, AssignmentMove
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.enums import FieldGroup, SharingAnswer, SharingSource
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.models import ConsentProposal, ConsentRecord, SharingStatement, StatedWith
from bsm_alumni.consent.models_disclosures import Disclosure
from bsm_alumni.consent.service import give_or_withdraw
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.enums import Severity
from bsm_alumni.imports.models import ImportBatch, ImportedValue, ImportProblem, ImportRow
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.organisations.rules import ALL_GROUPS, mask_of
from bsm_alumni.reference.models import Theme
from bsm_alumni.rights.enums import RequestKind
from bsm_alumni.rights.models import RightsRequest
from tests.factories import Factory

G = FieldGroup
# State of sharing → what the person gives each partner.
STATES: dict[str, frozenset[FieldGroup]] = {
    "never asked": frozenset(),
    "stated, not confirmed": frozenset(),
    "identity": frozenset({G.IDENTITY}),
    "identity and work": frozenset({G.IDENTITY, G.PROFESSIONAL}),
    "identity and contact": frozenset({G.IDENTITY, G.CONTACT}),
    "all": frozenset(ALL_GROUPS),
    "withdrawn": frozenset(),
    "restricted": frozenset(),
    "left the service": frozenset(),
}
# Who gives to some partners only: the others are shown nothing.
GIVEN_TO = {"identity and contact": {"FULL"}}
PARTNER_ACTORS = {
    "partner, all agreed": ("FULL", frozenset(ALL_GROUPS)),
    "focal point": ("FULL", frozenset(ALL_GROUPS)),
    "partner, name agreed": ("NARROW", frozenset({G.IDENTITY})),
    "partner, agreement ended": ("ENDED", frozenset()),
}
# Which words each group opens to a partner.
FIELDS: dict[FieldGroup, frozenset[str]] = {
    G.IDENTITY: frozenset({"display_name"}),
    G.PROFESSIONAL: frozenset({"agency", "position", "cohort"}),
    G.CONTACT: frozenset({"email", "phone"}),
    G.AVAILABILITY: frozenset(),
    G.ASSIGNMENTS: frozenset({"own_event"}),
}


@dataclass
class Marked:
    """One person with what hangs on them; ids are for filling addresses of pages."""

    number: int
    state: str
    alumnus: Alumnus
    ids: dict[str, Any] = field(default_factory=dict)


class World:
    """Marks are 'zqx', number of the person, number of the field, five random figures."""

    def __init__(self, make: Factory, seed: int = 0) -> None:
        self.make = make
        self.random = random.Random(seed)
        self.fields: dict[str, int] = {}
        self.marks: dict[str, tuple[int, str]] = {}
        self.password = hash_password("a password that nobody has")
        self.build()

    def mark(self, number: int, name: str) -> str:
        """A new word for this field of this person."""
        index = self.fields.setdefault(name, len(self.fields))
        word = f"zqx{number:02d}{index:02d}{self.random.getrandbits(20):05x}"
        self.marks[word] = (number, name)
        return word

    def build(self) -> None:
        make = self.make
        self.full, self.narrow, self.ended = (make.organisation(code) for code in ("FULL", "NARROW", "ENDED"))
        make.agreement(self.full, ALL_GROUPS)
        make.agreement(self.narrow, frozenset({G.IDENTITY}))
        make.agreement(self.ended, ALL_GROUPS, starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31))
        self.partners = (self.full, self.narrow, self.ended)
        self.admin, self.officer, self.viewer = (make.user(role) for role in (Role.ADMIN, Role.OFFICER, Role.VIEWER))
        self.people = [self.person(number, state) for number, state in enumerate(STATES)]
        bystander = make.alumnus("Bystander", "Nobody")
        accounts = {
            "officer": self.officer,
            "viewer": self.viewer,
            "admin": self.admin,
            "partner, all agreed": make.user(Role.PARTNER, organisation_id=self.full.id),
            "focal point": make.user(Role.PARTNER, organisation_id=self.full.id, is_focal_point=True),
            "partner, name agreed": make.user(Role.PARTNER, organisation_id=self.narrow.id),
            "partner, agreement ended": make.user(Role.PARTNER, organisation_id=self.ended.id),
            "another alumnus": make.user(Role.ALUMNUS, alumnus_id=bystander.id),
        }
        # Plain values: they outlive the session that made the rows.
        self.accounts = {actor: user.id for actor, user in accounts.items()}
        self.readers = {user.email: actor for actor, user in accounts.items()}
        self.own_organisation = {actor: user.organisation_id for actor, user in accounts.items()}
        self.shared_ids = {"organisation_id": self.full.id, "filename": "app.css"}

    def person(self, number: int, state: str) -> Marked:
        """Somebody of whom every field holds a word of its own, in every table that tells of people."""
        make, mark = self.make, lambda name: self.mark(number, name)
        theme: Theme = make.theme(f"Theme {number}")
        alumnus = make.alumnus(
            mark("family_name"),
            mark("given_names"),
            email=f"{mark('email')}@example.org",
            display_name=f"Person {mark('display_name')}",
            title=mark("title"),
            agency=f"Agency {mark('agency')}",
            position=mark("position"),
            phone=f"+221 {mark('phone')}",
            remarks=mark("remarks"),
            themes=(theme,),
            restricted=state == "restricted",
            status=AlumnusStatus.LEFT_SERVICE if state == "left the service" else AlumnusStatus.ACTIVE,
        )
        found = Marked(number, state, alumnus)
        found.ids["theme_id"] = theme.id
        period = AvailabilityPeriod(
            kind=PeriodKind.BLACKOUT, starts_on=date(2031, 5, 17), ends_on=date(2031, 5, 19), note=mark("period_note")
        )
        alumnus.periods.append(period)
        db.session.commit()
        found.ids |= {"alumnus_id": alumnus.id, "period_id": period.id}
        self._cohort(found)
        self._sessions(found)
        self._sharing(found)
        self._account(found)
        self._trail(found)
        return found

    def _cohort(self, found: Marked) -> None:
        make, number = self.make, found.number
        cohort = make.cohort(self.mark(number, "cohort"), note=self.mark(number, "cohort_note"))
        enrolment = make.enrolment(cohort, found.alumnus, note=self.mark(number, "enrolment_note"))
        found.ids |= {"cohort_id": cohort.id, "enrolment_id": enrolment.id, "course_id": cohort.course_id}

    def _sessions(self, found: Marked) -> None:
        """One session of their own that was given, one of the partners' to come, and one question that is open."""
        make, number = self.make, found.number
        past = utc_now() - timedelta(days=40 + number)
        own = make.event(self.mark(number, "own_event"), seats=1, starts_at=past)
        theirs = make.event("Session of all partners", seats=1, starts_at=utc_now() + timedelta(days=50 + number))
        asked = make.event("Open question", seats=1, starts_at=utc_now() + timedelta(days=90 + number))
        theirs.partners.extend(self.partners)
        asked.partners.extend(self.partners)
        rows = {
            "given": self._seat(found, own, AssignmentState.DELIVERED),
            "coming": self._seat(found, theirs, AssignmentState.ACCEPTED),
            "asked": self._seat(found, asked, AssignmentState.INVITED),
        }
        link = make_link(rows["asked"], utc_now() + timedelta(days=9))
        db.session.commit()
        found.ids |= {
            "assignment_id": rows["asked"].id,
            "event_id": theirs.id,
            "slot_id": theirs.slots[0].id,
            "token": token_of(link),
        }

    def _seat(self, found: Marked, event: Event, state: AssignmentState) -> Assignment:
        mark, now = self.mark, utc_now()
        row = Assignment(
            slot_id=event.slots[0].id,
            event_id=event.id,
            alumnus_id=found.alumnus.id,
            seat=1,
            state=state,
            invited_at=now - timedelta(days=2),
            answer_by=now + timedelta(days=9),
            reason=Reason.OTHER,
            reason_text=mark(found.number, f"reason_{state.value}"),
        )
        db.session.add(row)
        db.session.flush()
        step = AssignmentMove(
            assignment_id=row.id,
            from_state=None,
            to_state=state,
            actor=mark(found.number, "move_actor"),
            reason=mark(found.number, "move_reason"),
            at=now,
        )
        db.session.add(step)
        db.session.commit()
        return row

    def _sharing(self, found: Marked) -> None:
        alumnus, state, number = found.alumnus, found.state, found.number
        hidden_otherwise = ("withdrawn", "restricted", "left the service")
        given = ALL_GROUPS if state in hidden_otherwise else STATES[state]
        for partner in self.partners:
            words = self.mark(number, "consent_words")
            if given and partner.code in GIVEN_TO.get(state, {partner.code}):
                give_or_withdraw(alumnus.id, partner.id, given, source="alumnus", words=words, locale="en")
            if state == "withdrawn":
                give_or_withdraw(alumnus.id, partner.id, frozenset(), source="alumnus", words=words, locale="en")
        if state == "stated, not confirmed":
            db.session.add_all(StatedWith(alumnus_id=alumnus.id, organisation_id=row.id) for row in self.partners)
        db.session.merge(
            SharingStatement(
                alumnus_id=alumnus.id,
                answer=SharingAnswer.SOME,
                words=self.mark(number, "statement_words"),
                source=SharingSource.IMPORT,
            )
        )
        proposal = ConsentProposal(
            alumnus_id=alumnus.id,
            organisation_id=self.full.id,
            groups=mask_of(ALL_GROUPS),
            evidence=self.mark(number, "proposal_evidence"),
            recorded_by_id=self.officer.id,
        )
        db.session.add(proposal)
        db.session.add(
            ConsentRecord(
                alumnus_id=alumnus.id,
                organisation_id=self.narrow.id,
                field_group=G.AVAILABILITY,
                given=False,
                locale="en",
                words=self.mark(number, "consent_words"),
                source="staff",
                evidence=self.mark(number, "consent_evidence"),
                recorded_by_id=self.officer.id,
            )
        )
        db.session.commit()
        found.ids["proposal_id"] = proposal.id

    def _account(self, found: Marked) -> None:
        user: User = self.make.user(
            Role.ALUMNUS,
            alumnus_id=found.alumnus.id,
            email=f"{self.mark(found.number, 'user_email')}@example.org",
            name=self.mark(found.number, "user_name"),
            # Words that nobody is ever told, not even the person.
            password=self.password,
            totp_secret=self.mark(found.number, "secret_totp"),
            oidc_subject=self.mark(found.number, "oidc_subject"),
        )
        token = OneTimeToken(
            kind=TokenKind.SIGN_IN,
            user_id=user.id,
            nonce=self.mark(found.number, "secret_nonce"),
            token_hash=self.mark(found.number, "secret_token"),
            params={"address": self.mark(found.number, "token_params")},
            expires_at=utc_now() + timedelta(days=1),
        )
        code = RecoveryCode(user_id=user.id, position=1, code_hash=self.mark(found.number, "secret_recovery"))
        db.session.add_all([token, code])
        db.session.commit()
        found.ids |= {"user_id": user.id, "calendar_token": calendar_token(user.id, user.fs_uniquifier)}

    def _trail(self, found: Marked) -> None:
        """What files, mails and the audit trail hold."""
        number, alumnus = found.number, found.alumnus
        sheet = {
            "kind": "alumni",
            "header_row": 1,
            "headings": ["Name"],
            "columns": {"Name": "display_name"},
            "scores": {"Name": 1},
            "samples": {"Name": [self.mark(number, "file_sample")]},
        }
        batch = ImportBatch(
            kind="alumni",
            filename=f"{self.mark(number, 'file_name')}.csv",
            sha256=f"{number:064d}",
            state="applied",
            mapping={"sheets": {"Alumni": sheet}},
        )
        db.session.add(batch)
        db.session.flush()
        place = {"batch_id": batch.id, "sheet": "Alumni", "row": 2}
        row = ImportRow(**place, sheet_kind="alumni", cells={"Name": self.mark(number, "file_cell")})
        mail = Mail(
            kind="invitation",
            params={},
            alumnus_id=alumnus.id,
            to_address=f"{self.mark(number, 'mail_address')}@example.org",
            state=MailState.SENT,
            sent_subject=self.mark(number, "mail_subject"),
            sent_text=self.mark(number, "mail_text"),
            last_error=self.mark(number, "mail_error"),
        )
        db.session.add_all(
            [
                row,
                mail,
                ImportProblem(
                    **place,
                    column="Name",
                    value=self.mark(number, "problem_value"),
                    kind="note",
                    problem=self.mark(number, "problem_words"),
                    severity=Severity.NOTE,
                ),
                ImportedValue(
                    **place,
                    subject_kind="alumni",
                    subject_id=alumnus.id,
                    field="agency",
                    column="Agency",
                    before=self.mark(number, "value_before"),
                    after=self.mark(number, "value_after"),
                ),
            ]
        )
        record_many(
            [
                Change(
                    "alumnus.edited",
                    "alumni",
                    alumnus.id,
                    {"phone": self.mark(number, "trail_before")},
                    {"phone": self.mark(number, "trail_after")},
                )
            ],
            self.mark(number, "trail_actor"),
        )
        request = RightsRequest(
            alumnus_id=alumnus.id,
            kind=RequestKind.CORRECTION,
            words=self.mark(number, "request_words"),
            due_on=date(2031, 1, 1),
        )
        seen = Disclosure(
            alumnus_id=alumnus.id,
            organisation_id=self.full.id,
            user_id=self.officer.id,
            role="partner",
            way=DisclosureWay.PAGE,
            groups=1,
            purpose=self.mark(number, "seen_purpose"),
            day=date(2026, 1, 1),
            first_at=utc_now(),
            last_at=utc_now(),
            times=1,
        )
        db.session.add_all([request, seen])
        refresh_terms(alumnus)
        derive_names(alumnus)
        db.session.commit()
        found.ids |= {"batch_id": batch.id, "row_id": row.id, "mail_id": mail.id, "request_id": request.id}


def may_see(actor: str, name: str, state: str) -> bool:
    """Whether the actor may ever be shown this field of a person in this state of sharing: the plain rule."""
    if name.startswith("secret_"):
        return False
    if actor in ("officer", "viewer", "admin", "the person"):
        return True
    shown = shown_to(actor, state)
    return any(name in FIELDS[group] for group in shown)


def shown_to(actor: str, state: str) -> frozenset[FieldGroup]:
    """What a partner's actor is shown of a person: agreement ∩ consent, nothing without the name."""
    code, agreed = PARTNER_ACTORS.get(actor, ("", frozenset()))
    shown = agreed & STATES[state] if code in GIVEN_TO.get(state, {code}) else frozenset()
    return shown if G.IDENTITY in shown else frozenset()
