"""The parts of a profile, as staff read of them in agreements."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import in_order

GROUP_NAMES = {
    FieldGroup.IDENTITY: _l("Name and country"),
    FieldGroup.PROFESSIONAL: _l("Work and expertise"),
    FieldGroup.CONTACT: _l("Contact"),
    FieldGroup.AVAILABILITY: _l("Availability"),
    FieldGroup.ASSIGNMENTS: _l("Sessions given"),
}
CONTENTS_FOR_STAFF = {
    FieldGroup.IDENTITY: _l("name, also in Latin letters, and country; also as a presenter of the partner's sessions"),
    FieldGroup.PROFESSIONAL: _l("agency, position, languages, themes and trainings"),
    FieldGroup.CONTACT: _l("mail addresses and telephone number"),
    FieldGroup.AVAILABILITY: _l("time zone, notice, sessions a quarter, days that can or cannot be asked for"),
    FieldGroup.ASSIGNMENTS: _l("sessions the person said yes to or gave, with dates and their part in them"),
}


def group_names(groups: Iterable[FieldGroup]) -> list[str]:
    """The groups' names, in the order in which pages list them."""
    return [str(GROUP_NAMES[group]) for group in in_order(groups)]
