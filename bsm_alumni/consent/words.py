"""How field groups and the question of consent are said. The words shown are kept with each consent."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.organisations.models import Agreement
from bsm_alumni.organisations.rules import in_order
from bsm_alumni.organisations.words import GROUP_NAMES, group_names

__all__ = ["CONTENTS", "NAMES", "consent_words", "group_names", "withdrawal_words"]

NAMES = GROUP_NAMES
CONTENTS = {
    FieldGroup.IDENTITY: _l(
        "your name, also in Latin letters, and your country; also as a presenter of sessions the partner takes part in"
    ),
    FieldGroup.PROFESSIONAL: _l("your agency, position, languages, themes and the trainings you took part in"),
    FieldGroup.CONTACT: _l("your mail addresses and telephone number"),
    FieldGroup.AVAILABILITY: _l(
        "your time zone, how early to ask you, how many sessions a quarter, and the days you can or cannot be asked"
    ),
    FieldGroup.ASSIGNMENTS: _l("the sessions you said yes to or gave, with their dates and your part in them"),
}


def consent_words(partner: str, groups: Iterable[FieldGroup], agreement: Agreement | None = None) -> str:
    """The text of a consent as it is shown and kept: who is shown what, for what, and how to take it back."""
    lines = [_("I agree that %(partner)s may see, for as long as I do not take this back:", partner=partner)]
    lines += [f"- {NAMES[group]}: {CONTENTS[group]}" for group in in_order(groups)]
    if agreement is not None:
        lines.append(_("What for: %(purpose)s", purpose=agreement.purpose))
    lines.append(_("I can take it back at any time, in whole or in part. It counts at once."))
    return "\n".join(lines)


def withdrawal_words(partner: str, groups: Iterable[FieldGroup]) -> str:
    """The text of taking a consent back, as it is shown and kept."""
    lines = [_("%(partner)s may no longer see:", partner=partner)]
    lines += [f"- {NAMES[group]}: {CONTENTS[group]}" for group in in_order(groups)]
    return "\n".join(lines)
