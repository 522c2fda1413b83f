"""What devices, ways of signing in and second factors are called in the page's language."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.accounts.enums import SignInMethod

METHODS: dict[SignInMethod, Any] = {
    SignInMethod.PASSWORD: _l("with a password"),
    SignInMethod.LINK: _l("by a link in a mail"),
    SignInMethod.PASSKEY: _l("with a passkey"),
    SignInMethod.OIDC: _l("through the organisation's own sign-in"),
}
# In this order, since each browser also says that it is like those after it.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """'Firefox on Windows', as far as the browser tells; a guess that helps people to know their own devices."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A device that does not say what it is")
