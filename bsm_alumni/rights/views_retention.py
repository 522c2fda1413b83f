"""Administrators' page: how long each class of data is kept, with a preview before anything is saved."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, admin_only, fresh
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.rights import service_retention
from bsm_alumni.rights.enums import Kept
from bsm_alumni.rights.forms import RetentionForm
from bsm_alumni.rights.words import KEPT

bp = Blueprint("retention_staff", __name__)


@bp.get("/")
@access(fresh(admin_only))
def retention() -> ResponseReturnValue:
    """What is set, and a form to change it."""
    form = RetentionForm()
    form.fill_months(service_retention.proposed_months())
    return _page(form, 200)


def _page(form: RetentionForm, status: int) -> ResponseReturnValue:
    fields = [form[kept.value] for kept in Kept]
    return render_template(
        "rights/staff_retention.html", form=form, fields=fields, held=service_retention.periods(), kept=KEPT
    ), status


@bp.get("/preview")
@access(fresh(admin_only))
def preview() -> ResponseReturnValue:
    """What would go now; nothing is saved yet."""
    form = RetentionForm(request.args, meta={"csrf": False})
    if not form.validate():
        return _page(form, 422)
    months = form.months()
    found = service_retention.preview(months)
    return render_template("rights/staff_retention_preview.html", found=found, months=months, kept=KEPT, all_kept=Kept)


@bp.post("/confirm")
@access(fresh(admin_only))
def confirm() -> ResponseReturnValue:
    """Save what was previewed; the worker carries it out within the day."""
    form = RetentionForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    service_retention.confirm(form.months(), current_viewer().user_id)
    flash(_("Saved. What is past its time goes with the worker's next daily run."), "success")
    return redirect(url_for(".retention"))
