"""What the trail is narrowed to, read from an address and written back into one; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bsm_alumni.web.filtering import ListFilter, asked_days, asked_number, asked_text, midnight


@dataclass(frozen=True, slots=True)
class TrailFilter(ListFilter):
    """Empty values narrow nothing. ``who`` is part of a name or a user's number; both days are included."""

    who: str = ""
    verb: str = ""
    kind: str = ""
    number: str = ""
    about: int = 0
    first: date | None = None
    last: date | None = None
    denied: bool = False

    def period(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """From (included) and until (not included) which instants entries are shown, by the clock of ``zone``."""
        return midnight(self.first, zone), midnight(self.last and self.last + timedelta(days=1), zone)


def read_filter(args: Mapping[str, str]) -> TrailFilter:
    """The filter that an address asks for. What is not understood narrows nothing, and gets no pill."""
    first, last = asked_days(args, "first", "last")
    return TrailFilter(
        who=asked_text(args, "who"),
        verb=asked_text(args, "verb"),
        kind=asked_text(args, "kind"),
        number=asked_text(args, "number"),
        about=asked_number(args, "about"),
        first=first,
        last=last,
        denied=args.get("denied") == "1",
    )
