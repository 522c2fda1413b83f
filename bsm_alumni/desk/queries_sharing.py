"""What stands about sharing one person: partners, the statement of the register, what staff put down, the past."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_sees import PartnerSees, partners_of
from bsm_alumni.consent.enums import FieldGroup, ProposalDecision, SharingSource
from bsm_alumni.consent.models import ConsentProposal, ConsentRecord, SharingStatement
from bsm_alumni.consent.queries import find_statement
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.organisations.rules import groups_of
from bsm_alumni.web.pagination import Page, page_of

# For so long a person is told on their page of what staff took back for them.
TOLD_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PutDown:
    """What staff put down, with the partner and the names of who did and who decided; empty while nobody did."""

    proposal: ConsentProposal
    partner: Organisation
    recorded_by: str
    decided_by: str = ""

    @property
    def groups(self) -> frozenset[FieldGroup]:
        """The parts it is about."""
        return groups_of(self.proposal.groups)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Each partner as it stands to the person, the statement behind it, and whether they are shown at all."""

    partners: tuple[PartnerSees, ...]
    statement: SharingStatement | None
    is_shown: bool
    put_down: list[PutDown] = field(default_factory=list)

    @property
    def stated(self) -> list[PartnerSees]:
        """The partners that a statement still to be confirmed names."""
        return [one for one in self.partners if one.stated]

    @property
    def is_confirmed(self) -> bool:
        """True when the person answered themselves."""
        own = self.statement is not None and self.statement.source is SharingSource.ALUMNUS
        return own and not self.stated

    @property
    def waiting(self) -> list[PutDown]:
        """What staff put down and the person can confirm."""
        return [one for one in self.put_down if one.proposal.decision is None]

    @property
    def taken_back(self) -> list[PutDown]:
        """What staff took back for the person lately."""
        return [one for one in self.put_down if one.proposal.decision is ProposalDecision.AT_ONCE]

    def find(self, organisation_id: int) -> PartnerSees | None:
        """The partner of this number among those in use."""
        return next((one for one in self.partners if one.partner.id == organisation_id), None)


def sharing_of(person: Alumnus) -> Sharing:
    """How sharing stands for this person. Six queries."""
    return Sharing(
        partners=partners_of(person),
        statement=find_statement(person.id),
        is_shown=person.status is AlumnusStatus.ACTIVE and not person.restricted,
        put_down=_told(person.id),
    )


def put_down(*conditions: sa.ColumnElement[bool]) -> sa.Select[ConsentProposal, Organisation, str, str]:
    """What staff put down, each with its partner and names: of who did, and of who decided."""
    recorder, decider = aliased(User), aliased(User)
    return (
        sa.select(
            ConsentProposal,
            Organisation,
            sa.func.coalesce(_name(recorder), ""),
            sa.func.coalesce(_name(decider), sa.literal("")),
        )
        .join(Organisation, Organisation.id == ConsentProposal.organisation_id)
        # Behind the second wall an alumnus reads no other user, and the line is theirs all the same.
        .outerjoin(recorder, recorder.id == ConsentProposal.recorded_by_id)
        .outerjoin(decider, decider.id == ConsentProposal.decided_by_id)
        .where(*conditions)
    )


def _name(user: type[User]) -> sa.ColumnElement[str]:
    return sa.func.coalesce(sa.func.nullif(user.name, ""), user.email)


def _told(alumnus_id: int) -> list[PutDown]:
    lately = ConsentProposal.at > utc_now() - TOLD_FOR
    wanted = sa.or_(
        ConsentProposal.decision.is_(None), sa.and_(ConsentProposal.decision == ProposalDecision.AT_ONCE, lately)
    )
    rows = db.session.execute(
        put_down(ConsentProposal.alumnus_id == alumnus_id, wanted).order_by(ConsentProposal.id.desc()).limit(50)
    )
    return [PutDown(proposal, partner, who, decided) for proposal, partner, who, decided in rows]


@dataclass(frozen=True, slots=True)
class Kept:
    """One record of the past, with the partner's name and the names of who put it down and who confirmed it."""

    record: ConsentRecord
    partner: str
    recorded_by: str
    confirmed_by: str


def history_page(alumnus_id: int, after: str | None = None, before: str | None = None, size: int = 25) -> Page[Kept]:
    """The person's consents as they were said, the latest first. Three queries."""
    select = sa.select(ConsentRecord).where(ConsentRecord.alumnus_id == alumnus_id)
    page = page_of(select, [ConsentRecord.id], after=after, before=before, size=size, descending=True)
    rows: Sequence[ConsentRecord] = page.rows
    partners = _names(Organisation.id, Organisation.name, {row.organisation_id for row in rows})
    users = {row.recorded_by_id for row in rows} | {row.confirmed_by_id for row in rows}
    people = _names(User.id, _name(User), {number for number in users if number is not None})
    kept = [
        Kept(
            row,
            partners.get(row.organisation_id, ""),
            people.get(row.recorded_by_id or 0, ""),
            people.get(row.confirmed_by_id or 0, ""),
        )
        for row in rows
    ]
    return Page(kept, page.next_key, page.previous_key)


def _names(
    key: sa.orm.InstrumentedAttribute[int], name: sa.SQLColumnExpression[str], wanted: set[int]
) -> dict[int, str]:
    rows = db.session.execute(sa.select(key, name).where(key.in_(sorted(wanted))))
    return dict(rows.all())  # type: ignore[arg-type]
