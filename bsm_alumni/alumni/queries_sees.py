"""Who sees one person now: each partner with what it is shown, and why it is not shown more."""

from dataclasses import dataclass

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.rules_sees import Groups, WhyNot, shown, why_not
from bsm_alumni.consent.queries import shared_by, stated_by
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.queries_agreements import agreements_in_force


@dataclass(frozen=True, slots=True)
class PartnerSees:
    """A partner with its agreement in force, what the person gave it, and what comes of both."""

    partner: Organisation
    agreement: Agreement | None
    given: Groups
    # The register names this partner, and the person has not confirmed it.
    stated: bool
    why: WhyNot | None

    @property
    def groups(self) -> Groups:
        """What the partner is shown at this moment."""
        if self.why is not None or self.agreement is None:
            return frozenset()
        return shown(self.agreement.field_groups, self.given)

    @property
    def offered(self) -> Groups:
        """What the person is asked about: what the agreement covers, and what was given before and stands."""
        return self.given if self.agreement is None else self.agreement.field_groups | self.given


def partners_of(person: Alumnus) -> tuple[PartnerSees, ...]:
    """Every partner in use, by code, as it stands to this person. Four queries."""
    given, stated = shared_by(person.id), set(stated_by(person.id))
    agreements = agreements_in_force(utc_now().date())
    found = []
    for partner in active_partners():
        agreement, groups = agreements.get(partner.id), given.get(partner.id, frozenset())
        why = why_not(
            is_active=person.status is AlumnusStatus.ACTIVE,
            is_restricted=person.restricted,
            stated=partner.id in stated,
            given=groups,
            agreed=None if agreement is None else agreement.field_groups,
        )
        found.append(PartnerSees(partner, agreement, groups, partner.id in stated, why))
    return tuple(found)
