"""Language and direction of a page, and the zone of its reader."""

from flask import Blueprint, g, has_request_context, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from bsm_alumni.access import access, public
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.reference.locales import HTML_LANG, LOCALES, RTL, babel_locale

bp = Blueprint("web", __name__)


def select_locale() -> str:
    """The locale of the reader's language."""
    return babel_locale(_language())


def _language() -> str:
    """Asked for in the address, chosen before, kept in the account, or the browser's."""
    if not has_request_context():
        return "en"
    if (forced := g.get("locale")) in LOCALES:
        return str(forced)
    if (asked := request.args.get("lang")) in LOCALES:
        return str(asked)
    if (chosen := session.get("locale")) in LOCALES:
        return str(chosen)
    if (kept := current_viewer().locale) in LOCALES:
        return kept
    return request.accept_languages.best_match(list(LOCALES), default="en")


def select_zone() -> str:
    """The signed-in reader's IANA zone; UTC for everyone else."""
    return current_viewer().zone if has_request_context() else "UTC"


def page_locale() -> str:
    """The code of the page's language, such as 'ar'."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def html_lang() -> str:
    """The value of the page's ``lang`` attribute."""
    return HTML_LANG.get(page_locale(), page_locale())


def is_rtl() -> bool:
    """True when the page is written from right to left."""
    return page_locale() in RTL


def local_path(path: str | None) -> str:
    """The path if it stays on this site, else the first page: a form must not send people elsewhere."""
    if path and path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path:
        return path
    return "/"


@bp.post("/language")
@access(public)
def set_language() -> ResponseReturnValue:
    """Keep the language chosen for this browser and go back to the page."""
    chosen = request.form.get("lang", "")
    if chosen in LOCALES:
        session["locale"] = chosen
    return redirect(local_path(request.form.get("next")))
