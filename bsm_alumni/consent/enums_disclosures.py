"""Ways in which something about a person reaches somebody."""

import enum


class DisclosureWay(enum.StrEnum):
    """How it was shown or handed over."""

    LIST = "list"
    PAGE = "page"
    EXPORT = "export"
    EVENT = "event"
    CALENDAR = "calendar"
    MAIL = "mail"
    API = "api"
