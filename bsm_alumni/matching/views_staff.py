"""The shortlist of a slot, candidates side by side, and staff's weights."""

from typing import Any

from babel.lists import format_list
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.events.models import Slot
from bsm_alumni.events.words import ROLES
from bsm_alumni.extensions import utc_now
from bsm_alumni.matching.forms import WeightsForm, weights_form
from bsm_alumni.matching.need import Need
from bsm_alumni.matching.queries import (
    WHOLE_PROGRAMME,
    free_seats,
    get_slot_of,
    ids_named,
    need_of,
    saved_weights,
    series_choices,
    weights_of,
)
from bsm_alumni.matching.service import TOP, look_at, rank_slot, reserves_of, reset_weights, save_weights
from bsm_alumni.matching.words import level_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.web.locale import page_locale

bp = Blueprint("matching_staff", __name__)

MOST_COMPARED = 4
MOST_FOUND = 5
MOST_SHOWN = 100
MORE = 24


def _alumnus_url(alumnus_id: int) -> str:
    return url_for("alumni_staff.alumnus", alumnus_id=alumnus_id)


def _asked(slot: Slot, need: Need) -> str:
    """'French from B2, Biometrics': what the slot asks for, in words."""
    names = [language_name(code, page_locale()) for code, _level in need.languages]
    languages = format_list(names, style="or", locale=page_locale()) if names else _("any language")
    if names and slot.level_needed:
        languages = _("%(languages)s from %(level)s", languages=languages, level=level_name(slot.level_needed))
    return f"{languages}, {slot.theme.name}" if slot.theme else languages


def _spoken(alumnus: Alumnus) -> list[tuple[str, str]]:
    return [(language_name(row.language_code, page_locale()), level_name(row.level)) for row in alumnus.languages]


def _about(slot: Slot, need: Need) -> dict[str, Any]:
    """What the pages of one slot have in common."""
    viewer = current_viewer()
    return {
        "slot": slot,
        "event": slot.event,
        "role": ROLES[slot.role],
        "asked": _asked(slot, need),
        "free": free_seats(slot),
        "may_write": viewer.may_write,
        "alumnus_url": _alumnus_url,
        "spoken": _spoken,
        "invite_url": url_for("assignments_staff.propose_and_invite", slot_id=slot.id),
    }


def _slot_or_404(event_id: int, slot_id: int) -> Slot:
    try:
        return get_slot_of(event_id, slot_id)
    except LookupError:
        abort(404)


@bp.get("/events/<int:event_id>/slots/<int:slot_id>/shortlist")
@access(staff_read)
def shortlist(event_id: int, slot_id: int) -> ResponseReturnValue:
    """The ranked people for a slot, with why; any named person, with why not. htmx gets the list alone."""
    slot = _slot_or_404(event_id, slot_id)
    viewer, now = current_viewer(), utc_now()
    q = request.args.get("q", "").strip()[:100]
    named = look_at(viewer, slot, ids_named(viewer, q, MOST_FOUND), now) if q else []
    top = min(MOST_SHOWN, max(TOP, request.args.get("top", TOP, type=int)))
    ranked = rank_slot(viewer, slot, now, top)
    only_list = request.headers.get("HX-Request") == "true"
    return render_template(
        "matching/_shortlist.html" if only_list else "matching/staff_shortlist.html",
        shortlist=ranked,
        reserves=reserves_of(viewer, slot, ranked),
        more=top + MORE,
        q=q,
        named=named,
        **_about(slot, ranked.need),
    )


@bp.get("/events/<int:event_id>/slots/<int:slot_id>/compare")
@access(staff_read)
def compare(event_id: int, slot_id: int) -> ResponseReturnValue:
    """Up to four people side by side, reason by reason: ?ids=1&ids=2 or ?ids=1,2."""
    slot = _slot_or_404(event_id, slot_id)
    viewer = current_viewer()
    words = ",".join(request.args.getlist("ids")).split(",")
    ids = list(dict.fromkeys(int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 10))
    return render_template(
        "matching/staff_compare.html",
        rows=look_at(viewer, slot, ids[:MOST_COMPARED], utc_now()),
        left_out=max(0, len(ids) - MOST_COMPARED),
        **_about(slot, need_of(slot, utc_now())),
    )


@bp.get("/settings/weights")
@access(staff_read)
def weights() -> ResponseReturnValue:
    """How much each reason counts, for the whole programme or for one series (?series=)."""
    series_id = request.args.get("series", WHOLE_PROGRAMME, type=int)
    return _weights_page(series_id, weights_form(weights_of(series_id)))


@bp.post("/settings/weights/<int:series_id>")
@access(staff_write)
def save(series_id: int) -> ResponseReturnValue:
    """Keep the weights of a series; 0 is the whole programme."""
    _title_or_404(series_id)
    form = WeightsForm()
    if not form.validate_on_submit():
        return _weights_page(series_id, form), 422
    save_weights(series_id, form.weights())
    flash(_("The weights are saved. Shortlists use them from now on."), "success")
    return redirect(url_for("matching_staff.weights", series=series_id or None))


@bp.post("/settings/weights/<int:series_id>/reset")
@access(staff_write)
def reset(series_id: int) -> ResponseReturnValue:
    """Go back from a series' own weights to the programme's, or from those to the defaults."""
    _title_or_404(series_id)
    reset_weights(series_id)
    flash(_("The weights are as they were before anyone changed them here."), "success")
    return redirect(url_for("matching_staff.weights", series=series_id or None))


def _title_or_404(series_id: int) -> str:
    titles = {WHOLE_PROGRAMME: _("Whole programme"), **dict(series_choices())}
    return titles[series_id] if series_id in titles else abort(404)


def _weights_page(series_id: int, form: WeightsForm) -> str:
    title = _title_or_404(series_id)
    choices = [(WHOLE_PROGRAMME, _("Whole programme")), *series_choices()]
    tabs = [
        (text, url_for("matching_staff.weights", series=choice or None), choice == series_id)
        for choice, text in choices
    ]
    return render_template(
        "matching/staff_weights.html",
        form=form,
        tabs=tabs,
        series_id=series_id,
        series_title=title,
        has_own=bool(saved_weights(series_id)),
        may_write=current_viewer().may_write,
    )
