"""What staff or the person write in a profile; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bsm_alumni.alumni.enums import AlumnusStatus, Gender
from bsm_alumni.alumni.rules import full_name

MOST_NOTICE_DAYS = 365
MOST_PER_QUARTER = 50


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """A whole profile as written. ``languages`` maps codes to levels from 0 (not known) to 7 (native).

    The first of ``emails`` is the one written to; ``display_name`` may be empty, and then follows from the others.
    """

    given_names: str = ""
    family_name: str = ""
    display_name: str = ""
    title: str = ""
    gender: Gender | None = None
    country_code: str | None = None
    agency: str = ""
    position: str = ""
    phone: str = ""
    zone: str | None = None
    locale: str = "en"
    notice_days: int = 14
    quarter_limit: int = 2
    status: AlumnusStatus = AlumnusStatus.ACTIVE
    restricted: bool = False
    remarks: str = ""
    emails: tuple[str, ...] = ()
    languages: Mapping[str, int] = field(default_factory=dict)
    theme_ids: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """How the person is written: as they wish, else given names and family name."""
        return self.display_name or full_name(self.given_names, self.family_name)


def has_no_domain(address: str) -> bool:
    """True for what cannot be an address: no name, no @, no dot in the domain, or a space in it."""
    name, at, domain = address.rpartition("@")
    return not (name and at and "." in domain.strip(".")) or any(letter.isspace() for letter in address)
