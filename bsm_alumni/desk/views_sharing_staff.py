"""Staff's pages about sharing: who has still to confirm, what waits for a second person, what was wrong."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from bsm_alumni.access import access, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.consent.disclosures import disclose
from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.consent.words import group_names
from bsm_alumni.desk import service_sharing_asks as asks
from bsm_alumni.desk.forms_sharing import AnswerForm
from bsm_alumni.desk.queries_sharing_staff import (
    ASKED,
    NOT_ASKED,
    UNREACHABLE,
    WAITING,
    WRONG,
    AskFilter,
    Waiting,
    batch,
    count_put_down,
    count_to_confirm,
    find_put_down,
    put_down_page,
    read_filter,
    to_confirm_page,
)
from bsm_alumni.desk.service_sharing import question_of_proposal, settle_proposal
from bsm_alumni.desk.words import joined_names
from bsm_alumni.extensions import utc_now
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.queries import active_partners
from bsm_alumni.web.errors import NotThere, Refused

bp = Blueprint("sharing_staff", __name__)

WITH_ADDRESS = frozenset({FieldGroup.IDENTITY, FieldGroup.CONTACT})


def _tabs(current: str, to_confirm: int | None = None) -> list[tuple[str, str, bool]]:
    viewer = current_viewer()
    counts = {
        "to_confirm": count_to_confirm(viewer, AskFilter())[""] if to_confirm is None else to_confirm,
        "waiting": count_put_down(viewer, WAITING),
        "wrong": count_put_down(viewer, WRONG),
    }
    words = {
        "to_confirm": _("To confirm (%(count)s)", count=counts["to_confirm"]),
        "waiting": _("Waiting for a second person (%(count)s)", count=counts["waiting"]),
        "wrong": _("Said to be wrong (%(count)s)", count=counts["wrong"]),
    }
    return [(text, url_for(f".{name}"), name == current) for name, text in words.items()]


def _state_words() -> dict[str, str]:
    return {NOT_ASKED: _("Not asked yet"), ASKED: _("Asked"), UNREACHABLE: _("Cannot be asked by mail")}


@bp.get("/sharing")
@access(staff_read)
def to_confirm() -> ResponseReturnValue:
    """People whose register says that a partner may see them, which they have not confirmed."""
    viewer, narrow = current_viewer(), read_filter(request.args)
    counts = count_to_confirm(viewer, narrow)
    partners = active_partners()
    return render_template(
        "consent/staff_to_confirm.html",
        page=to_confirm_page(viewer, narrow, request.args.get("after"), request.args.get("before")),
        narrow=narrow,
        counts=counts,
        tabs=_tabs("to_confirm", None if narrow.q or narrow.partner else counts[""]),
        states_of_asking=list(_state_words().items()),
        partners=[(partner.id, partner.code) for partner in partners],
        pills=_pills(narrow, {partner.id: partner.code for partner in partners}),
        most=min(counts[NOT_ASKED], asks.MOST_AT_ONCE),
        now=utc_now(),
    )


def _pills(narrow: AskFilter, partners: dict[int, str]) -> list[tuple[str, str]]:
    words = {
        "q": _("“%(text)s”", text=narrow.q) if narrow.q else "",
        "state": _state_words().get(narrow.state, ""),
        "partner": partners.get(narrow.partner, ""),
    }
    used: dict[str, Any] = narrow.to_args()
    return [
        (words[name], url_for(".to_confirm", **{key: value for key, value in used.items() if key != name}))
        for name in used
        if words[name]
    ]


@bp.get("/sharing/ask")
@access(staff_write)
def review() -> ResponseReturnValue:
    """The next people who were not asked yet, to be looked through before anybody is written to."""
    viewer, narrow = current_viewer(), read_filter(request.args)
    people = batch(viewer, narrow, asks.MOST_AT_ONCE)
    disclose(viewer, [(row.person.id, WITH_ADDRESS) for row in people], DisclosureWay.LIST)
    return render_template(
        "consent/staff_ask.html",
        people_to_ask=people,
        left=count_to_confirm(viewer, narrow)[NOT_ASKED],
        narrow=narrow,
        remind_after=asks.REMIND_AFTER.days,
    )


@bp.post("/sharing/ask")
@access(staff_write)
def ask_batch() -> ResponseReturnValue:
    """Write to the people who stayed ticked."""
    numbers = [int(one) for one in request.form.getlist("people") if one.isascii() and one.isdigit() and len(one) < 10]
    asked, left_out = asks.ask_batch(current_viewer(), numbers)
    words = ngettext("%(num)d person is asked now.", "%(num)d people are asked now.", asked)
    if left_out:
        words += " " + ngettext(
            "%(num)d was left out: asked already, settled, or out of reach of mail.",
            "%(num)d were left out: asked already, settled, or out of reach of mail.",
            left_out,
        )
    flash(words, "success" if asked else "warning")
    return redirect(url_for(".to_confirm"))


@bp.post("/sharing/<int:alumnus_id>/ask")
@access(staff_write)
def ask(alumnus_id: int) -> ResponseReturnValue:
    """Ask one person, or ask again with a new link."""
    try:
        asks.ask(current_viewer(), alumnus_id)
        flash(_("The person is asked by mail. The link works once, for 30 days; an earlier one is closed."), "success")
    except Refused as refusal:
        flash(refusal.words, "warning")
    if request.form.get("back") == "person":
        return redirect(url_for("sharing_person.sharing", alumnus_id=alumnus_id))
    return redirect(url_for(".to_confirm"))


@bp.get("/sharing/waiting")
@access(staff_read)
def waiting() -> ResponseReturnValue:
    """What staff put down and nobody has confirmed, the oldest first."""
    page = put_down_page(current_viewer(), WAITING, request.args.get("after"), request.args.get("before"))
    return _list_page("waiting", page)


@bp.get("/sharing/wrong")
@access(staff_read)
def wrong() -> ResponseReturnValue:
    """What staff put down and the person says is wrong, the latest first."""
    viewer = current_viewer()
    page = put_down_page(viewer, WRONG, request.args.get("after"), request.args.get("before"), latest_first=True)
    return _list_page("wrong", page)


def _list_page(current: str, page: Any) -> ResponseReturnValue:
    return render_template(
        "consent/staff_put_down_list.html",
        page=page,
        current=current,
        tabs=_tabs(current),
        group_names=group_names,
        joined_names=joined_names,
    )


@bp.get("/sharing/waiting/<int:proposal_id>")
@access(staff_read)
def put_down(proposal_id: int) -> ResponseReturnValue:
    """One consent that staff put down: the words, the proof, and for a second person two buttons."""
    found = _waiting_or_404(proposal_id)
    return render_template(
        "consent/staff_put_down.html",
        found=found,
        question=question_of_proposal(found.put_down.proposal),
        is_own=found.put_down.proposal.recorded_by_id == current_viewer().user_id,
    )


@bp.post("/sharing/waiting/<int:proposal_id>")
@access(staff_write)
def decide(proposal_id: int) -> ResponseReturnValue:
    """Confirm it as the second person, or refuse it."""
    found, form = _waiting_or_404(proposal_id), AnswerForm()
    if not form.validate():
        flash(_("Nothing was saved. Choose one of the answers."), "error")
        return redirect(url_for(".put_down", proposal_id=proposal_id))
    try:
        settle_proposal(found.put_down.proposal, form.is_right, form.read(), current_viewer().user_id or 0)
    except Refused as refusal:
        flash(refusal.words, "warning")
        return redirect(url_for(".put_down", proposal_id=proposal_id))
    if form.is_right:
        flash(_("Confirmed. %(partner)s sees it from now on.", partner=found.put_down.partner.name), "success")
    else:
        flash(_("Refused. Nothing is shared by it."), "success")
    return redirect(url_for(".waiting"))


def _waiting_or_404(proposal_id: int) -> Waiting:
    found = find_put_down(current_viewer(), proposal_id)
    if found is None:
        raise NotThere(f"There is nothing put down under {proposal_id}.")
    return found
