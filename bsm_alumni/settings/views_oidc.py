"""Administrators' page: which role the identity provider's claims give."""

import json
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, fresh
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import OidcRule
from bsm_alumni.accounts.rules_oidc import choose_rule
from bsm_alumni.accounts.service_oidc import claim_rules, provider_settings
from bsm_alumni.accounts.service_oidc_rules import add_rule, all_rules, find_rule, move_rule_up, remove_rule
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.settings import service_admins
from bsm_alumni.settings.forms import ClaimRuleForm, ClaimsForm
from bsm_alumni.settings.words import ROLE_NAMES
from bsm_alumni.web.errors import FieldErrors, Refused

bp = Blueprint("provider_staff", __name__)

admin_again = fresh(admin_only)


@bp.get("/sign-in")
@access(admin_again)
def table() -> ResponseReturnValue:
    """The table, a form for one more rule, and a way to try it."""
    return _page(_rule_form(), ClaimsForm(), 200)


@bp.post("/sign-in")
@access(admin_again)
def add() -> ResponseReturnValue:
    """Put a rule into the table; one for administrators only once a second one agreed."""
    form = _rule_form()
    if form.validate_on_submit():
        claim, value, role = form.claim.data.strip(), form.value.data.strip(), Role(form.role.data)
        try:
            if role is Role.ADMIN and not form.organisation_id.data:
                service_admins.ask_for_rule(claim, value)
                names = ", ".join(service_admins.who_could_agree(current_viewer()))
                flash(_("This waits for a second administrator: %(names)s.", names=names), "success")
            else:
                add_rule(claim, value, role, form.organisation_id.data or None)
                flash(_("The rule counts from the next sign-in on."), "success")
            return redirect(url_for(".table"))
        except FieldErrors as found:
            form.set_errors(found.errors)
        except Refused as refusal:
            form.set_errors({"": refusal.words})
    return _page(form, ClaimsForm(formdata=None), 422)


@bp.post("/sign-in/try")
@access(admin_again)
def preview() -> ResponseReturnValue:
    """Say what the table would give for some claims; nothing is kept."""
    form = ClaimsForm()
    result: dict[str, Any] = {}
    if form.validate_on_submit():
        claims = _read(form.claims.data or "")
        if claims is None:
            form.set_errors({"claims": _("Write a JSON object: names and values between { and }.")})
        else:
            result = {"tried": True, "chosen": choose_rule(claim_rules(), claims)}
    return _page(_rule_form(empty=True), form, 422 if form.errors else 200, **result)


@bp.post("/sign-in/<int:rule_id>/up")
@access(admin_again)
def up(rule_id: int) -> ResponseReturnValue:
    """Let a rule count before the one above it."""
    move_rule_up(_rule_or_404(rule_id))
    return redirect(url_for(".table"))


@bp.post("/sign-in/<int:rule_id>/remove")
@access(admin_again)
def remove(rule_id: int) -> ResponseReturnValue:
    """Take a rule out."""
    remove_rule(_rule_or_404(rule_id))
    flash(_("The rule is gone. Whoever came by it alone is refused at the next sign-in."), "success")
    return redirect(url_for(".table"))


def _read(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _rule_form(empty: bool = False) -> ClaimRuleForm:
    form = ClaimRuleForm(formdata=None) if empty else ClaimRuleForm()
    form.fill_choices([(row.id, row.name) for row in active_partners()])
    return form


def _page(form: ClaimRuleForm, claims_form: ClaimsForm, status: int, **result: Any) -> ResponseReturnValue:
    return render_template(
        "settings/staff_provider.html",
        rules=all_rules(),
        form=form,
        claims_form=claims_form,
        settings=provider_settings(),
        requests=[row for row in service_admins.open_requests() if "rule" in row.params],
        role_names=ROLE_NAMES,
        **result,
    ), status


def _rule_or_404(rule_id: int) -> OidcRule:
    return find_rule(rule_id) or abort(404)
