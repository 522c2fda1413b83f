"""The words of mails about rights, made when they are sent, in the reader's language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.extensions import db
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of, page_url, rendered
from bsm_alumni.mail.service import Renderer
from bsm_alumni.rights.enums import ErasureState
from bsm_alumni.rights.models import Erasure, RetentionAsk, RightsRequest
from bsm_alumni.rights.service_erasures import FAREWELL
from bsm_alumni.rights.service_notices import NOTICE
from bsm_alumni.rights.service_requests import ANSWER
from bsm_alumni.rights.service_stay import STAY
from bsm_alumni.rights.words import STATES, item_words
from bsm_alumni.web.filters import day


@dataclass(frozen=True, slots=True)
class Words:
    """Subject, paragraphs, what is quoted, and the page to open."""

    subject: str
    told: Sequence[str]
    quoted: str = ""
    page: str = ""


def _render(name: str, locale: str, make: Callable[[], Words | None]) -> Message | None:
    with in_language_of(locale) as language:
        words = make()
        if words is None:
            return None
        values: dict[str, Any] = {
            "name": name,
            "told": words.told,
            "quoted": words.quoted,
            "url": page_url(words.page) if words.page else "",
        }
        return rendered("rights", words.subject, language, values)


def _to_alumnus(mail: Mail, make: Callable[[Alumnus], Words | None]) -> Message | None:
    alumnus = db.session.get(Alumnus, mail.alumnus_id) if mail.alumnus_id else None
    if alumnus is None or alumnus.status is AlumnusStatus.ERASED:
        return None
    return _render(alumnus.display_name, alumnus.locale, lambda: make(alumnus))


def render_answer(mail: Mail) -> Message | None:
    """What staff answered to a request."""
    request = db.session.get(RightsRequest, mail.params["request"])

    def words(_alumnus: Alumnus) -> Words | None:
        if request is None or request.answered_at is None:
            return None
        about = {"item": item_words(request.item), "day": day(request.asked_at), "state": STATES[request.state]}
        told = (
            _("You sent a request on %(day)s, about: %(item)s.", **about),
            _("What came of it: %(state)s.", **about),
            _("The programme's answer:"),
        )
        return Words(_("The answer to your request"), told, request.answer, "/me/requests")

    return _to_alumnus(mail, words)


def render_farewell(mail: Mail) -> Message | None:
    """The last mail before somebody is erased."""
    erasure = db.session.get(Erasure, mail.params["erasure"])

    def words(_alumnus: Alumnus) -> Words | None:
        if erasure is None or erasure.state is not ErasureState.APPROVED:
            return None
        told = (
            _("Everything the programme holds about you is being erased now, as it was asked for."),
            _("Partners that saw or received something about you are told to delete their copies."),
            _("This is the last mail you get. Seats you held in sessions are given to others."),
        )
        return Words(_("Your data is being erased"), told)

    return _to_alumnus(mail, words)


def _export_words(one: str, number: int | None) -> str:
    on = day(date.fromisoformat(one))
    return _("export %(number)s of %(day)s", number=number, day=on) if number else on


def render_notice(mail: Mail) -> Message | None:
    """To a recipient: delete your copies. The person is a number, and the days of the exports."""
    user = db.session.get(User, mail.params["user"])
    if user is None or not user.active:
        return None

    def words() -> Words:
        first, last = (day(date.fromisoformat(mail.params[key])) for key in ("first", "last"))
        number = mail.params["alumnus"]
        told = [
            _("The person with number %(number)s in the registry asked to be erased.", number=number),
            _("Your organisation saw data of this person between %(first)s and %(last)s.", first=first, last=last),
        ]
        if mail.params["exports"]:
            files = ", ".join(_export_words(one, number) for one, number in mail.params["exports"])
            told.append(_("They stand under this number in these files of yours: %(files)s.", files=files))
        told.append(_("Delete your copies, and those you passed on. You need not answer this mail."))
        return Words(_("Delete your copies: number %(number)s of the registry", number=number), told)

    return _render(user.name or user.email, user.locale, words)


def render_stay(mail: Mail) -> Message | None:
    """Do you want to stay? To somebody whose profile nobody ever confirmed."""
    ask = db.session.get(RetentionAsk, mail.alumnus_id) if mail.alumnus_id else None

    def words(alumnus: Alumnus) -> Words | None:
        if ask is None or alumnus.profile_confirmed_at is not None:
            return None
        told = (
            _(
                "The Border Security and Management programme has kept a profile of you since %(day)s.",
                day=day(alumnus.created_at),
            ),
            _("You never confirmed it. The programme keeps such profiles for a limited time only."),
            _("To stay, sign in, look at your profile and say that it is right, by %(day)s.", day=day(ask.erase_on)),
            _("If you do nothing, everything held about you is erased after that day."),
        )
        return Words(_("Do you want to stay with the programme?"), told, page="/me/profile")

    return _to_alumnus(mail, words)


RENDERERS: dict[str, Renderer] = {
    ANSWER: render_answer,
    FAREWELL: render_farewell,
    NOTICE: render_notice,
    STAY: render_stay,
}
