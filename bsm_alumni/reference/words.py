"""What the programme's fixed codes are called in the language of the page."""

from typing import Any

from flask_babel import lazy_gettext as _l

OUTCOME_AREA_NAMES: dict[str, Any] = {
    "cooperation": _l("cooperation and coordination"),
    "capacity": _l("capacity-building and training"),
    "policy": _l("policy and strategy development"),
    "technology": _l("technology and risk-based approaches"),
}

PRINCIPLE_NAMES: dict[str, Any] = {
    "human-rights": _l("human rights"),
    "gender": _l("gender mainstreaming"),
    "community": _l("community engagement"),
}

PHASE_NAMES: dict[str, Any] = {"initial": _l("initial implementation"), "bsm-2": _l("BSM 2.0")}

THEME_VERBS: dict[str, Any] = {
    "theme.added": _l("Added"),
    "theme.renamed": _l("Renamed"),
    "theme.archived": _l("Archived"),
    "theme.restored": _l("Put back into use"),
}
