"""Rows for tests, committed, with sensible values where a test does not care. All people are fictional."""

import itertools
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage
from bsm_alumni.alumni.service import derive_names, refresh_terms
from bsm_alumni.cohorts.models import Cohort, Course, Enrolment
from bsm_alumni.consent.enums import ConsentSource, FieldGroup
from bsm_alumni.consent.rules import STATED_GROUPS
from bsm_alumni.consent.service import give_or_withdraw
from bsm_alumni.events.models import Event, EventLanguage, EventSeries, Slot
from bsm_alumni.extensions import db
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.rules import mask_of
from bsm_alumni.reference.models import Theme

SOON = datetime(2027, 3, 10, 14, 0, tzinfo=UTC)


class Factory:
    """``make.x(field=value)`` adds an x and commits."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        # Partners that an agreement was made for.
        self._agreed: set[int] = set()

    def _number(self) -> int:
        return next(self._numbers)

    def _add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.commit()
        return row

    def organisation(self, code: str | None = None, **fields: Any) -> Organisation:
        code = code or f"ORG{self._number()}"
        return self._add(Organisation(**{"code": code, "name": code, "kind": OrganisationKind.PARTNER, **fields}))

    def user(self, role: Role = Role.OFFICER, **fields: Any) -> User:
        if role is Role.PARTNER and "organisation_id" not in fields:
            fields["organisation_id"] = self.organisation().id
        if role is Role.ALUMNUS and "alumnus_id" not in fields:
            fields["alumnus_id"] = self.alumnus().id
        number = self._number()
        defaults = {
            "email": f"user{number}@example.org",
            "name": f"User {number}",
            "fs_uniquifier": secrets.token_hex(16),
        }
        return self._add(User(role=role, **{**defaults, **fields}))

    def theme(self, name: str | None = None, **fields: Any) -> Theme:
        name = name or f"Theme {self._number()}"
        return self._add(Theme(**{"code": name.lower().replace(" ", "-"), "name": name, **fields}))

    def alumnus(
        self,
        family_name: str = "Diallo",
        given_names: str = "Amina",
        *,
        email: str | None = "",
        languages: dict[str, int] | None = None,
        themes: tuple[Theme, ...] = (),
        shared_with: tuple[Organisation, ...] = (),
        **fields: Any,
    ) -> Alumnus:
        """A person; ``email=None`` for one without an address, ``languages`` as {'fr': 5}.

        ``shared_with`` are partners that see name and work: the person consents and the partner has an agreement.
        """
        alumnus = Alumnus(
            **{
                "family_name": family_name,
                "given_names": given_names,
                "display_name": f"{given_names} {family_name}",
                "country_code": "SN",
                "agency": "Border Police",
                "position": "Captain",
                "zone": "Africa/Dakar",
                **fields,
            }
        )
        derive_names(alumnus)
        if email is not None:
            address = email or f"alumnus{self._number()}@example.org"
            alumnus.emails.append(AlumnusEmail(address=address, folded=address.lower()))
        for code, level in ({"en": 5} if languages is None else languages).items():
            alumnus.languages.append(AlumnusLanguage(language_code=code, level=level))
        alumnus.themes.extend(themes)
        db.session.add(alumnus)
        db.session.flush()
        refresh_terms(alumnus)
        db.session.commit()
        for organisation in shared_with:
            if organisation.id not in self._agreed:
                self.agreement(organisation)
            self.consent(alumnus, organisation)
        return alumnus

    def agreement(
        self, organisation: Organisation, groups: frozenset[FieldGroup] = STATED_GROUPS, **fields: Any
    ) -> Agreement:
        """An agreement with a partner, in force at any time unless dates are given."""
        self._agreed.add(organisation.id)
        return self._add(
            Agreement(
                **{
                    "organisation_id": organisation.id,
                    "groups": mask_of(groups),
                    "purpose": "Choosing presenters",
                    "starts_on": date(2020, 1, 1),
                    **fields,
                }
            )
        )

    def consent(
        self,
        alumnus: Alumnus,
        organisation: Organisation,
        groups: frozenset[FieldGroup] = STATED_GROUPS,
        source: ConsentSource = ConsentSource.ALUMNUS,
    ) -> None:
        """The person makes ``groups`` what they share with the partner; none of them withdraws all."""
        give_or_withdraw(alumnus.id, organisation.id, groups, source=source, words="As I was asked.", locale="en")
        db.session.commit()

    def course(self, title: str | None = None, **fields: Any) -> Course:
        return self._add(Course(title=title or f"Course {self._number()}", **fields))

    def cohort(self, code: str | None = None, **fields: Any) -> Cohort:
        if "course_id" not in fields:
            fields["course_id"] = self.course().id
        return self._add(Cohort(code=code or f"BSM-ToT-{self._number():02d}", **fields))

    def enrolment(self, cohort: Cohort, alumnus: Alumnus, **fields: Any) -> Enrolment:
        return self._add(Enrolment(cohort_id=cohort.id, alumnus_id=alumnus.id, **fields))

    def series(self, title: str | None = None) -> EventSeries:
        return self._add(EventSeries(title=title or f"Series {self._number()}"))

    def event(
        self, title: str | None = None, *, languages: tuple[str, ...] = ("en",), seats: int = 0, **fields: Any
    ) -> Event:
        """An event of an hour and a half; ``seats`` > 0 adds one co-presenter slot."""
        starts_at = fields.pop("starts_at", SOON)
        event = Event(
            **{
                "title": title or f"Operational Reflections {self._number()}",
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=90),
                "zone": "America/New_York",
                **fields,
            }
        )
        event.languages.extend(EventLanguage(language_code=code) for code in languages)
        if seats:
            event.slots.append(Slot(seats=seats, language_code=languages[0] if languages else None))
        return self._add(event)

    def slot(self, event: Event, **fields: Any) -> Slot:
        return self._add(Slot(**{"event_id": event.id, "language_code": "en", **fields}))
