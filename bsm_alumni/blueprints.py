"""The one table of pages: blueprint → URL prefix."""

from flask import Flask

from bsm_alumni.accounts.views_public import bp as accounts_public
from bsm_alumni.web.assets import bp as assets
from bsm_alumni.web.health import bp as health
from bsm_alumni.web.locale import bp as web

BLUEPRINTS = (
    (accounts_public, ""),
    (assets, "/assets"),
    (health, ""),
    (web, ""),
)


def register_blueprints(app: Flask) -> None:
    """Register every blueprint under its prefix."""
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
