"""Made-up agreements and consents, for the demo and for seeding. Nobody said any of it; the records say so too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, SharingSource
from bsm_alumni.consent.models import ConsentRecord, SharedWith, SharingStatement, StatedWith
from bsm_alumni.consent.rules import STATED_GROUPS
from bsm_alumni.consent.words import consent_words
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Agreement
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.queries_agreements import agreements_in_force
from bsm_alumni.organisations.rules import in_order, mask_of
from bsm_alumni.organisations.service_agreements import add_agreement

PURPOSE = "Choosing presenters for joint trainings and workshops on border security and management"
COVERED = {
    "UNITAR": STATED_GROUPS | {FieldGroup.AVAILABILITY, FieldGroup.ASSIGNMENTS},
    "UNODC": STATED_GROUPS | {FieldGroup.CONTACT, FieldGroup.ASSIGNMENTS},
    "IOM": STATED_GROUPS | {FieldGroup.AVAILABILITY},
    "INTERPOL": frozenset({FieldGroup.IDENTITY}),
}
# What people give beside the two groups that the registers asked about, in turn.
_BESIDE: tuple[frozenset[FieldGroup], ...] = (
    frozenset(FieldGroup),
    frozenset(),
    frozenset({FieldGroup.AVAILABILITY}),
    frozenset({FieldGroup.ASSIGNMENTS, FieldGroup.AVAILABILITY}),
    frozenset({FieldGroup.CONTACT}),
)
# One in so many has still to confirm what the register says.
UNCONFIRMED = 12


def made_up_agreements(today: date) -> None:
    """Give each partner that has none an agreement in force, with groups that differ from partner to partner."""
    standing = agreements_in_force(today)
    for partner in active_partners():
        if partner.id not in standing:
            add_agreement(
                partner.id,
                groups=COVERED.get(partner.code, STATED_GROUPS),
                purpose=PURPOSE,
                reference=f"{partner.code}/{today.year}/01",
                starts_on=today - timedelta(days=200),
            )


def groups_given(alumnus_id: int) -> frozenset[FieldGroup]:
    """What this made-up person gives, by their number."""
    return STATED_GROUPS | _BESIDE[alumnus_id % len(_BESIDE)]


def confirms(alumnus_id: int) -> bool:
    """Whether this made-up person has confirmed what the register says."""
    return alumnus_id % UNCONFIRMED != 0


class MadeUpConsents:
    """Rows of consents with the words that a person would have been shown."""

    def __init__(self) -> None:
        agreements = agreements_in_force(utc_now().date())
        self._partners: dict[int, tuple[str, Agreement | None]] = {
            partner.id: (partner.name, agreements.get(partner.id)) for partner in active_partners()
        }
        self._words: dict[tuple[int, frozenset[FieldGroup]], str] = {}

    def rows(self, alumnus_id: int, organisation_id: int) -> Iterator[dict[str, Any]]:
        """The records of one person's consent to one partner."""
        groups = groups_given(alumnus_id)
        key = organisation_id, groups
        if key not in self._words:
            name, agreement = self._partners[organisation_id]
            self._words[key] = consent_words(name, groups, agreement)
        for group in in_order(groups):
            yield {
                "alumnus_id": alumnus_id,
                "organisation_id": organisation_id,
                "field_group": group,
                "given": True,
                "at": utc_now(),
                "locale": "en",
                "words": self._words[key],
                "source": ConsentSource.DEMO,
                "evidence": "",
            }


def confirm_made_up_statements() -> int:
    """Turn the imported statements of most people into consents; returns how many people. For the demo alone."""
    made_up, now = MadeUpConsents(), utc_now()
    stated: defaultdict[int, list[int]] = defaultdict(list)
    for alumnus_id, organisation_id in db.session.execute(
        sa.select(StatedWith.alumnus_id, StatedWith.organisation_id).order_by(
            StatedWith.alumnus_id, StatedWith.organisation_id
        )
    ):
        if confirms(alumnus_id):
            stated[alumnus_id].append(organisation_id)
    pairs = [(alumnus_id, partner) for alumnus_id, partners in stated.items() for partner in partners]
    _insert(ConsentRecord, [row for pair in pairs for row in made_up.rows(*pair)])
    _insert(
        SharedWith,
        [
            {"alumnus_id": one, "organisation_id": partner, "groups": mask_of(groups_given(one))}
            for one, partner in pairs
        ],
    )
    people = list(stated)
    for start in range(0, len(people), 500):
        some = people[start : start + 500]
        db.session.execute(sa.delete(StatedWith).where(StatedWith.alumnus_id.in_(some)))
        db.session.execute(
            sa.update(SharingStatement)
            .where(SharingStatement.alumnus_id.in_(some))
            .values(source=SharingSource.ALUMNUS, confirmed_at=now, answered_at=now)
        )
    record_many(
        Change(
            "sharing.confirmed",
            "alumni",
            one,
            {},
            {"partners": partners, "groups": in_order(groups_given(one)), "source": ConsentSource.DEMO},
        )
        for one, partners in stated.items()
    )
    return len(people)


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.insert(model), rows)
