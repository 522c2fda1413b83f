"""What makes a cohort's details whole; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bsm_alumni.reference.countries import COUNTRIES
from bsm_alumni.web.filtering import asked_text

LARGEST_COHORT = 5000


@dataclass(frozen=True, slots=True)
class CohortDetails:
    """What staff write about a cohort. Days are those of the venue; ``participants`` counts heads on paper."""

    code: str
    course_id: int
    venue: str = ""
    country_code: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    participants: int | None = None
    note: str = ""
    partner_ids: tuple[int, ...] = ()

    def ends_before_start(self) -> bool:
        """True when both days are known and are the wrong way round."""
        return self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on


@dataclass(frozen=True, slots=True)
class CohortFilter:
    """What a list of cohorts is narrowed to; empty values narrow nothing."""

    text: str = ""
    country_code: str = ""
    course_id: int | None = None
    year: int | None = None
    archived: bool = False

    def to_args(self) -> dict[str, str]:
        """The filter as parts of an address, without what narrows nothing."""
        found = {
            "q": self.text,
            "country": self.country_code,
            "course": str(self.course_id or ""),
            "year": str(self.year or ""),
            "archived": "1" if self.archived else "",
        }
        return {name: value for name, value in found.items() if value}


def read_filter(args: Mapping[str, str]) -> CohortFilter:
    """The filter that an address asks for; what is not understood narrows nothing."""
    country = args.get("country", "")
    return CohortFilter(
        text=asked_text(args, "q"),
        country_code=country if country in COUNTRIES else "",
        course_id=_number(args.get("course")),
        year=_number(args.get("year"), 4),
        archived=args.get("archived") == "1",
    )


def _number(text: str | None, digits: int = 9) -> int | None:
    """A positive number of so many digits at most."""
    return (int(text) or None) if text and text.isascii() and text.isdigit() and len(text) <= digits else None
