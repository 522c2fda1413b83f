"""Default deny: a view without a mark is refused, and the application does not start with one."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bsm_alumni.access.rules import Policy, half_signed_in
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.rules_sessions import is_fresh
from bsm_alumni.accounts.service_sessions import find_current_session
from bsm_alumni.audit.service_denials import note_denied
from bsm_alumni.extensions import utc_now

View = TypeVar("View", bound=Callable[..., Any])


class UnmarkedEndpoint(Exception):
    """An endpoint without an access policy."""


def access(policy: Policy) -> Callable[[View], View]:
    """Mark a view with the policy that the guard enforces. Stands below the route decorator."""

    def mark(view: View) -> View:
        view.access_policy = policy  # type: ignore[attr-defined]
        return view

    return mark


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy on the function that Flask would call, whatever order its decorators stand in."""
    return getattr(app.view_functions.get(endpoint), "access_policy", None)


def guard_request() -> ResponseReturnValue | None:
    """Refuse what the policy does not allow; ask anonymous visitors to sign in."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    policy = policy_of(current_app, endpoint)
    if policy is None:
        note_denied("policy")
        abort(403)
    viewer = current_viewer()
    if policy.allows(viewer):
        return _ask_again() if policy.fresh and not _is_fresh() else None
    if viewer.role is None:
        # The first page sends those who have still to show a second factor on.
        if request.method == "GET":
            return _sent_to("accounts_public.home")
        note_denied("policy")
        abort(401)
    if policy is half_signed_in and request.method == "GET":
        # Somebody went back in the browser's history, to a step that is done.
        return redirect(url_for("accounts_public.home"))
    note_denied("policy")
    abort(403)


def _is_fresh() -> bool:
    row = find_current_session()
    return row is not None and is_fresh(row.fresh_at, utc_now())


def _ask_again() -> ResponseReturnValue:
    """Ask for a new proof and come back; what a form held is lost, so pages with such forms ask before they show."""
    return _sent_to("account.confirm")


def _sent_to(endpoint: str) -> ResponseReturnValue:
    back = request.full_path if request.method == "GET" else _page_of_form()
    return redirect(f"{url_for(endpoint)}?{urlencode({'next': back})}")


def _page_of_form() -> str:
    """Where a form that was posted stands: at its own address, or at the one above it, as a button's page does."""
    adapter = current_app.create_url_adapter(request)
    for path in (request.path, request.path.rpartition("/")[0]):
        if path and adapter is not None and adapter.test(path, method="GET"):
            return path
    return "/"


def check_marks(app: Flask) -> None:
    """Raise ``UnmarkedEndpoint`` naming every endpoint that carries no policy."""
    bare = sorted(endpoint for endpoint in app.view_functions if policy_of(app, endpoint) is None)
    if bare:
        raise UnmarkedEndpoint(f"No access policy on: {', '.join(bare)}")
