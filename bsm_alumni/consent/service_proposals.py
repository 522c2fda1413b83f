"""Consents that staff put down for somebody: with evidence, and decided by a second person or the alumnus."""

from collections.abc import Set as AbstractSet

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.service import record
from bsm_alumni.consent.enums import ConsentSource, FieldGroup, ProposalDecision
from bsm_alumni.consent.models import ConsentProposal, ConsentRecord
from bsm_alumni.consent.queries import shared_by
from bsm_alumni.consent.service import add_groups, lock_person, take_groups
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.rules import groups_of, in_order, mask_of
from bsm_alumni.web.errors import FieldErrors, Refused

SHORTEST_EVIDENCE = 10


def propose_consent(
    alumnus_id: int,
    organisation_id: int,
    groups: AbstractSet[FieldGroup],
    *,
    given: bool,
    evidence: str,
    recorded_by_id: int,
    words: str,
    locale: str,
) -> ConsentProposal:
    """Put down that the person gave, or took back, these groups for this partner, with the evidence for it.

    What was given opens nothing until it is confirmed. What was taken back closes at once: nobody stays visible
    while a second person is looked for. ``words`` is the text on the form, in ``locale``; for what was given the text
    shown to whoever confirms is kept instead. Raises FieldErrors, Refused where one waits already, LookupError for
    nobody.
    """
    lock_person(alumnus_id)
    errors = {}
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        errors["evidence"] = _("Say what you hold: a letter or a mail of which day, and where it is kept.")
    if organisation_id not in {partner.id for partner in active_partners()}:
        errors["organisation"] = _("Choose one of the partners.")
    shared = shared_by(alumnus_id).get(organisation_id, frozenset())
    if not groups:
        errors["groups"] = _("Tick at least one part of the profile.")
    elif given and FieldGroup.IDENTITY not in groups | shared:
        errors["groups"] = _("Tick name and country: without them nothing else can be shown.")
    elif given and groups <= shared:
        errors["groups"] = _("The person shares all of this with the partner already.")
    elif not given and not groups & shared:
        errors["groups"] = _("The person shares none of this with the partner.")
    if errors:
        raise FieldErrors(errors)
    proposal = ConsentProposal(
        alumnus_id=alumnus_id,
        organisation_id=organisation_id,
        groups=mask_of(groups),
        given=given,
        evidence=evidence.strip(),
        recorded_by_id=recorded_by_id,
        at=utc_now(),
    )
    if given:
        _refuse_second(alumnus_id, organisation_id)
    else:
        proposal.decided_at, proposal.decision = proposal.at, ProposalDecision.AT_ONCE
    db.session.add(proposal)
    db.session.flush()
    after = {
        "alumnus": alumnus_id,
        "organisation": organisation_id,
        "groups": in_order(groups),
        "given": given,
        "evidence": proposal.evidence,
    }
    record("consent.proposed", proposal, after=after)
    if not given:
        take_groups(alumnus_id, organisation_id, groups, _saying(proposal, words, locale, None))
    return proposal


def confirm_proposal(proposal: ConsentProposal, user_id: int, *, words: str, locale: str) -> None:
    """A second person, or the alumnus themselves, says that it is so: what was proposed is shared from now on.

    ``words`` is the text shown to whoever confirms, in ``locale``. Raises Refused for the one who put it down and
    where it was decided already.
    """
    _decide(proposal, user_id, ProposalDecision.CONFIRMED)
    saying = _saying(proposal, words, locale, user_id)
    add_groups(proposal.alumnus_id, proposal.organisation_id, groups_of(proposal.groups), saying)


def confirm_proposal_by_link(proposal: ConsentProposal, *, words: str, locale: str) -> None:
    """As ``confirm_proposal``, by the alumnus who has no account: what is recorded is their own word."""
    _decide(proposal, None, ProposalDecision.CONFIRMED)
    saying = _saying(proposal, words, locale, None)
    saying.source = ConsentSource.ALUMNUS
    add_groups(proposal.alumnus_id, proposal.organisation_id, groups_of(proposal.groups), saying)


def refuse_proposal(proposal: ConsentProposal, user_id: int | None) -> None:
    """A second person, or the alumnus, says that it is not so; nothing changes. Raises as ``confirm_proposal``.

    ``user_id`` is None for an alumnus who answers from the link in a mail.
    """
    _decide(proposal, user_id, ProposalDecision.REFUSED)


def _decide(proposal: ConsentProposal, user_id: int | None, decision: ProposalDecision) -> None:
    lock_person(proposal.alumnus_id)
    db.session.refresh(proposal)
    if proposal.decision is not None:
        raise Refused(_("This was decided already."))
    if proposal.recorded_by_id == user_id:
        raise Refused(_("You put this down yourself. A second person decides it, or the alumnus."))
    proposal.decision, proposal.decided_at, proposal.decided_by_id = decision, utc_now(), user_id
    db.session.flush()
    record(f"consent.proposal_{decision.value}", proposal, after={"alumnus": proposal.alumnus_id})


def _refuse_second(alumnus_id: int, organisation_id: int) -> None:
    waiting = sa.select(ConsentProposal.id).where(
        ConsentProposal.alumnus_id == alumnus_id,
        ConsentProposal.organisation_id == organisation_id,
        ConsentProposal.decision.is_(None),
    )
    if db.session.scalar(waiting) is not None:
        raise Refused(_("A consent of this person for this partner waits for a second person already."))


def _saying(proposal: ConsentProposal, words: str, locale: str, confirmed_by_id: int | None) -> ConsentRecord:
    return ConsentRecord(
        source=ConsentSource.STAFF,
        words=words,
        locale=locale,
        evidence=proposal.evidence,
        recorded_by_id=proposal.recorded_by_id,
        confirmed_by_id=confirmed_by_id,
    )
