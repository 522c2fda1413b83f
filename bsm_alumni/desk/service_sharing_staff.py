"""Consents that staff put down for somebody, and decide as the second person."""

from collections.abc import Set as AbstractSet

from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.links import make_ask, revoke_asks
from bsm_alumni.consent.models import ConsentProposal
from bsm_alumni.consent.service_proposals import confirm_proposal, propose_consent, refuse_proposal
from bsm_alumni.consent.words import withdrawal_words
from bsm_alumni.desk.mails_sharing import may_be_asked, post_ask, post_taken_back
from bsm_alumni.desk.service_sharing import Shown, as_it_was_read, question_of_proposal
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.organisations.rules import groups_of
from bsm_alumni.web.errors import FieldErrors
from bsm_alumni.web.locale import page_locale


def put_down(
    viewer: Viewer,
    person: Alumnus,
    organisation_id: int,
    groups: AbstractSet[FieldGroup],
    *,
    given: bool,
    evidence: str,
) -> ConsentProposal:
    """Put down what the person said to staff. A consent waits for a second person or them; a withdrawal counts.

    Either way the person is told by mail where one reaches them. Raises FieldErrors, and Refused where one waits.
    """
    name = next((partner.name for partner in active_partners() if partner.id == organisation_id), None)
    if name is None:
        raise FieldErrors({"organisation": _("Choose one of the partners.")})
    proposal = propose_consent(
        person.id,
        organisation_id,
        groups,
        given=given,
        evidence=evidence,
        recorded_by_id=viewer.user_id or 0,
        words=withdrawal_words(name, groups),
        locale=page_locale(),
    )
    if not given:
        post_taken_back(person, proposal)
    elif may_be_asked(person):
        post_ask(person, make_ask(person.id, proposal.id))
    return proposal


def decide(viewer: Viewer, proposal: ConsentProposal, is_right: bool, shown: Shown) -> None:
    """A second person confirms what was put down, or refuses it.

    Raises Refused for the one who put it down, for what was decided already, and for a text that was changed.
    """
    user_id = viewer.user_id or 0
    if is_right:
        question, locale = as_it_was_read(shown, lambda: question_of_proposal(proposal))
        words = question.text(groups_of(proposal.groups))
        confirm_proposal(proposal, user_id, words=words, locale=locale)
    else:
        refuse_proposal(proposal, user_id)
    revoke_asks(proposal.alumnus_id, proposal.id)
