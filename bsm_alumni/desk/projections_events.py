"""What a partner is told of an event and of those who present in it; pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PartnerPresenter:
    """Who presents, as far as a partner that may see the person is told."""

    id: int
    display_name: str
    latin_name: str
    country_code: str | None


@dataclass(frozen=True, slots=True)
class PartnerEvent:
    """An event as its partner sees it. ``presenters`` are only those who agreed to be seen by it."""

    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    status: str
    themes: tuple[str, ...] = ()
    presenters: tuple[PartnerPresenter, ...] = ()
