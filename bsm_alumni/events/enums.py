"""Kinds and states of events and slots."""

import enum


class EventKind(enum.StrEnum):
    WEBINAR = "webinar"
    TRAINING = "training"


class EventStatus(enum.StrEnum):
    """``draft`` and ``planned`` may still move; a ``confirmed`` one was announced."""

    DRAFT = "draft"
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class SlotRole(enum.StrEnum):
    PRESENTER = "presenter"
    CO_PRESENTER = "co_presenter"
    MODERATOR = "moderator"
    PANELLIST = "panellist"
