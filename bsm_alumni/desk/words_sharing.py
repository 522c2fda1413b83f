"""The question of consent as it is shown and kept: one piece of text for both, made through gettext once.

What a person said is kept in the words they read, so a page shows the lines of a `Question` and the record holds its
text. The digest goes through the form: when the text would be another one by now, nothing is recorded.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from bsm_alumni.consent.words import CONTENTS, NAMES
from bsm_alumni.desk.words import joined_names
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.models import Agreement
from bsm_alumni.organisations.rules import in_order
from bsm_alumni.organisations.words import CONTENTS_FOR_STAFF
from bsm_alumni.web.filters import day

TICKED, LEFT_OPEN = "☑", "☐"


@dataclass(frozen=True, slots=True)
class Question:
    """Lines before and after the parts of a profile that are ticked, in one language."""

    before: tuple[str, ...]
    parts: tuple[tuple[FieldGroup, str], ...]
    after: tuple[str, ...]

    def text(self, ticked: Iterable[FieldGroup]) -> str:
        """The whole text as it was shown, each part with its box as it was left."""
        chosen = set(ticked)
        parts = [f"{TICKED if group in chosen else LEFT_OPEN} {words}" for group, words in self.parts]
        return "\n".join([*self.before, *parts, *self.after])

    @property
    def groups(self) -> frozenset[FieldGroup]:
        """The parts that are asked about."""
        return frozenset(group for group, _words in self.parts)

    @property
    def digest(self) -> str:
        """Tells one text from another; no secret."""
        return hashlib.sha256(self.text(()).encode()).hexdigest()[:24]


def part_words(group: FieldGroup) -> str:
    """What is seen when a part is shared: 'Contact: your mail addresses and telephone number'."""
    return f"{NAMES[group]}: {CONTENTS[group]}"


def dates_words(agreement: Agreement) -> str:
    """From when to when the agreement holds."""
    if agreement.ends_on is None:
        return _("The agreement holds from %(first)s, without a last day.", first=day(agreement.starts_on))
    return _(
        "The agreement holds from %(first)s to %(last)s.", first=day(agreement.starts_on), last=day(agreement.ends_on)
    )


def partner_question(partner: str, agreement: Agreement, groups: Iterable[FieldGroup]) -> Question:
    """The question whether one partner may see these parts of the person who reads it."""
    return Question(
        before=(_("I agree that %(partner)s may see, for as long as I do not take this back:", partner=partner),),
        parts=tuple((group, part_words(group)) for group in in_order(groups)),
        after=(
            _("What for: %(purpose)s", purpose=agreement.purpose),
            dates_words(agreement),
            _(
                "Without my name and country nothing else is shown: when I leave that box open, %(partner)s sees "
                "nothing of me.",
                partner=partner,
            ),
            _("I can take it back at any time, in whole or in part. It counts at once."),
        ),
    )


def statement_question(
    words: str, partners: Sequence[tuple[str, Agreement | None]], groups: Iterable[FieldGroup]
) -> Question:
    """The question whether what the register says is right: ``words`` as it has them, and whom they name."""
    names = joined_names([name for name, _agreement in partners])
    before = [_("The programme's register says that I agreed to be seen by %(partners)s.", partners=names)]
    if words:
        before.append(_("It has these words: “%(words)s”", words=words))
    before.append(_("I agree that %(partner)s may see, for as long as I do not take this back:", partner=names))
    return Question(
        before=tuple(before),
        parts=tuple((group, part_words(group)) for group in in_order(groups)),
        after=(
            *(
                _("What %(partner)s may use it for: %(purpose)s", partner=name, purpose=agreement.purpose)
                if agreement is not None
                else _("%(partner)s sees nothing until the programme has an agreement with it.", partner=name)
                for name, agreement in partners
            ),
            _("I can take it back at any time, in whole or in part. It counts at once."),
        ),
    )


def proposal_question(partner: str, groups: Iterable[FieldGroup], agreement: Agreement | None) -> Question:
    """The question whether what staff put down is so: that the person agreed to be seen by this partner."""
    after = [_("What for: %(purpose)s", purpose=agreement.purpose)] if agreement is not None else []
    return Question(
        before=(_("The person agreed that %(partner)s may see, until they take it back:", partner=partner),),
        # Two read it, the person and whoever is the second one of staff, so it says neither "my" nor "your".
        parts=tuple((group, f"{NAMES[group]}: {CONTENTS_FOR_STAFF[group]}") for group in in_order(groups)),
        after=tuple(after),
    )


def withdrawal_sentence(partner: str) -> str:
    """What taking everything back says, as it stands beside its button and is kept."""
    return _("%(partner)s may see nothing of me from now on.", partner=partner)
