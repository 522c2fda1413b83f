"""Adding, editing and putting away profiles."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus, AlumnusEmail, AlumnusLanguage
from bsm_alumni.alumni.rules_profile import ProfileDetails, has_no_domain
from bsm_alumni.alumni.service import derive_names, refresh_terms
from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.consent.erased import ASKED_TO_BE_ERASED, erased_among
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.errors import FieldErrors, Refused

PLAIN_FIELDS = (
    "title",
    "given_names",
    "family_name",
    "gender",
    "country_code",
    "agency",
    "position",
    "phone",
    "zone",
    "locale",
    "notice_days",
    "quarter_limit",
    "status",
    "restricted",
    "remarks",
)


def create_alumnus(details: ProfileDetails) -> Alumnus:
    """Add a person. Raises FieldErrors for a missing name or an address that cannot be used."""
    _check(details, None)
    alumnus = Alumnus(display_name=details.name)
    db.session.add(alumnus)
    _fill(alumnus, details)
    record("alumnus.added", alumnus, after=snapshot(alumnus))
    return alumnus


def edit_alumnus(alumnus: Alumnus, details: ProfileDetails, seen_at: datetime | None = None) -> None:
    """Change a profile. Raises FieldErrors as ``create_alumnus`` does.

    Raises Refused when the profile was changed after ``seen_at``, the ``updated_at`` its editor was shown.
    """
    if seen_at is not None and seen_at != alumnus.updated_at:
        raise Refused(
            _("Somebody changed this profile while you were writing. Open it again and look before you save.")
        )
    _check(details, alumnus.id)
    before = snapshot(alumnus)
    _fill(alumnus, details)
    was, is_now = changed(before, snapshot(alumnus))
    if is_now:
        record("alumnus.edited", alumnus, before=was, after=is_now)


def archive_alumnus(alumnus: Alumnus) -> None:
    """Put a profile away: it is not listed, asked or shown to partners, and nothing of it is lost."""
    _set_status(alumnus, AlumnusStatus.ARCHIVED, "alumnus.archived")


def restore_alumnus(alumnus: Alumnus) -> None:
    """Take a profile out of the archive, as active."""
    if alumnus.status is AlumnusStatus.ARCHIVED:
        _set_status(alumnus, AlumnusStatus.ACTIVE, "alumnus.restored")


def snapshot(alumnus: Alumnus) -> dict[str, Any]:
    """The profile as the trail keeps it."""
    return {
        "display_name": alumnus.display_name,
        **{name: getattr(alumnus, name) for name in PLAIN_FIELDS},
        "emails": [email.address for email in alumnus.emails],
        "languages": {spoken.language_code: spoken.level for spoken in alumnus.languages},
        "themes": sorted(theme.code for theme in alumnus.themes),
    }


def touch(alumnus: Alumnus) -> None:
    """Mark the profile as changed also where only its parts were."""
    alumnus.updated_at = utc_now()


def _set_status(alumnus: Alumnus, status: AlumnusStatus, verb: str) -> None:
    before = alumnus.status
    if before is not status:
        alumnus.status = status
        db.session.flush()
        record(verb, alumnus, before={"status": before}, after={"status": status})


def _check(details: ProfileDetails, alumnus_id: int | None) -> None:
    errors: dict[str, str] = {}
    if not details.name:
        errors["family_name"] = _("Write at least a family name, or the name in full.")
    problems = [
        _('"%(address)s" cannot be used. Write it as name@domain or leave it out.', address=address)
        for address in details.emails
        if has_no_domain(address)
    ]
    folded = [address.lower() for address in details.emails]
    taken = db.session.execute(
        sa.select(AlumnusEmail.address, Alumnus.display_name)
        .join(Alumnus, Alumnus.id == AlumnusEmail.alumnus_id)
        .where(AlumnusEmail.folded.in_(folded), AlumnusEmail.alumnus_id != (alumnus_id or 0))
        .order_by(AlumnusEmail.folded)
    )
    for address, owner in taken:
        problems.append(_("%(address)s belongs to %(name)s. Leave it out here or there.", address=address, name=owner))
    problems += [str(ASKED_TO_BE_ERASED) % {"address": address} for address in erased_among(details.emails)]
    if problems:
        errors["emails"] = " ".join(problems)
    if errors:
        raise FieldErrors(errors)


def _fill(alumnus: Alumnus, details: ProfileDetails) -> None:
    with db.session.no_autoflush:
        alumnus.display_name = details.name
        for name in PLAIN_FIELDS:
            setattr(alumnus, name, getattr(details, name))
        derive_names(alumnus)
        _fill_languages(alumnus, details)
        themes = sa.select(Theme).where(Theme.id.in_(details.theme_ids)).order_by(Theme.name)
        alumnus.themes = list(db.session.scalars(themes))
    _fill_emails(alumnus, details)
    touch(alumnus)
    db.session.flush()
    refresh_terms(alumnus)


def _fill_languages(alumnus: Alumnus, details: ProfileDetails) -> None:
    held = {spoken.language_code: spoken for spoken in alumnus.languages}
    for code, spoken in held.items():
        if code not in details.languages:
            alumnus.languages.remove(spoken)
    for code, level in details.languages.items():
        if code in held:
            held[code].level = level
        else:
            alumnus.languages.append(AlumnusLanguage(language_code=code, level=level))


def _fill_emails(alumnus: Alumnus, details: ProfileDetails) -> None:
    held = {email.folded: email for email in alumnus.emails}
    wanted = dict.fromkeys(address.lower() for address in details.emails)
    written = {address.lower(): address for address in reversed(details.emails)}
    for folded, email in held.items():
        if folded not in wanted:
            alumnus.emails.remove(email)
    for position, folded in enumerate(wanted):
        email = held.get(folded) or AlumnusEmail(folded=folded)
        if folded not in held:
            alumnus.emails.append(email)
        email.address, email.position = written[folded], position
