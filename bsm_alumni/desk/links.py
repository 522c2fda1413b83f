"""Addresses of pages, as far as there are such pages and the viewer may open them."""

from typing import Any

from flask import current_app, url_for

from bsm_alumni.access.guard import policy_of
from bsm_alumni.access.viewer import current_viewer


def find_url(endpoint: str, **values: Any) -> str | None:
    """The page's address; None when there is no such page, or it is not open to this viewer."""
    policy = policy_of(current_app, endpoint)
    return url_for(endpoint, **values) if policy is not None and policy.allows(current_viewer()) else None
