"""Mails about sharing: is this so, and what staff took back. Their words are made when they are sent."""

from flask_babel import gettext as _

from bsm_alumni.access.viewer import SYSTEM
from bsm_alumni.accounts.mails import Link, Words, letter
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.consent.links import is_open, token_of, url_of
from bsm_alumni.consent.models import ConsentProposal
from bsm_alumni.consent.models_asks import SharingAsk
from bsm_alumni.consent.queries import get_proposal
from bsm_alumni.consent.words import group_names
from bsm_alumni.desk.queries_sharing import sharing_of
from bsm_alumni.desk.words import joined_names
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of
from bsm_alumni.mail.service import Renderer, post
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.rules import groups_of

CONFIRM, PUT_DOWN, TAKEN_BACK = "sharing.confirm", "sharing.put_down", "sharing.taken_back"


def address_of(person: Alumnus) -> str | None:
    """The address that is written to; None where there is none."""
    return person.emails[0].address if person.emails else None


def may_be_asked(person: Alumnus) -> bool:
    """Nobody is asked who was restricted or left, or whom no mail reaches."""
    return person.status is AlumnusStatus.ACTIVE and not person.restricted and bool(person.emails)


def post_ask(person: Alumnus, ask: SharingAsk, *, is_reminder: bool = False) -> None:
    """Put the mail with the question into the outbox. The person must have an address."""
    kind = CONFIRM if ask.proposal_id is None else PUT_DOWN
    post(
        kind,
        person.emails[0].address,
        {"ask": ask.id, "reminder": is_reminder},
        alumnus_id=person.id,
        subject_kind="sharing_asks",
        subject_id=ask.id,
        dedupe_key=f"{kind}:{ask.id}:{is_reminder}",
    )


def post_taken_back(person: Alumnus, proposal: ConsentProposal) -> None:
    """Tell the person, where they have an address, what staff took back for them."""
    if (address := address_of(person)) is not None:
        post(TAKEN_BACK, address, {"proposal": proposal.id}, alumnus_id=person.id)


def render_ask(mail: Mail) -> Message | None:
    """The question as it is to be sent now; None once it was settled, or the person may not be asked any more."""
    ask = db.session.get(SharingAsk, mail.params["ask"])
    person = find_visible(SYSTEM, ask.alumnus_id) if ask is not None else None
    if ask is None or person is None or not is_open(ask, utc_now()) or not may_be_asked(person):
        return None
    with in_language_of(person.locale) as language:
        words = _confirm_words(person, bool(mail.params.get("reminder"))) if ask.proposal_id is None else _put_down(ask)
        return None if words is None else _message(person, words, language, ask)


def render_taken_back(mail: Mail) -> Message | None:
    """What staff took back, as it is to be sent now; None for somebody who is no longer there."""
    proposal = db.session.get(ConsentProposal, mail.params["proposal"])
    person = find_visible(SYSTEM, proposal.alumnus_id) if proposal is not None else None
    if proposal is None or person is None:
        return None
    with in_language_of(person.locale) as language:
        partner = get_organisation(proposal.organisation_id).name
        parts = joined_names(group_names(groups_of(proposal.groups)))
        told = _(
            "Staff of the programme put down that %(partner)s may no longer see of you: %(parts)s. It counts already.",
            partner=partner,
            parts=parts,
        )
        otherwise = _("If this is wrong, sign in, open Who can see me and tick the parts again, or tell the programme.")
        words = Words(_("%(partner)s sees less of you now", partner=partner), told, "", otherwise)
        return _message(person, words, language, None)


def _confirm_words(person: Alumnus, is_reminder: bool) -> Words | None:
    stated = sharing_of(person).stated
    if not stated:
        return None
    partners = joined_names([one.partner.name for one in stated])
    told = _(
        "Your cohort's register says you agreed to be seen by %(partners)s. Nothing is shared until you confirm it.",
        partners=partners,
    )
    subject = _("A reminder: who may see your profile?") if is_reminder else _("Who may see your profile?")
    return Words(subject, told, _("Read it and answer"), _otherwise())


def _put_down(ask: SharingAsk) -> Words | None:
    proposal = get_proposal(ask.proposal_id or 0)
    if proposal.decision is not None:
        return None
    told = _(
        "Staff of the programme put down that you agreed to be seen by %(partner)s. Nothing is shared by it until you "
        "or a second person confirms it. If it is wrong, say so behind the link.",
        partner=get_organisation(proposal.organisation_id).name,
    )
    return Words(_("Did you agree to this?"), told, _("Read it and answer"), _otherwise())


def _otherwise() -> str:
    return _("The link works once and is for you alone. You can change your answer at any time.")


def _message(person: Alumnus, words: Words, language: str, ask: SharingAsk | None) -> Message:
    link = Link(url_of(ask), ask.expires_at, token_of(ask)) if ask is not None else None
    return letter(person.display_name, person.zone or "UTC", words, language, link)


RENDERERS: dict[str, Renderer] = {CONFIRM: render_ask, PUT_DOWN: render_ask, TAKEN_BACK: render_taken_back}
