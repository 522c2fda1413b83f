"""Headers that every answer carries, and the one host name that production answers to."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import SecurityError

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

# What browsers could let a page do and no page of ours needs. Passkeys are for ourselves alone.
NO_FEATURES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
OWN_FEATURES = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY = ", ".join([*(f"{name}=()" for name in NO_FEATURES), *(f"{name}=(self)" for name in OWN_FEATURES)])

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
# Two years, as the lists of browsers ask.
STAY_ON_HTTPS = "max-age=63072000; includeSubDomains"

PUBLIC_FILES = frozenset({"static", "assets.bootstrap_css", "assets.htmx"})
FOUND = frozenset({200, 206, 304})


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers[name] = value
    # The page that says that a file is not there is a page like any other.
    if request.endpoint not in PUBLIC_FILES or response.status_code not in FOUND:
        response.headers["Cache-Control"] = "no-store"
    if _has_secret_address():
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _has_secret_address() -> bool:
    """True where the address itself is the secret: an invitation, a sign-in link, a private calendar."""
    rule = request.url_rule
    return request.path.startswith("/i/") or (rule is not None and "token" in rule.arguments)


def init_headers(app: Flask) -> None:
    """Send the headers with every answer; in production also ask browsers to stay on HTTPS and check host and port."""
    app.after_request(_add)
    settings = app.extensions["bsm_settings"]
    if settings.is_demo:
        return
    own = urlsplit(settings.base_url)
    own_port = own.port or 443

    @app.before_request
    def _check_host() -> None:
        # TRUSTED_HOSTS looks at the name alone; an address with another port would lead people there.
        try:
            port = urlsplit(f"https://{request.host}").port or 443
        except ValueError as error:
            raise SecurityError("No such port.") from error
        if port != own_port:
            raise SecurityError("Not the port of this site.")

    @app.after_request
    def _stay_on_https(response: Response) -> Response:
        response.headers["Strict-Transport-Security"] = STAY_ON_HTTPS
        return response
