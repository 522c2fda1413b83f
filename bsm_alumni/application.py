"""The application: one init function after another."""

import hashlib
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bsm_alumni import models as models
from bsm_alumni.access.guard import check_marks, guard_request
from bsm_alumni.access.wall import raise_for_request
from bsm_alumni.accounts.security import init_security
from bsm_alumni.audit.service_denials import init_denials
from bsm_alumni.blueprints import register_blueprints
from bsm_alumni.database import engine_options, init_database
from bsm_alumni.demo.clock import use_demo_clock
from bsm_alumni.extensions import babel, compress, csrf, db, migrate
from bsm_alumni.jobs.queue import wake_function
from bsm_alumni.web.assets import init_assets
from bsm_alumni.web.edge import init_edge
from bsm_alumni.web.errors import init_errors
from bsm_alumni.web.filters import init_filters
from bsm_alumni.web.headers import init_headers
from bsm_alumni.web.locale import select_locale, select_zone
from bsm_alumni.web.numbers import init_numbers
from bsm_alumni.worker import APPROVAL_KINDS, MAIL_RENDERERS
from config import ROOT, Settings, read_settings

LARGEST_UPLOAD = 20 * 1024 * 1024


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Build the application. Raises UnsafeSettings, UnsafeDatabase or UnmarkedEndpoint rather than start unsafely."""
    settings = settings or read_settings()
    app = Flask("bsm_alumni", root_path=str(ROOT), template_folder="templates", static_folder="static")
    secure = settings.base_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        TRUSTED_HOSTS=[settings.host] if secure else [settings.host, "127.0.0.1", "localhost"],
        SESSION_COOKIE_NAME="__Host-bsm" if secure else "bsm",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        # Pages under a secret link send no referrer, so forms there could not be posted; the token is what protects.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_TRANSLATION_DIRECTORIES="translations",
        SECURITY_PASSWORD_SALT=hashlib.sha256(b"salt:" + settings.secret_key.encode()).hexdigest(),
    )
    app.config.update(overrides)
    app.testing = bool(app.config.get("TESTING"))
    app.extensions["bsm_settings"] = settings
    app.extensions["bsm_mail_renderers"] = MAIL_RENDERERS
    app.extensions["bsm_approval_kinds"] = APPROVAL_KINDS
    app.extensions["bsm_wake"] = wake_function(settings)
    if secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    use_demo_clock(settings)
    init_numbers(app)
    init_database(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=select_locale, timezone_selector=select_zone)
    csrf.init_app(app)
    compress.init_app(app)
    init_headers(app)
    init_edge(app)
    init_security(app)
    app.before_request(guard_request)
    app.before_request(raise_for_request)
    register_blueprints(app)
    init_assets(app)
    init_filters(app)
    init_errors(app)
    init_denials(app)
    check_marks(app)
    return app
