"""Forms of alumni about their rights, and of staff who answer."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import NumberRange

from bsm_alumni.rights.enums import Item, Kept, RequestKind, RequestState
from bsm_alumni.rights.queries import Disputable
from bsm_alumni.rights.words import ITEMS, KEPT, KINDS, STATES, item_words
from bsm_alumni.web.forms import BaseForm, WholeNumberField, at_most, optional, required

LONGEST = 4000


class RequestForm(BaseForm):
    """What is wrong, and how it should be."""

    kind = RadioField(_l("What do you want?"), default=RequestKind.CORRECTION.value)
    item = SelectField(_l("What is it about?"), default=Item.OTHER.value)
    words = TextAreaField(
        _l("In your words"),
        [required(_l("Say in a few words what is wrong and how it should be.")), at_most(LONGEST)],
        render_kw={"rows": 5},
    )

    def fill_choices(self, disputables: Iterable[Disputable]) -> None:
        """Give the choices; results and sessions by name."""
        self.kind.choices = [
            (RequestKind.CORRECTION.value, _("Correct it: I know how it should be")),
            (RequestKind.DISPUTE.value, _("I dispute it: staff see that until it is settled")),
        ]
        whole = [(item.value, str(ITEMS[item])) for item in (Item.NAME, Item.REMARKS)]
        own = [(f"{one.item.value}:{one.item_id}", item_words(one.item, one.name)) for one in disputables]
        self.item.choices = [*whole, *own, (Item.OTHER.value, str(ITEMS[Item.OTHER]))]

    def chosen(self) -> tuple[Item, int | None]:
        """The item, and the number of its record where it has one."""
        name, _colon, number = (self.item.data or "").partition(":")
        return Item(name), int(number) if number else None


class EraseForm(BaseForm):
    """A word to type, so that nobody is erased by a slip."""

    typed = StringField(
        _l("Type the words"),
        [required(_l("Type the words that are shown, to confirm.")), at_most(60)],
        render_kw={"autocomplete": "off"},
    )
    words = TextAreaField(
        _l("Is there something we should know?"), [optional(), at_most(LONGEST)], render_kw={"rows": 3}
    )

    @staticmethod
    def expected() -> str:
        """What is to be typed, in the language of the page."""
        return _("erase me")

    def validate_typed(self, field: StringField) -> None:
        """The words, in capitals or not."""
        if " ".join((field.data or "").casefold().split()) != self.expected().casefold():
            raise ValidationError(_("Type “%(words)s” to confirm.", words=self.expected()))


class AnswerForm(BaseForm):
    """What came of a request, and why."""

    state = RadioField(_l("What came of it?"))
    answer = TextAreaField(
        _l("Answer to the person"),
        [required(_l("Write the answer that the person gets by mail.")), at_most(LONGEST)],
        description=_l("It is sent by mail and stands on their page."),
    )

    def fill_choices(self) -> None:
        """Give the outcomes."""
        outcomes = (RequestState.DONE, RequestState.PARTLY, RequestState.REFUSED)
        self.state.choices = [(state.value, str(STATES[state])) for state in outcomes]


class RefuseForm(BaseForm):
    """Why an erasure is not carried out."""

    answer = TextAreaField(
        _l("Why it is not done"),
        [required(_l("Write the answer that the person gets by mail.")), at_most(LONGEST)],
        description=_l("It is sent by mail and stands on their page."),
    )


class RecordForm(BaseForm):
    """A request that came by letter or telephone."""

    kind = RadioField(_l("What does the person want?"), default=RequestKind.CORRECTION.value)
    words = TextAreaField(
        _l("What they asked, how and when"),
        [required(_l("Say how and when the person asked, so that it can be found.")), at_most(LONGEST)],
    )

    def fill_choices(self) -> None:
        """Give the kinds that staff can take down."""
        kinds = (RequestKind.CORRECTION, RequestKind.DISPUTE, RequestKind.ERASURE)
        self.kind.choices = [(kind.value, str(KINDS[kind])) for kind in kinds]


class LetInForm(BaseForm):
    """An address of somebody who was erased and wants to be here again."""

    address = StringField(_l("E-mail address"), [required(_l("Write the address.")), at_most(254)])
    reason = StringField(
        _l("Why it is let in again"),
        [required(_l("Say who asked, and when.")), at_most(300)],
        description=_l("The trail keeps it."),
    )


class MonthsField(WholeNumberField):
    """A number of months, or nothing for ever."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value for value in valuelist if value.strip()])


class RetentionForm(BaseForm):
    """For how many months each class is kept; empty for ever."""

    def fill_months(self, months: dict[Kept, int]) -> None:
        """Show what is set."""
        for kept, number in months.items():
            self[kept.value].data = number

    def months(self) -> dict[Kept, int]:
        """What was written; classes left empty are kept for ever and are not in it."""
        return {kept: self[kept.value].data for kept in Kept if self[kept.value].data is not None}


for _kept in Kept:
    setattr(
        RetentionForm,
        _kept.value,
        MonthsField(
            KEPT[_kept][0],
            [optional(), NumberRange(1, 600, _l("Write a number from %(min)s to %(max)s."))],
            description=KEPT[_kept][1],
        ),
    )
