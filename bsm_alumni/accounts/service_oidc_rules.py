"""The administrators' table: which role a claim of the identity provider gives."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import OidcRule
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.organisations.models import Organisation
from bsm_alumni.web.errors import FieldErrors


def all_rules() -> Sequence[tuple[OidcRule, Organisation | None]]:
    """The table in the order in which it counts: rules for administrators first, then by position."""
    select = sa.select(OidcRule, Organisation).outerjoin(Organisation, Organisation.id == OidcRule.organisation_id)
    order = (OidcRule.role != Role.ADMIN, OidcRule.position, OidcRule.id)
    return [(rule, organisation) for rule, organisation in db.session.execute(select.order_by(*order))]


def find_rule(rule_id: int) -> OidcRule | None:
    """The rule; None when there is none."""
    return db.session.get(OidcRule, rule_id)


def check_rule(claim: str, value: str, role: Role, organisation_id: int | None) -> None:
    """Raise FieldErrors for a rule that makes no sense or is there already."""
    errors = {}
    if role is Role.PARTNER and organisation_id is None:
        errors["organisation_id"] = _("A partner needs an organisation. Choose one.")
    if role is Role.ALUMNUS:
        errors["role"] = _("Alumni come in by their own invitation, never by the provider.")
    if role is not Role.PARTNER and organisation_id is not None:
        errors["organisation_id"] = _("Only partners belong to an organisation here. Choose none.")
    same = sa.select(OidcRule.id).where(OidcRule.claim == claim, OidcRule.value == value, OidcRule.role == role)
    if not errors and db.session.scalar(same.limit(1)) is not None:
        errors["value"] = _("There is a rule for this already.")
    if errors:
        raise FieldErrors(errors)


def add_rule(claim: str, value: str, role: Role, organisation_id: int | None) -> OidcRule:
    """Put a rule at the end of the table. Raises FieldErrors. One that makes administrators needs two people first."""
    check_rule(claim, value, role, organisation_id)
    last = db.session.scalar(sa.select(sa.func.max(OidcRule.position))) or 0
    rule = OidcRule(position=last + 1, claim=claim, value=value, role=role, organisation_id=organisation_id)
    db.session.add(rule)
    db.session.flush()
    record("provider_rule.added", rule, after=_words_of(rule))
    return rule


def remove_rule(rule: OidcRule) -> None:
    """Take a rule out of the table. Whoever came by it is asked anew at their next sign-in."""
    record("provider_rule.removed", rule, before=_words_of(rule))
    db.session.delete(rule)
    db.session.flush()


def move_rule_up(rule: OidcRule) -> None:
    """Let a rule count before the one above it; rules for administrators stay first whatever is done here."""
    same_group = OidcRule.role == Role.ADMIN if rule.role is Role.ADMIN else OidcRule.role != Role.ADMIN
    above = db.session.scalars(
        sa.select(OidcRule)
        .where(OidcRule.position < rule.position, same_group)
        .order_by(OidcRule.position.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if above is None:
        return
    before = rule.position
    rule.position, above.position = above.position, rule.position
    db.session.flush()
    record("provider_rule.moved", rule, before={"position": before}, after={"position": rule.position})


def _words_of(rule: OidcRule) -> dict[str, str | int | None]:
    return {"claim": rule.claim, "value": rule.value, "role": rule.role, "organisation": rule.organisation_id}
