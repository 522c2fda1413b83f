"""What kinds, states and roles are called in the page's language."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.events.enums import EventKind, EventStatus, SlotRole
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.programme import OUTCOME_AREAS
from bsm_alumni.reference.words import OUTCOME_AREA_NAMES, PRINCIPLE_NAMES

KINDS = {EventKind.WEBINAR: _l("Webinar"), EventKind.TRAINING: _l("Training")}

STATUSES = {
    EventStatus.DRAFT: _l("Draft"),
    EventStatus.PLANNED: _l("Planned"),
    EventStatus.CONFIRMED: _l("Confirmed"),
    EventStatus.DELIVERED: _l("Delivered"),
    EventStatus.CANCELLED: _l("Cancelled"),
    EventStatus.ARCHIVED: _l("Archived"),
}
# How each looks: the classes of templates/macros/states.html.
LOOKS = {
    EventStatus.DRAFT: "proposed",
    EventStatus.PLANNED: "waiting",
    EventStatus.CONFIRMED: "accepted",
    EventStatus.DELIVERED: "accepted",
    EventStatus.CANCELLED: "declined",
    EventStatus.ARCHIVED: "proposed",
}

ROLES = {
    SlotRole.PRESENTER: _l("Presenter"),
    SlotRole.CO_PRESENTER: _l("Co-presenter"),
    SlotRole.MODERATOR: _l("Moderator"),
    SlotRole.PANELLIST: _l("Panellist"),
}


def outcome_label(code: str | None) -> str:
    """'(i) cooperation and coordination'; empty for none."""
    area = OUTCOME_AREAS.get(code or "")
    return f"({area.numeral}) {OUTCOME_AREA_NAMES[area.code]}" if area else ""


def principle_label(code: str) -> str:
    """The principle's words; the code itself where it is not known."""
    return str(PRINCIPLE_NAMES.get(code, code))


def level_label(level: int) -> str:
    """'B2', 'Native', or that any level will do."""
    if level == Level.UNKNOWN:
        return _("any level")
    return _("native") if level == Level.NATIVE else Level(level).name
