"""What people say themselves about sharing, on their own pages and behind a link in a mail."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.alumni.queries_sees import PartnerSees
from bsm_alumni.audit.service import record
from bsm_alumni.consent import links
from bsm_alumni.consent.enums import ConsentSource, FieldGroup
from bsm_alumni.consent.models import ConsentProposal
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.consent.queries import get_proposal, stated_by
from bsm_alumni.consent.rules import STATED_GROUPS
from bsm_alumni.consent.service import confirm_statement, give_or_withdraw
from bsm_alumni.consent.service_proposals import confirm_proposal, confirm_proposal_by_link, refuse_proposal
from bsm_alumni.consent.service_statements import refuse_statement
from bsm_alumni.desk.queries_sharing import Sharing, sharing_of
from bsm_alumni.desk.words_sharing import (
    Question,
    partner_question,
    proposal_question,
    statement_question,
    withdrawal_sentence,
)
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.queries_agreements import find_agreement
from bsm_alumni.organisations.rules import groups_of
from bsm_alumni.reference.locales import LOCALES, babel_locale
from bsm_alumni.web.errors import NotThere, Refused
from bsm_alumni.web.locale import page_locale

Groups = frozenset[FieldGroup]


@dataclass(frozen=True, slots=True)
class Shown:
    """The language in which the person read a question, and which text it was."""

    locale: str
    digest: str


def question_of(one: PartnerSees) -> Question | None:
    """The question about one partner, every part that it is about; None without an agreement."""
    return None if one.agreement is None else partner_question(one.partner.name, one.agreement, one.offered)


def short_question_of(one: PartnerSees) -> Question | None:
    """The same about name and work alone, as far as the agreement covers them: what one switch says."""
    return (
        None
        if one.agreement is None
        else partner_question(one.partner.name, one.agreement, STATED_GROUPS & one.agreement.field_groups)
    )


def question_of_statement(sharing: Sharing) -> Question | None:
    """The question whether the register's statement is right; None where there is nothing to confirm."""
    if not sharing.stated or sharing.statement is None:
        return None
    partners = [(one.partner.name, one.agreement) for one in sharing.stated]
    return statement_question(sharing.statement.words, partners, STATED_GROUPS)


def question_of_proposal(proposal: ConsentProposal) -> Question:
    """The question whether what staff put down is so."""
    partner = get_organisation(proposal.organisation_id)
    agreement = find_agreement(partner.id, utc_now().date())
    return proposal_question(partner.name, groups_of(proposal.groups), agreement)


def as_it_was_read(shown: Shown, *questions: Callable[[], Question | None]) -> tuple[Question, str]:
    """The one of the questions that the person read, in the language they read it in, and that language.

    Raises Refused when it would be another text by now: nothing is recorded that nobody read.
    """
    locale = shown.locale if shown.locale in LOCALES else page_locale()
    with force_locale(babel_locale(locale)):
        for make in questions:
            question = make()
            if question is not None and question.digest == shown.digest:
                return question, locale
    raise Refused(_("The text was changed while you read it. Nothing was saved. Read it again and answer."))


def save(person: Alumnus, organisation_id: int, ticked: AbstractSet[FieldGroup], shown: Shown) -> Groups:
    """Make the ticked parts what the person shares with this partner; returns what is shared then.

    Raises NotThere for none of the partners, Refused without an agreement and for a text that was changed.
    """
    one = _partner(person, organisation_id)
    if one.agreement is None:
        raise Refused(_("The programme has no agreement with this partner now, so there is nothing to agree to."))
    question, locale = as_it_was_read(shown, lambda: question_of(one), lambda: short_question_of(one))
    chosen = question.groups & ticked
    shared = give_or_withdraw(
        person.id,
        organisation_id,
        # What was given before and was not asked about stays.
        chosen | (one.given - question.groups),
        source=ConsentSource.ALUMNUS,
        words=question.text(chosen),
        locale=locale,
    )
    _close_answered(person.id)
    return shared


def withdraw(person: Alumnus, organisation_id: int, locale: str) -> None:
    """Take everything back from one partner. Twice has one effect. Raises NotThere for none of the partners."""
    one = _partner(person, organisation_id)
    locale = locale if locale in LOCALES else page_locale()
    with force_locale(babel_locale(locale)):
        words = withdrawal_sentence(one.partner.name)
    source = ConsentSource.ALUMNUS
    give_or_withdraw(person.id, organisation_id, frozenset(), source=source, words=words, locale=locale)
    _close_answered(person.id)


def answer_statement(person: Alumnus, is_right: bool, shown: Shown) -> None:
    """Confirm what the register says, or say that it is not so. Raises Refused for a text that was changed."""
    sharing = sharing_of(person)
    if not is_right:
        refuse_statement(person.id)
    elif sharing.stated:
        question, locale = as_it_was_read(shown, lambda: question_of_statement(sharing))
        confirm_statement(person.id, words=question.text(STATED_GROUPS), locale=locale)
    else:
        # 'Nobody' is confirmed: that opens nothing, so there are no words to keep.
        confirm_statement(person.id, words="", locale=page_locale())
    links.revoke_asks(person.id)


def answer_proposal(person: Alumnus, proposal_id: int, is_right: bool, shown: Shown, user_id: int) -> None:
    """The person confirms what staff put down for them, or says that it is wrong.

    Raises NotThere for what is not theirs, Refused for what was decided or reworded meanwhile.
    """
    proposal = _proposal(proposal_id)
    if proposal.alumnus_id != person.id:
        raise NotThere(f"No proposal {proposal_id} of this person.")
    settle_proposal(proposal, is_right, shown, user_id)


def settle_proposal(proposal: ConsentProposal, is_right: bool, shown: Shown, user_id: int) -> None:
    """Confirm what was put down, in the words that were shown, or refuse it; its links close. Raises Refused."""
    if is_right:
        question, locale = as_it_was_read(shown, lambda: question_of_proposal(proposal))
        words = question.text(groups_of(proposal.groups))
        confirm_proposal(proposal, user_id, words=words, locale=locale)
    else:
        refuse_proposal(proposal, user_id)
    links.revoke_asks(proposal.alumnus_id, proposal.id)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks: whom, and which question; ``question`` is None where it was settled otherwise."""

    person: Alumnus
    ask: SharingAsk
    question: Question | None
    evidence: str = ""


def asked_by(token: str) -> Asked:
    """What the link asks. Raises LookupError for a wrong token, LinkClosed for one that is closed or settled."""
    ask = links.open_ask(token)
    person = get_visible(SYSTEM, ask.alumnus_id)
    if ask.proposal_id is None:
        question, evidence = question_of_statement(sharing_of(person)), ""
    else:
        proposal = _proposal(ask.proposal_id)
        question = question_of_proposal(proposal) if proposal.decision is None else None
        evidence = proposal.evidence
    if question is None:
        raise links.LinkClosed
    return Asked(person, ask, question, evidence)


def answer_link(token: str, is_right: bool, shown: Shown) -> Asked:
    """Use the link up: confirm what it asks, or say that it is not so. Raises as ``asked_by``, and Refused."""
    asked = asked_by(token)
    person, ask = asked.person, asked.ask
    proposal = _proposal(ask.proposal_id) if ask.proposal_id is not None else None
    question, locale = None, page_locale()
    if is_right:
        question, locale = as_it_was_read(
            shown,
            lambda: question_of_statement(sharing_of(person)) if proposal is None else question_of_proposal(proposal),
        )
    links.use_ask(token)
    after = {"right": is_right, "proposal": ask.proposal_id}
    record("sharing.answered_by_link", ask, after=after, actor=person.display_name)
    if proposal is None:
        if question is not None:
            confirm_statement(person.id, words=question.text(STATED_GROUPS), locale=locale)
        else:
            refuse_statement(person.id, actor=person.display_name)
    elif question is not None:
        confirm_proposal_by_link(proposal, words=question.text(groups_of(proposal.groups)), locale=locale)
    else:
        refuse_proposal(proposal, None)
    return asked


def _partner(person: Alumnus, organisation_id: int) -> PartnerSees:
    found = sharing_of(person).find(organisation_id)
    if found is None:
        raise NotThere(f"There is no partner {organisation_id}.")
    return found


def _proposal(proposal_id: int) -> ConsentProposal:
    try:
        return get_proposal(proposal_id)
    except LookupError as missing:
        raise NotThere(str(missing)) from missing


def _close_answered(alumnus_id: int) -> None:
    """Once nothing of the register's statement is left to confirm, its link has nothing to ask."""
    if not stated_by(alumnus_id):
        links.revoke_asks(alumnus_id)
