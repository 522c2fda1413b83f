"""The one table of pages: blueprint → URL prefix."""

from flask import Flask

from bsm_alumni.accounts.views_public import bp as accounts_public
from bsm_alumni.alumni.views_staff import bp as alumni_staff
from bsm_alumni.alumni.views_staff_edit import bp as alumni_staff_edit
from bsm_alumni.cohorts.views_staff import bp as cohorts_staff
from bsm_alumni.cohorts.views_staff_courses import bp as cohorts_staff_courses
from bsm_alumni.cohorts.views_staff_enrolments import bp as cohorts_staff_enrolments
from bsm_alumni.desk.views_partner import bp as alumni_partner
from bsm_alumni.matching.views_staff import bp as matching_staff
from bsm_alumni.reference.views_staff import bp as reference_staff
from bsm_alumni.web.assets import bp as assets
from bsm_alumni.web.health import bp as health
from bsm_alumni.web.locale import bp as web

BLUEPRINTS = (
    (accounts_public, ""),
    (alumni_partner, "/partner"),
    (alumni_staff, "/staff"),
    (alumni_staff_edit, "/staff"),
    (assets, "/assets"),
    (cohorts_staff, "/staff"),
    (cohorts_staff_courses, "/staff"),
    (cohorts_staff_enrolments, "/staff"),
    (health, ""),
    (matching_staff, "/staff"),
    (reference_staff, "/staff/settings"),
    (web, ""),
)


def register_blueprints(app: Flask) -> None:
    """Register every blueprint under its prefix."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
