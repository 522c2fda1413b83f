"""What every answer must look like, whatever it answers."""

from werkzeug.test import TestResponse

# Written out here and not read from the code.
ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STAY_ON_HTTPS = "max-age=63072000; includeSubDomains"
# Features of browsers that other pages were caught abusing; none is open to anybody but ourselves.
CLOSED = (
    "camera", "microphone", "geolocation", "usb", "serial", "hid", "midi", "payment", "display-capture",
    "browsing-topics", "fullscreen", "accelerometer", "gyroscope", "magnetometer",
)  # fmt: skip
MAY_BE = {
    "Content-Type", "Content-Length", "Cache-Control", "Vary", "Date", "Content-Encoding", "Set-Cookie", "Location",
    "Allow", "Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges", "Referrer-Policy", "Permissions-Policy",
    "Strict-Transport-Security", "Expires", "Clear-Site-Data",
}  # fmt: skip


def faults_of(answer: TestResponse, *, production: bool, public_file: bool = False, secret: bool = False) -> list[str]:
    """All that is wrong with the headers of an answer; nothing for a good one."""
    headers, faults = answer.headers, []
    expected = {**ALWAYS, "Referrer-Policy": "no-referrer" if secret else "same-origin"}
    if production:
        expected["Strict-Transport-Security"] = STAY_ON_HTTPS
    for name, value in expected.items():
        if headers.getlist(name) != [value]:
            faults.append(f"{name}: {headers.getlist(name)}")
    if not production and "Strict-Transport-Security" in headers:
        faults.append("Strict-Transport-Security in the demo")
    permissions = headers.getlist("Permissions-Policy")
    if len(permissions) != 1 or [name for name in CLOSED if f"{name}=()" not in permissions[0].split(", ")]:
        faults.append(f"Permissions-Policy: {permissions}")
    caching = headers.getlist("Cache-Control")
    kept = public_file and answer.status_code in (200, 304)
    if (caching != ["no-store"]) is not kept:
        faults.append(f"Cache-Control: {caching}")
    faults += [f"{name} is not expected" for name, _value in headers if name not in {*expected, *MAY_BE}]
    if ("Allow" in headers) is not (
        answer.status_code == 405 or (answer.request.method == "OPTIONS" and answer.status_code == 200)
    ):
        faults.append(f"Allow: {headers.get('Allow')}")
    if ("Location" in headers) is not (300 <= answer.status_code < 400 and answer.status_code != 304):
        faults.append(f"Location: {headers.get('Location')}")
    if answer.status_code == 200 and answer.request.method == "GET" and not headers.get("Content-Type"):
        faults.append("no Content-Type")
    return faults + cookie_faults(answer, production)


def cookie_faults(answer: TestResponse, production: bool) -> list[str]:
    """What is wrong with the cookies that an answer sets."""
    faults = []
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, _equals, rest = cookie.partition("=")
        parts = {part.strip().split("=")[0].lower(): part.strip() for part in rest.split(";")[1:]}
        if "domain" in parts or parts.get("path") != "Path=/" or "httponly" not in parts:
            faults.append(f"cookie {name}: {sorted(parts)}")
        if parts.get("samesite") not in ("SameSite=Lax", "SameSite=Strict"):
            faults.append(f"cookie {name}: {parts.get('samesite')}")
        if production and (not name.startswith("__Host-") or "secure" not in parts):
            faults.append(f"cookie {name} could be set by a neighbour")
    return faults
