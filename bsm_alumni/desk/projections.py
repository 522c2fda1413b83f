"""What a partner is told of a person: the agreed fields and nothing else; pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartnerAlumnus:
    """A person as a partner sees them. ``languages`` are (code, level), ``cohorts`` their codes, ``themes`` names.

    Every field here was named to the person who agreed to be shared; add none without asking them again.
    """

    id: int
    display_name: str
    latin_name: str
    country_code: str | None
    agency: str
    position: str
    languages: tuple[tuple[str, int], ...] = ()
    themes: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
