"""Everything held about the person, to take away: for programs as JSON, for reading as one HTML file."""

import json

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, alumnus, fresh
from bsm_alumni.audit.service import note
from bsm_alumni.rights.queries_data import holdings_of
from bsm_alumni.rights.render_data import html_file
from bsm_alumni.rights.views_alumni import own_profile

bp = Blueprint("rights_data", __name__)


@bp.get("/data")
@access(fresh(alumnus))
def data() -> ResponseReturnValue:
    """What the files hold, with the links to them."""
    held = holdings_of(own_profile())
    return render_template("rights/me_data.html", sections=held.sections)


@bp.get("/data.json")
@access(fresh(alumnus))
def data_json() -> ResponseReturnValue:
    """Everything, as a program reads it."""
    held = holdings_of(own_profile())
    note("data.downloaded", "alumni", held.alumnus_id, {"format": "json"})
    text = json.dumps(held.to_json(), ensure_ascii=False, indent=1)
    return _file(text, "application/json", "my-data.json")


@bp.get("/data.html")
@access(fresh(alumnus))
def data_html() -> ResponseReturnValue:
    """Everything, as a person reads and prints it."""
    held = holdings_of(own_profile())
    note("data.downloaded", "alumni", held.alumnus_id, {"format": "html"})
    return _file(html_file(held), "text/html; charset=utf-8", "my-data.html")


def _file(text: str, content_type: str, name: str) -> Response:
    answer = Response(text.encode(), content_type=content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
