"""What templates can call: names of codes, times in two zones, navigation."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, url_for
from flask_babel import format_date, format_datetime

from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.reference.countries import country_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.reference.zones import zone_label
from bsm_alumni.web.locale import html_lang, is_rtl, page_locale
from bsm_alumni.web.navigation import nav_items


def country(code: str | None) -> str:
    """The UN short name in the page's language; empty for no country."""
    return country_name(code, page_locale()) if code else ""


def language(code: str | None) -> str:
    """A language's name in the page's language."""
    return language_name(code, page_locale()) if code else ""


def day(value: date | datetime | None) -> str:
    """'8 July 2026' in the page's language."""
    return format_date(value, "d MMMM y" if page_locale() == "en" else "long", rebase=False) if value else ""


def zone_words(zone: str, at: datetime) -> str:
    """City and UTC offset of a zone at an instant, in the page's language."""
    return zone_label(zone, at, page_locale())


def when(value: datetime | None, zone: str = "UTC", style: str = "full") -> str:
    """'Wednesday 8 July 2026, 10:00, New York (UTC−4)': the instant on the wall clock of ``zone``.

    ``style`` 'short' leaves out the weekday; 'clock' is the time of day alone.
    """
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    if style == "clock":
        return format_datetime(local, "HH:mm", rebase=False)
    if style == "short":
        return format_datetime(local, "d MMM y, HH:mm", rebase=False)
    text = format_datetime(local, "EEEE d MMMM y, HH:mm", rebase=False)
    return f"{text}, {zone_words(zone, value)}"


def page_context() -> dict[str, Any]:
    """What every layout needs: language and direction of the page, who is signed in."""
    viewer = current_viewer()
    endpoints = current_app.view_functions
    return {
        "page_lang": html_lang(),
        "page_dir": "rtl" if is_rtl() else "ltr",
        "page_locale": page_locale(),
        "viewer_name": viewer.name,
        "viewer_zone": viewer.zone,
        "sign_out_url": url_for("accounts_public.sign_out") if viewer.role else None,
        "search_url": url_for("staff_home.search") if viewer.is_staff and "staff_home.search" in endpoints else None,
    }


def init_filters(app: Flask) -> None:
    """Give the templates these functions."""
    app.jinja_env.filters.update(country=country, language=language, day=day, when=when)
    app.jinja_env.globals.update(
        current_viewer=current_viewer,
        nav_items=nav_items,
        zone_label=zone_words,
    )
    app.context_processor(page_context)
