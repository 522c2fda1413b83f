"""States of an assignment, who moves it, and why."""

import enum


class AssignmentState(enum.StrEnum):
    PROPOSED = "proposed"
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DELIVERED = "delivered"
    NO_SHOW = "no_show"


class Reason(enum.StrEnum):
    """Why an alumnus cannot; all are optional to give."""

    BUSY = "busy"
    NOT_ALLOWED = "not_allowed"
    OTHER_TIME = "other_time"
    SUGGEST = "suggest"
    OTHER = "other"
