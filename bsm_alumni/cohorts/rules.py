"""What makes a cohort's details whole; pure."""

from dataclasses import dataclass
from datetime import date

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
