"""What enums of this room are called on pages."""

from flask_babel import gettext as _

from bsm_alumni.alumni.enums import AlumnusStatus, Gender
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
    }[AlumnusStatus(status)]


def gender_words(gender: Gender | None) -> str:
    """A gender in a word; nothing where it is not known."""
    if gender is None:
        return ""
    return {Gender.WOMAN: _("Woman"), Gender.MAN: _("Man"), Gender.OTHER: _("Other")}[gender]
