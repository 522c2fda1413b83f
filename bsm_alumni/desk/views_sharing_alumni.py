"""An alumnus decides who sees what of them: each partner, part by part, in words that are kept."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, alumnus
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.consent.words import NAMES, group_names
from bsm_alumni.desk import service_sharing as service
from bsm_alumni.desk.forms_sharing import AnswerForm, PartsForm
from bsm_alumni.desk.queries_partner import find_shared
from bsm_alumni.desk.queries_sharing import Sharing, history_page, sharing_of
from bsm_alumni.desk.views_alumni import own_profile
from bsm_alumni.desk.words import joined_names
from bsm_alumni.desk.words_examples import examples
from bsm_alumni.desk.words_sharing import withdrawal_sentence
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.web.errors import Refused

bp = Blueprint("sharing_me", __name__)


def pieces(sharing: Sharing) -> dict[str, Any]:
    """What the templates need to show a statement and what staff put down."""
    return {
        "sharing": sharing,
        "statement_question": service.question_of_statement(sharing),
        "stated_names": joined_names([one.partner.name for one in sharing.stated]),
        "joined_names": joined_names,
        "group_names": group_names,
    }


@bp.get("/sharing")
@access(alumnus)
def sharing() -> ResponseReturnValue:
    """Each partner with what it may see, as boxes beside the words that are kept with the answer."""
    person = own_profile()
    held, seen = sharing_of(person), find_shared(current_viewer(), person.id)
    return render_template(
        "alumni/me_sharing.html",
        **pieces(held),
        questions={one.partner.id: service.question_of(one) for one in held.partners},
        proposal_questions={one.proposal.id: service.question_of_proposal(one.proposal) for one in held.waiting},
        examples=examples(seen) if seen is not None else {},
        withdrawal_sentence=withdrawal_sentence,
        zone=person.zone or current_viewer().zone,
    )


@bp.post("/sharing/<int:organisation_id>")
@access(alumnus)
def save(organisation_id: int) -> ResponseReturnValue:
    """Make the ticked parts what this partner may see; it counts from the next page that anybody opens."""
    person, form = own_profile(), PartsForm()
    if not form.validate():
        flash(_("Nothing was saved. Tick the boxes again."), "error")
        return _back()
    try:
        shared = service.save(person, organisation_id, form.ticked(), form.read())
        _say(person, organisation_id, shared)
    except Refused as refusal:
        flash(refusal.words, "warning")
    return _back()


@bp.post("/sharing/<int:organisation_id>/withdraw")
@access(alumnus)
def withdraw(organisation_id: int) -> ResponseReturnValue:
    """Take everything back from one partner, in one tap."""
    person = own_profile()
    service.withdraw(person, organisation_id, request.form.get("shown_in", ""))
    _say(person, organisation_id, frozenset())
    return _back()


@bp.post("/sharing/statement")
@access(alumnus)
def answer_statement() -> ResponseReturnValue:
    """Say whether what the register says is right."""
    person, form = own_profile(), AnswerForm()
    if not form.validate():
        flash(_("Nothing was saved. Choose one of the answers."), "error")
        return _back()
    try:
        service.answer_statement(person, form.is_right, form.read())
        _say_all(sharing_of(person))
    except Refused as refusal:
        flash(refusal.words, "warning")
    return _back()


@bp.post("/sharing/put-down/<int:proposal_id>")
@access(alumnus)
def answer_proposal(proposal_id: int) -> ResponseReturnValue:
    """Confirm what staff put down, or say that it is wrong."""
    person, form = own_profile(), AnswerForm()
    if not form.validate():
        flash(_("Nothing was saved. Choose one of the answers."), "error")
        return _back()
    try:
        service.answer_proposal(person, proposal_id, form.is_right, form.read(), current_viewer().user_id or 0)
        if form.is_right:
            _say_all(sharing_of(person))
        else:
            flash(_("Thank you. Nothing is shared by it, and the programme is told that it is wrong."), "success")
    except Refused as refusal:
        flash(refusal.words, "warning")
    return _back()


@bp.get("/sharing/history")
@access(alumnus)
def history() -> ResponseReturnValue:
    """What the person said so far, in the words of then."""
    person = own_profile()
    return render_template(
        "alumni/me_sharing_history.html",
        page=history_page(person.id, request.args.get("after"), request.args.get("before")),
        zone=person.zone or current_viewer().zone,
        group_name=NAMES.__getitem__,
        own_words=_("Said by yourself."),
    )


def _back() -> ResponseReturnValue:
    if request.form.get("back") == "home":
        return redirect(url_for("alumni_me.home", _anchor="who"))
    return redirect(url_for(".sharing"))


def _say(person: Alumnus, organisation_id: int, shared: frozenset[FieldGroup]) -> None:
    """What this partner sees from now on, in a sentence."""
    one = sharing_of(person).find(organisation_id)
    name = one.partner.name if one is not None else ""
    if one is not None and shared and one.why is not None:
        flash(_("Saved. %(partner)s sees nothing of you at present all the same.", partner=name), "success")
    elif one is not None and shared:
        names = joined_names(group_names(one.groups))
        flash(_("Saved. From now on %(partner)s sees of you: %(parts)s.", partner=name, parts=names), "success")
    else:
        flash(_("Saved. %(partner)s sees nothing of you from now on.", partner=name), "success")


def _say_all(held: Sharing) -> None:
    names = [one.partner.name for one in held.partners if one.groups]
    if names:
        flash(
            _("Saved. These partners may see you from now on: %(partners)s.", partners=joined_names(names)), "success"
        )
    else:
        flash(_("Saved. No partner sees you from now on."), "success")
