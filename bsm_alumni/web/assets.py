"""Files from packages that pages need: Bootstrap in both directions, and htmx."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, request, send_from_directory
from flask.typing import ResponseReturnValue

from bsm_alumni.access import access, public
from bsm_alumni.web.locale import is_rtl

bp = Blueprint("assets", __name__)

YEAR = 365 * 24 * 3600


@cache
def _folder(package: str, *inside: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"The package {package} is not installed.")
    return Path(next(iter(spec.submodule_search_locations)), *inside)


FILES = {
    "bootstrap.css": lambda: _folder("bootstrap", "css") / "bootstrap.min.css",
    "bootstrap.rtl.css": lambda: _folder("bootstrap", "css") / "bootstrap.rtl.min.css",
    "htmx.js": lambda: _folder("js_lib_htmx", "static", "htmx") / "htmx.min.js",
}


@cache
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _send(name: str) -> ResponseReturnValue:
    path = FILES[name]()
    return send_from_directory(path.parent, path.name, max_age=YEAR)


@bp.get("/bootstrap.css")
@access(public)
def bootstrap_css() -> ResponseReturnValue:
    """Bootstrap's style sheet for pages written from left to right, or with ``dir=rtl`` from right to left."""
    return _send("bootstrap.rtl.css" if request.args.get("dir") == "rtl" else "bootstrap.css")


@bp.get("/htmx.js")
@access(public)
def htmx() -> ResponseReturnValue:
    """The script that makes staff pages quicker."""
    return _send("htmx.js")


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the file's version into its address, so that browsers may keep it for a year."""
    if endpoint == "static":
        path = Path(current_app.static_folder or "", values["filename"])
        if path.is_file():
            values.setdefault("v", _version(path))
    elif endpoint == "assets.bootstrap_css":
        direction = "rtl" if is_rtl() else "ltr"
        values.setdefault("dir", direction)
        values.setdefault("v", _version(FILES["bootstrap.rtl.css" if direction == "rtl" else "bootstrap.css"]()))
    elif endpoint == "assets.htmx":
        values.setdefault("v", _version(FILES["htmx.js"]()))


def init_assets(app: Flask) -> None:
    """Let the addresses of files carry their versions."""
    app.url_defaults(_add_version)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.view_functions["static"] = access(public)(app.view_functions["static"])
