"""What alumni change of their own: profile, limits, who sees them. Each change is put into the trail below."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from bsm_alumni.accounts.queries import find_user_of_alumnus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.rules_profile import ProfileDetails
from bsm_alumni.alumni.service_profile import PLAIN_FIELDS, edit_alumnus
from bsm_alumni.audit.service import record
from bsm_alumni.consent.enums import ConsentSource, SharingAnswer
from bsm_alumni.consent.queries import shared_by
from bsm_alumni.consent.rules import STATED_GROUPS
from bsm_alumni.consent.service import give_or_withdraw
from bsm_alumni.consent.words import consent_words, withdrawal_words
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.web.errors import FieldErrors
from bsm_alumni.web.locale import page_locale


def edit_own_profile(person: Alumnus, written: dict[str, Any], seen_at: datetime | None) -> None:
    """Change the fields of ``written`` and leave the others as they are; pages and clock follow at once.

    Raises FieldErrors or Refused as ``edit_alumnus`` does.
    """
    edit_alumnus(person, replace(details_of(person), **written), seen_at)
    confirm_profile(person)
    user = find_user_of_alumnus(person.id)
    if user is not None:
        user.locale, user.zone, user.name = person.locale, person.zone or user.zone, person.display_name
    db.session.flush()


def confirm_profile(person: Alumnus) -> None:
    """The person looked at their profile and says that it is right."""
    before = person.profile_confirmed_at
    person.profile_confirmed_at = utc_now()
    db.session.flush()
    record("alumnus.confirmed", person, {"at": before}, {"at": person.profile_confirmed_at})


def set_limits(person: Alumnus, notice_days: int, quarter_limit: int) -> None:
    """How early the person is to be asked, in days, and for how many sessions a quarter at most."""
    edit_alumnus(person, replace(details_of(person), notice_days=notice_days, quarter_limit=quarter_limit))


def answer_sharing(alumnus_id: int, answer: SharingAnswer, partner_ids: list[int]) -> None:
    """Put down the person's own answer. Raises FieldErrors for 'some' without a partner."""
    partners = {partner.id for partner in active_partners()}
    if answer is SharingAnswer.SOME and not partners & set(partner_ids):
        raise FieldErrors({"partners": _("Tick at least one partner, or answer that nobody may see you.")})
    chosen = partners if answer is SharingAnswer.ALL else partners & set(partner_ids)
    if answer is SharingAnswer.NO:
        chosen = set()
    for organisation_id in sorted(partners):
        switch_partner(alumnus_id, organisation_id, organisation_id in chosen)


def switch_partner(alumnus_id: int, organisation_id: int, shared: bool) -> None:
    """Open or close the profile to one partner and leave the others. Raises LookupError for none of the partners."""
    partner = next((one for one in active_partners() if one.id == organisation_id), None)
    if partner is None:
        raise LookupError(f"There is no partner {organisation_id}.")
    now = shared_by(alumnus_id).get(organisation_id, frozenset())
    wanted = (now or STATED_GROUPS) if shared else frozenset()
    words = consent_words(partner.name, wanted) if shared else withdrawal_words(partner.name, now)
    give_or_withdraw(
        alumnus_id, organisation_id, wanted, source=ConsentSource.ALUMNUS, words=words, locale=page_locale()
    )


def details_of(person: Alumnus) -> ProfileDetails:
    """The profile as it stands, as the form of the same would give it."""
    return ProfileDetails(
        display_name=person.display_name,
        **{name: getattr(person, name) for name in PLAIN_FIELDS},
        emails=tuple(email.address for email in person.emails),
        languages={spoken.language_code: spoken.level for spoken in person.languages},
        theme_ids=frozenset(theme.id for theme in person.themes),
    )
