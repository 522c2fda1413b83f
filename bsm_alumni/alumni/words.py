"""What enums of this room are called on pages."""

from collections.abc import Iterable

from flask_babel import gettext as _

from bsm_alumni.alumni.enums import AlumnusStatus, Gender
from bsm_alumni.reference.countries import COUNTRIES, REGIONS, country_name, region_name
from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.levels import Level


def level_words(level: int) -> str:
    """'C1', 'native', or nothing where the level is not known."""
    if level == Level.UNKNOWN:
        return ""
    return _("native") if level == Level.NATIVE else Level(level).name


def status_words(status: AlumnusStatus | str) -> str:
    """A status in a word or two."""
    return {
        AlumnusStatus.ACTIVE: _("Active"),
        AlumnusStatus.INACTIVE: _("Inactive"),
        AlumnusStatus.LEFT_SERVICE: _("Left the service"),
        AlumnusStatus.ARCHIVED: _("Archived"),
        AlumnusStatus.ERASED: _("Erased"),
    }[AlumnusStatus(status)]


def gender_words(gender: Gender | None) -> str:
    """A gender in a word; nothing where it is not known."""
    if gender is None:
        return ""
    return {Gender.WOMAN: _("Woman"), Gender.MAN: _("Man"), Gender.OTHER: _("Other")}[gender]


def place_words(place: str, locale: str) -> str:
    """A country's code or a sub-region's English name, as the page's language calls it."""
    return country_name(place, locale) if place in COUNTRIES else region_name(place, locale)


def place_choices(locale: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Sub-regions, then countries, each group by name in the page's language."""
    subregions = {subregion for group in REGIONS.values() for subregion in group}

    def by_name(places: Iterable[str]) -> list[tuple[str, str]]:
        return sorted(((place, place_words(place, locale)) for place in places), key=lambda item: fold(item[1]))

    return [(_("Sub-regions"), by_name(subregions)), (_("Countries"), by_name(COUNTRIES))]
