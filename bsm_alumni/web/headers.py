"""Headers that every answer carries."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

PUBLIC_FILES = frozenset({"static", "assets.bootstrap_css", "assets.htmx"})


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in PUBLIC_FILES:
        response.headers["Cache-Control"] = "no-store"
    # The link itself is the secret of an invitation.
    if request.path.startswith("/i/"):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def init_headers(app: Flask) -> None:
    """Send the headers with every answer; over HTTPS also ask browsers to stay there."""
    app.after_request(_add)
    if not app.extensions["bsm_settings"].is_demo:
        header = "max-age=31536000; includeSubDomains"

        @app.after_request
        def _stay_on_https(response: Response) -> Response:
            response.headers["Strict-Transport-Security"] = header
            return response
