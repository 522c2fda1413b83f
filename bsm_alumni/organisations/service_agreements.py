"""Entering and ending agreements with partners. What partners see follows with the next statement."""

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.rules import changed
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.organisations.enums import FieldGroup, OrganisationKind
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.rules import in_order, mask_of, overlaps
from bsm_alumni.web.errors import FieldErrors, Refused


def add_agreement(
    organisation_id: int,
    *,
    groups: AbstractSet[FieldGroup],
    purpose: str,
    starts_on: date,
    ends_on: date | None = None,
    reference: str = "",
) -> Agreement:
    """Enter an agreement with a partner. Nobody is shown by it who does not also consent.

    Raises FieldErrors for groups without identity, an empty purpose, days in the wrong order, or days on which
    another agreement holds; Refused for the programme office; LookupError for no organisation.
    """
    check_new(
        organisation_id, groups=groups, purpose=purpose, starts_on=starts_on, ends_on=ends_on, reference=reference
    )
    agreement = Agreement(
        organisation_id=organisation_id,
        groups=mask_of(groups),
        purpose=purpose.strip(),
        reference=reference.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(agreement)
    db.session.flush()
    record("agreement.added", agreement, after=_fields(agreement))
    return agreement


def check_new(
    organisation_id: int,
    *,
    groups: AbstractSet[FieldGroup],
    purpose: str,
    starts_on: date,
    ends_on: date | None = None,
    reference: str = "",
) -> None:
    """Raise what ``add_agreement`` would raise, and change nothing: for the page that shows the effect first."""
    organisation = _locked(organisation_id)
    if organisation.kind is OrganisationKind.OFFICE:
        raise Refused(_("The programme office sees everybody; agreements are with partners."))
    errors: dict[str, str] = {}
    if FieldGroup.IDENTITY not in groups:
        errors["groups"] = _("Tick name and country: without them nothing else can be shown.")
    errors |= _wrong_words(purpose, starts_on, ends_on)
    if not errors:
        errors = _overlap(organisation_id, starts_on, ends_on, None)
    if errors:
        raise FieldErrors(errors)


def edit_agreement(agreement: Agreement, *, purpose: str, ends_on: date | None, reference: str = "") -> None:
    """Change words and last day. What it covers stays: for that end it and enter another.

    Raises FieldErrors as ``add_agreement`` does, Refused once it was ended.
    """
    check_edit(agreement, purpose=purpose, ends_on=ends_on)
    before = _fields(agreement)
    agreement.purpose, agreement.reference, agreement.ends_on = purpose.strip(), reference.strip(), ends_on
    db.session.flush()
    old, new = changed(before, _fields(agreement))
    if new:
        record("agreement.edited", agreement, before=old, after=new)


def check_edit(agreement: Agreement, *, purpose: str, ends_on: date | None) -> None:
    """Raise what ``edit_agreement`` would raise, and change nothing."""
    _locked(agreement.organisation_id)
    if agreement.ended_at is not None:
        raise Refused(_("This agreement was ended. Enter a new one."))
    errors = _wrong_words(purpose, agreement.starts_on, ends_on)
    if not errors:
        errors = _overlap(agreement.organisation_id, agreement.starts_on, ends_on, agreement.id)
    if errors:
        raise FieldErrors(errors)


def end_agreement(agreement: Agreement) -> None:
    """End an agreement now: its partner sees nobody from the next statement on. Twice has one effect."""
    if agreement.ended_at is None:
        agreement.ended_at = utc_now()
        db.session.flush()
        record("agreement.ended", agreement, after={"at": agreement.ended_at})


def _locked(organisation_id: int) -> Organisation:
    """The organisation with its row locked, so that two agreements at once are entered one after the other."""
    found = db.session.get(Organisation, organisation_id, with_for_update=True)
    if found is None:
        raise LookupError(f"There is no organisation {organisation_id}.")
    return found


def _wrong_words(purpose: str, starts_on: date, ends_on: date | None) -> dict[str, str]:
    errors = {}
    if not purpose.strip():
        errors["purpose"] = _("Write what the partner may use the profiles for.")
    if ends_on is not None and ends_on < starts_on:
        errors["ends_on"] = _("The last day is before the first day.")
    return errors


def _overlap(organisation_id: int, starts_on: date, ends_on: date | None, but_id: int | None) -> dict[str, str]:
    standing = sa.select(Agreement).where(
        Agreement.organisation_id == organisation_id, Agreement.ended_at.is_(None), Agreement.id != (but_id or 0)
    )
    for other in db.session.scalars(standing.order_by(Agreement.starts_on)):
        if overlaps(starts_on, ends_on, other.starts_on, other.ends_on):
            words = _("Another agreement holds on some of these days. End it first, or choose other days.")
            return {"starts_on" if but_id is None else "ends_on": words}
    return {}


def _fields(agreement: Agreement) -> dict[str, Any]:
    return {
        "organisation": agreement.organisation_id,
        "groups": in_order(agreement.field_groups),
        "purpose": agreement.purpose,
        "reference": agreement.reference,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
    }
