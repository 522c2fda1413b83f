"""The rail: one table of pages by audience. A page that does not exist yet is not linked."""

from typing import NamedTuple

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from bsm_alumni.access.guard import policy_of
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.accounts.enums import Role

STAFF = (
    ("staff_home.home", _l("Home"), "/staff/home"),
    ("alumni_staff.roster", _l("Alumni"), "/staff/alumni"),
    ("sharing_staff.to_confirm", _l("Sharing"), "/staff/sharing"),
    ("cohorts_staff.cohorts", _l("Cohorts"), "/staff/cohorts"),
    ("events_staff.events", _l("Events"), "/staff/events"),
    ("planning_staff.plans", _l("Plan"), "/staff/plan"),
    ("mail_staff.outbox", _l("Mail"), "/staff/mail"),
    ("imports_staff.imports", _l("Imports"), "/staff/imports"),
    ("rights_staff.requests", _l("Requests"), "/staff/requests"),
    ("settings_staff.settings", _l("Settings"), "/staff/settings"),
)
PARTNER = (
    ("alumni_partner.roster", _l("Alumni"), "/partner/alumni"),
    ("events_partner.events", _l("Events"), "/partner/events"),
    ("alumni_partner.in_numbers", _l("In numbers"), "/partner/figures"),
    ("users_partner.users", _l("Our users"), "/partner/users"),
)
ALUMNUS = (
    ("alumni_me.home", _l("Home"), "/me/"),
    ("alumni_me.profile", _l("My profile"), "/me/profile"),
    ("alumni_me.availability", _l("My availability"), "/me/availability"),
    ("sharing_me.sharing", _l("Who can see me"), "/me/sharing"),
    ("rights_me.rights", _l("My data"), "/me/rights"),
)
BY_ROLE = {
    Role.ADMIN: STAFF,
    Role.OFFICER: STAFF,
    Role.VIEWER: STAFF,
    Role.PARTNER: PARTNER,
    Role.ALUMNUS: ALUMNUS,
}


class NavItem(NamedTuple):
    """One link of the rail."""

    url: str
    label: str
    is_current: bool


def nav_items() -> list[NavItem]:
    """The pages of the viewer's rail that exist and are open to them."""
    viewer = current_viewer()
    items = []
    for endpoint, label, prefix in BY_ROLE.get(viewer.role, ()) if viewer.role else ():
        policy = policy_of(current_app, endpoint)
        if policy is not None and policy.allows(viewer):
            current = request.path == prefix or request.path.startswith(prefix.rstrip("/") + "/")
            if prefix == "/me/":
                current = request.path == prefix
            items.append(NavItem(url_for(endpoint), str(label), current))
    return items
