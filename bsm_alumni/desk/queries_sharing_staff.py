"""Staff's lists about sharing: who has still to confirm, what waits for a second person, what was said to be wrong."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail
from bsm_alumni.alumni.queries import matching_text, visible
from bsm_alumni.consent.enums import ProposalDecision
from bsm_alumni.consent.models import ConsentProposal, SharingStatement, StatedWith
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.desk.mails_sharing import may_be_asked
from bsm_alumni.desk.queries_sharing import PutDown, put_down
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.web.filtering import ListFilter, asked_number, asked_text
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

NOT_ASKED, ASKED, UNREACHABLE = "not_asked", "asked", "unreachable"
STATES = (NOT_ASKED, ASKED, UNREACHABLE)


@dataclass(frozen=True, slots=True)
class AskFilter(ListFilter):
    """What narrows the list of people who have still to confirm."""

    q: str = ""
    state: str = ""
    partner: int = 0


def read_filter(args: Mapping[str, str]) -> AskFilter:
    """The filter of an address; what cannot be read is left out."""
    state = args.get("state", "")
    return AskFilter(
        q=asked_text(args, "q"), state=state if state in STATES else "", partner=asked_number(args, "partner")
    )


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A person whose register says something that they have not confirmed, and whether they were asked."""

    person: Alumnus
    words: str
    partners: tuple[str, ...]
    may_be_asked: bool
    # The last question: when it left, its reminder, until when its link is open.
    ask: SharingAsk | None

    def is_over(self, now: datetime) -> bool:
        """True when the person was asked and the link's time is over."""
        return self.ask is not None and (self.ask.expires_at <= now or self.ask.revoked_at is not None)


def _to_confirm(viewer: Viewer, narrow: AskFilter) -> sa.Select[Alumnus]:
    stated = sa.select(StatedWith.alumnus_id).join(Organisation, Organisation.id == StatedWith.organisation_id)
    stated = stated.where(StatedWith.alumnus_id == Alumnus.id, Organisation.archived_at.is_(None))
    if narrow.partner:
        stated = stated.where(StatedWith.organisation_id == narrow.partner)
    select = visible(viewer).where(stated.exists())
    if narrow.q:
        select = matching_text(select, narrow.q, viewer)
    asked = sa.exists().where(SharingAsk.alumnus_id == Alumnus.id, SharingAsk.proposal_id.is_(None))
    reachable = sa.and_(
        Alumnus.status == AlumnusStatus.ACTIVE,
        Alumnus.restricted.is_(False),
        sa.exists().where(AlumnusEmail.alumnus_id == Alumnus.id),
    )
    conditions = {NOT_ASKED: sa.and_(reachable, sa.not_(asked)), ASKED: asked, UNREACHABLE: sa.not_(reachable)}
    return select.where(conditions[narrow.state]) if narrow.state else select


def to_confirm_page(
    viewer: Viewer, narrow: AskFilter, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[ToConfirm]:
    """A page of the people who have still to confirm, by name. Five queries."""
    select = _to_confirm(viewer, narrow).options(selectinload(Alumnus.emails))
    page = page_of(select, [Alumnus.sort_name, Alumnus.id], after=after, before=before, size=size)
    return Page(_with_asks(page.rows), page.next_key, page.previous_key)


def batch(viewer: Viewer, narrow: AskFilter, size: int) -> list[ToConfirm]:
    """The first people of the list who were not asked yet and can be, for a batch that is looked through."""
    return list(to_confirm_page(viewer, replace(narrow, state=NOT_ASKED), size=size).rows)


def count_to_confirm(viewer: Viewer, narrow: AskFilter) -> dict[str, int]:
    """How many there are of each state, and of all under the empty name, within the other filters."""
    return {
        state: db.session.scalar(
            sa.select(sa.func.count()).select_from(
                _to_confirm(viewer, replace(narrow, state=state)).with_only_columns(Alumnus.id).subquery()
            )
        )
        or 0
        for state in ("", *STATES)
    }


def _with_asks(people: Sequence[Alumnus]) -> list[ToConfirm]:
    ids = [person.id for person in people]
    statement = sa.select(SharingStatement.alumnus_id, SharingStatement.words)
    words = dict(db.session.execute(statement.where(SharingStatement.alumnus_id.in_(ids))).all())  # type: ignore[arg-type]
    partners: defaultdict[int, list[str]] = defaultdict(list)
    stated = sa.select(StatedWith.alumnus_id, Organisation.code).join(
        Organisation, Organisation.id == StatedWith.organisation_id
    )
    for alumnus_id, code in db.session.execute(
        stated.where(StatedWith.alumnus_id.in_(ids), Organisation.archived_at.is_(None)).order_by(Organisation.code)
    ):
        partners[alumnus_id].append(code)
    asks = {
        ask.alumnus_id: ask
        for ask in db.session.scalars(
            sa.select(SharingAsk)
            .where(SharingAsk.alumnus_id.in_(ids), SharingAsk.proposal_id.is_(None))
            .order_by(SharingAsk.id)
        )
    }
    return [
        ToConfirm(
            person, words.get(person.id, ""), tuple(partners[person.id]), may_be_asked(person), asks.get(person.id)
        )
        for person in people
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What staff put down about somebody, with the person."""

    put_down: PutDown
    person: Alumnus


# A 'no' of the alumnus themselves: on their page, or from a link where they have no account.
_BY_ALUMNUS = sa.or_(
    ConsentProposal.decided_by_id.is_(None),
    ConsentProposal.decided_by_id.in_(sa.select(User.id).where(User.role == Role.ALUMNUS)),
)
WAITING = (ConsentProposal.decision.is_(None),)
WRONG = (ConsentProposal.decision == ProposalDecision.REFUSED, _BY_ALUMNUS)


def put_down_page(
    viewer: Viewer,
    conditions: tuple[sa.ColumnElement[bool], ...],
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    *,
    latest_first: bool = False,
) -> Page[Waiting]:
    """A page of what staff put down, ``WAITING`` or ``WRONG``. Three queries."""
    people = visible(viewer).with_only_columns(Alumnus.id)
    select = sa.select(ConsentProposal).where(*conditions, ConsentProposal.alumnus_id.in_(people))
    page = page_of(select, [ConsentProposal.id], after=after, before=before, size=size, descending=latest_first)
    rows = _told(viewer, [proposal.id for proposal in page.rows])
    return Page([rows[proposal.id] for proposal in page.rows], page.next_key, page.previous_key)


def find_put_down(viewer: Viewer, proposal_id: int) -> Waiting | None:
    """One of them; None when there is none about anybody the viewer may see."""
    return _told(viewer, [proposal_id]).get(proposal_id)


def count_put_down(viewer: Viewer, conditions: tuple[sa.ColumnElement[bool], ...]) -> int:
    """How many there are."""
    people = visible(viewer).with_only_columns(Alumnus.id)
    select = sa.select(sa.func.count()).select_from(ConsentProposal)
    return db.session.scalar(select.where(*conditions, ConsentProposal.alumnus_id.in_(people))) or 0


def _told(viewer: Viewer, ids: Sequence[int]) -> dict[int, Waiting]:
    rows = db.session.execute(put_down(ConsentProposal.id.in_(ids))).all()
    wanted = {proposal.alumnus_id for proposal, *_rest in rows}
    people = {person.id: person for person in db.session.scalars(visible(viewer).where(Alumnus.id.in_(wanted)))}
    return {
        proposal.id: Waiting(PutDown(proposal, partner, who, decided), people[proposal.alumnus_id])
        for proposal, partner, who, decided in rows
        if proposal.alumnus_id in people
    }
