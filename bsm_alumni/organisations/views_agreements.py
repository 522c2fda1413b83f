"""Administrators' pages: what was agreed with a partner, and what a change of it does, shown before it is saved."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, fresh, staff_read
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations import service_agreements as service
from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.organisations.forms_agreements import AgreementEndForm, AgreementForm
from bsm_alumni.organisations.models import Agreement, Organisation
from bsm_alumni.organisations.queries import get_organisation
from bsm_alumni.organisations.queries_agreements import agreements_page, find_agreement, get_agreement
from bsm_alumni.organisations.queries_effect import (
    Effect,
    Span,
    effect_of_end,
    effect_of_ending,
    effect_of_new,
)
from bsm_alumni.organisations.words import GROUP_NAMES, group_names
from bsm_alumni.web.errors import FieldErrors, NotThere, Refused

bp = Blueprint("agreements_staff", __name__)

admin_again = fresh(admin_only)


@bp.get("/<int:organisation_id>/agreements")
@access(staff_read)
def agreements(organisation_id: int) -> ResponseReturnValue:
    """The partner's agreements, the latest first, and which one holds today."""
    partner, today = _partner(organisation_id), utc_now().date()
    return render_template(
        "organisations/agreements.html",
        organisation=partner,
        page=agreements_page(organisation_id, request.args.get("after"), request.args.get("before")),
        current=find_agreement(organisation_id, today) if partner.archived_at is None else None,
        today=today,
        group_names=group_names,
    )


@bp.get("/<int:organisation_id>/agreements/new")
@access(admin_again)
def new(organisation_id: int) -> ResponseReturnValue:
    """The empty form of an agreement."""
    form = AgreementForm()
    form.fill_choices()
    if not form.starts_on.data:
        form.starts_on.data = utc_now().date()
    return _new_page(_partner(organisation_id), form, 200)


@bp.post("/<int:organisation_id>/agreements/new")
@access(admin_again)
def create(organisation_id: int) -> ResponseReturnValue:
    """First show what it does, then enter it."""
    partner, form = _partner(organisation_id), AgreementForm()
    form.fill_choices()
    if not form.validate() or form.starts_on.data is None:
        return _new_page(partner, form, 422)
    fields: dict[str, Any] = {
        "groups": form.ticked(),
        "purpose": form.purpose.data or "",
        "starts_on": form.starts_on.data,
        "ends_on": form.ends_on.data,
        "reference": form.reference.data or "",
    }
    try:
        if not form.is_looked_at or "back" in request.form:
            service.check_new(organisation_id, **fields)
        else:
            service.add_agreement(organisation_id, **fields)
    except FieldErrors as found:
        form.set_errors(found.errors)
        return _new_page(partner, form, 422)
    except Refused as refusal:
        form.set_errors({"": refusal.words})
        return _new_page(partner, form, 422)
    if "back" in request.form:
        return _new_page(partner, form, 200)
    if not form.is_looked_at:
        span = Span(form.ticked(), form.starts_on.data, form.ends_on.data)
        return _effect_page(
            partner,
            form,
            effect_of_new(organisation_id, span, utc_now().date()),
            url_for(".create", organisation_id=partner.id),
        )
    flash(_("The agreement is entered. %(code)s sees those who agreed to it.", code=partner.code), "success")
    return redirect(url_for(".agreements", organisation_id=partner.id))


@bp.get("/<int:organisation_id>/agreements/<int:agreement_id>/edit")
@access(admin_again)
def edit(organisation_id: int, agreement_id: int) -> ResponseReturnValue:
    """The form with an agreement: its words and its last day."""
    agreement = _agreement(organisation_id, agreement_id)
    return _edit_page(agreement, AgreementEndForm(obj=agreement), 200)


@bp.post("/<int:organisation_id>/agreements/<int:agreement_id>/edit")
@access(admin_again)
def save(organisation_id: int, agreement_id: int) -> ResponseReturnValue:
    """First show what it does, then change it."""
    agreement, form = _agreement(organisation_id, agreement_id), AgreementEndForm()
    if not form.validate():
        return _edit_page(agreement, form, 422)
    words: dict[str, Any] = {"purpose": form.purpose.data or "", "reference": form.reference.data or ""}
    effect = effect_of_end(agreement, form.ends_on.data, utc_now().date())
    try:
        if not form.is_looked_at or "back" in request.form:
            service.check_edit(agreement, ends_on=form.ends_on.data, purpose=words["purpose"])
        else:
            service.edit_agreement(agreement, ends_on=form.ends_on.data, **words)
    except FieldErrors as found:
        form.set_errors(found.errors)
        return _edit_page(agreement, form, 422)
    except Refused as refusal:
        form.set_errors({"": refusal.words})
        return _edit_page(agreement, form, 422)
    if "back" in request.form:
        return _edit_page(agreement, form, 200)
    if not form.is_looked_at:
        return _effect_page(
            agreement.organisation,
            form,
            effect,
            url_for(".save", organisation_id=organisation_id, agreement_id=agreement_id),
        )
    flash(_("The agreement is saved."), "success")
    return redirect(url_for(".agreements", organisation_id=organisation_id))


@bp.get("/<int:organisation_id>/agreements/<int:agreement_id>/end")
@access(admin_again)
def end_page(organisation_id: int, agreement_id: int) -> ResponseReturnValue:
    """What ending the agreement now does, and the button that does it."""
    agreement = _agreement(organisation_id, agreement_id)
    return render_template(
        "organisations/agreement_end.html",
        agreement=agreement,
        organisation=agreement.organisation,
        effect=effect_of_ending(agreement, utc_now().date()),
        group_words=GROUP_NAMES,
    )


@bp.post("/<int:organisation_id>/agreements/<int:agreement_id>/end")
@access(admin_again)
def end(organisation_id: int, agreement_id: int) -> ResponseReturnValue:
    """End the agreement: the partner sees nobody by it from the next page on."""
    agreement = _agreement(organisation_id, agreement_id)
    service.end_agreement(agreement)
    code = agreement.organisation.code
    flash(_("The agreement is ended. %(code)s sees nobody by it from now on.", code=code), "success")
    return redirect(url_for(".agreements", organisation_id=organisation_id))


def _new_page(partner: Organisation, form: AgreementForm, status: int) -> ResponseReturnValue:
    return render_template("organisations/agreement_new.html", organisation=partner, form=form), status


def _edit_page(agreement: Agreement, form: AgreementEndForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "organisations/agreement_edit.html",
        agreement=agreement,
        organisation=agreement.organisation,
        form=form,
        group_names=group_names,
    )
    return page, status


def _effect_page(partner: Organisation, form: AgreementEndForm, effect: Effect, action: str) -> ResponseReturnValue:
    return render_template(
        "organisations/agreement_effect.html",
        organisation=partner,
        form=form,
        effect=effect,
        action=action,
        is_today=effect.on == utc_now().date(),
        group_words=GROUP_NAMES,
    )


def _partner(organisation_id: int) -> Organisation:
    try:
        found = get_organisation(organisation_id)
    except LookupError as missing:
        raise NotThere(str(missing)) from missing
    if found.kind is not OrganisationKind.PARTNER:
        raise NotThere("Agreements are with partners.")
    return found


def _agreement(organisation_id: int, agreement_id: int) -> Agreement:
    try:
        found = get_agreement(agreement_id)
    except LookupError as missing:
        raise NotThere(str(missing)) from missing
    if found.organisation_id != organisation_id:
        raise NotThere(f"The partner {organisation_id} has no agreement {agreement_id}.")
    return found
