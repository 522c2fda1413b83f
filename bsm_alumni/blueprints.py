"""The one table of pages: blueprint → URL prefix."""

from flask import Flask

from bsm_alumni.accounts.views_confirm import bp as account
from bsm_alumni.accounts.views_invitation import bp as accounts_welcome
from bsm_alumni.accounts.views_links import bp as account_links
from bsm_alumni.accounts.views_oidc import bp as accounts_provider
from bsm_alumni.accounts.views_passkeys import bp as passkeys
from bsm_alumni.accounts.views_public import bp as accounts_public
from bsm_alumni.accounts.views_second_factor import bp as second_factor
from bsm_alumni.alumni.views_photo import me as photo_me
from bsm_alumni.alumni.views_photo import staff as photo_staff
from bsm_alumni.alumni.views_staff import bp as alumni_staff
from bsm_alumni.alumni.views_staff_contacts import bp as contacts_staff
from bsm_alumni.alumni.views_staff_edit import bp as alumni_staff_edit
from bsm_alumni.approvals.views_staff import bp as approvals_staff
from bsm_alumni.assignments.views_alumni import bp as assignments_me
from bsm_alumni.assignments.views_public import bp as assignments_public
from bsm_alumni.assignments.views_staff import bp as assignments_staff
from bsm_alumni.audit.views_staff import bp as audit_staff
from bsm_alumni.cohorts.views_staff import bp as cohorts_staff
from bsm_alumni.cohorts.views_staff_courses import bp as cohorts_staff_courses
from bsm_alumni.cohorts.views_staff_enrolments import bp as cohorts_staff_enrolments
from bsm_alumni.desk.views_alumni_profile import bp as alumni_me
from bsm_alumni.desk.views_event import bp as desk_staff
from bsm_alumni.desk.views_events_partner import bp as events_partner
from bsm_alumni.desk.views_home import bp as staff_home
from bsm_alumni.desk.views_partner import bp as alumni_partner
from bsm_alumni.desk.views_sharing_alumni import bp as sharing_me
from bsm_alumni.desk.views_sharing_person import bp as sharing_person
from bsm_alumni.desk.views_sharing_public import bp as sharing_public
from bsm_alumni.desk.views_sharing_staff import bp as sharing_staff
from bsm_alumni.desk.views_users_partner import bp as users_partner
from bsm_alumni.events.views_series import bp as series_staff
from bsm_alumni.events.views_slots import bp as slots_staff
from bsm_alumni.events.views_staff import bp as events_staff
from bsm_alumni.imports.views_staff import bp as imports_staff
from bsm_alumni.mail.views_staff import bp as mail_staff
from bsm_alumni.matching.views_staff import bp as matching_staff
from bsm_alumni.organisations.views_agreements import bp as agreements_staff
from bsm_alumni.organisations.views_staff import bp as organisations_staff
from bsm_alumni.planning.views_staff import bp as planning_staff
from bsm_alumni.planning.views_staff_apply import bp as planning_apply
from bsm_alumni.planning.views_staff_seats import bp as planning_seats
from bsm_alumni.reference.views_staff import bp as reference_staff
from bsm_alumni.rights.views_alumni import bp as rights_me
from bsm_alumni.rights.views_data import bp as rights_data
from bsm_alumni.rights.views_retention import bp as retention_staff
from bsm_alumni.rights.views_staff import bp as rights_staff
from bsm_alumni.settings.views_alumni_users import bp as users_alumni
from bsm_alumni.settings.views_oidc import bp as provider_staff
from bsm_alumni.settings.views_staff import bp as settings_staff
from bsm_alumni.settings.views_users import bp as users_staff
from bsm_alumni.web.assets import bp as assets
from bsm_alumni.web.health import bp as health
from bsm_alumni.web.locale import bp as web

BLUEPRINTS = (
    (account, "/account"),
    (account_links, ""),
    (accounts_provider, ""),
    (accounts_public, ""),
    (accounts_welcome, ""),
    (agreements_staff, "/staff/settings/organisations"),
    (alumni_me, "/me"),
    (alumni_partner, "/partner"),
    (alumni_staff, "/staff"),
    (alumni_staff_edit, "/staff"),
    (approvals_staff, "/staff"),
    (assets, "/assets"),
    (assignments_me, "/me"),
    (assignments_public, ""),
    (assignments_staff, "/staff"),
    (audit_staff, "/staff"),
    (cohorts_staff, "/staff"),
    (cohorts_staff_courses, "/staff"),
    (cohorts_staff_enrolments, "/staff"),
    (contacts_staff, "/staff"),
    (desk_staff, "/staff/events"),
    (events_partner, "/partner"),
    (events_staff, "/staff/events"),
    (health, ""),
    (imports_staff, "/staff"),
    (mail_staff, "/staff"),
    (matching_staff, "/staff"),
    (organisations_staff, "/staff/settings/organisations"),
    (passkeys, ""),
    (photo_me, "/me"),
    (photo_staff, "/staff"),
    (planning_apply, "/staff"),
    (planning_seats, "/staff"),
    (planning_staff, "/staff"),
    (reference_staff, "/staff/settings"),
    (second_factor, ""),
    (retention_staff, "/staff/settings/retention"),
    (rights_data, "/me"),
    (rights_me, "/me"),
    (rights_staff, "/staff"),
    (series_staff, "/staff/events/series"),
    (settings_staff, "/staff"),
    (sharing_me, "/me"),
    (sharing_person, "/staff"),
    (sharing_public, ""),
    (sharing_staff, "/staff"),
    (slots_staff, "/staff/events"),
    (staff_home, "/staff"),
    (provider_staff, "/staff/settings"),
    (users_alumni, "/staff"),
    (users_partner, "/partner"),
    (users_staff, "/staff/settings/users"),
    (web, ""),
)


def register_blueprints(app: Flask) -> None:
    """Register every blueprint under its prefix."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
