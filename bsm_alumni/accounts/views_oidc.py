"""Sign-in with the organisation's own identity provider."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bsm_alumni.access import access, public
from bsm_alumni.accounts import service_oidc
from bsm_alumni.accounts.client_oidc import ProviderFailed
from bsm_alumni.web.edge import keep_changes
from bsm_alumni.web.errors import Refused
from bsm_alumni.web.locale import local_path
from config import Settings

bp = Blueprint("accounts_provider", __name__)


@bp.app_context_processor
def provider() -> dict[str, Any]:
    """What the sign-in page needs for its button: the provider's name, none where there is no provider."""
    settings = service_oidc.provider_settings()
    return {"provider_name": (settings.oidc_name or _("your organisation")) if settings else None}


@bp.get("/sign-in/provider")
@access(public)
def start() -> ResponseReturnValue:
    """Send the browser to the provider; what must come back stays in its cookie."""
    try:
        return redirect(service_oidc.start(_settings(), local_path(request.args.get("next"))))
    except ProviderFailed:
        return _refused(_("Your provider does not answer as it should. Try again later, or sign in another way.")), 502


@bp.get("/sign-in/provider/answer")
@access(public)
def answer() -> ResponseReturnValue:
    """What the provider sent: one press of a button takes it, since opening a page changes nothing."""
    _settings()
    if "code" not in request.args:
        service_oidc.give_up()
        return _refused(_("You did not sign in there, so you are not signed in here.")), 403
    fields = {name: request.args.get(name) for name in ("code", "state", "iss") if name in request.args}
    return render_template("accounts/public_provider_answer.html", fields=fields)


@bp.post("/sign-in/provider/answer")
@access(public)
def take() -> ResponseReturnValue:
    """Check the answer with the provider and sign the person in."""
    code, state, issuer = (request.form.get(name) for name in ("code", "state", "iss"))
    try:
        return redirect(local_path(service_oidc.finish(_settings(), state or "", code or "", issuer)))
    except Refused as refusal:
        # What was refused stays on record.
        keep_changes()
        return _refused(refusal.words), 403


def _settings() -> Settings:
    return service_oidc.provider_settings() or abort(404)


def _refused(words: str) -> str:
    return render_template("accounts/public_provider_refused.html", words=words)
