"""Consents that staff put down for somebody; a second person decides by `service_sharing.settle_proposal`."""

from collections.abc import Set as AbstractSet

from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.consent.links import make_ask
from bsm_alumni.consent.models import ConsentProposal
from bsm_alumni.consent.service_proposals import propose_consent
from bsm_alumni.consent.words import withdrawal_words
from bsm_alumni.desk.mails_sharing import may_be_asked, post_ask, post_taken_back
from bsm_alumni.organisations.queries import active_partners
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
