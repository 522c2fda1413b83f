"""An alumnus's first page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_percent

from bsm_alumni.access import access, alumnus
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.assignments.queries import asked_of, coming_for
from bsm_alumni.consent.words import group_names
from bsm_alumni.desk import service_sharing
from bsm_alumni.desk.links import find_url
from bsm_alumni.desk.queries_alumni import profile_completeness
from bsm_alumni.desk.queries_sharing import sharing_of
from bsm_alumni.desk.words import joined_names, next_step_words
from bsm_alumni.desk.words_sharing import withdrawal_sentence

bp = Blueprint("alumni_me", __name__)


def own_profile() -> Alumnus:
    """The profile of the person who is signed in."""
    viewer = current_viewer()
    return get_visible(viewer, viewer.alumnus_id or 0)


@bp.get("/")
@access(alumnus)
def home() -> ResponseReturnValue:
    """What is asked, what is next, who sees the person, what the profile lacks."""
    person = own_profile()
    sharing = sharing_of(person)
    complete = profile_completeness(person, sharing)
    return render_template(
        "alumni/me_home.html",
        person=person,
        zone=person.zone or current_viewer().zone,
        asked=asked_of(person.id),
        coming=coming_for(person.id),
        find_url=find_url,
        sharing=sharing,
        statement_question=service_sharing.question_of_statement(sharing),
        stated_names=joined_names([one.partner.name for one in sharing.stated]),
        questions={one.partner.id: service_sharing.short_question_of(one) for one in sharing.partners},
        joined_names=joined_names,
        group_names=group_names,
        withdrawal_sentence=withdrawal_sentence,
        complete=complete,
        percent=format_percent(complete.percent / 100),
        next_step=next_step_words(complete.next_part),
    )
