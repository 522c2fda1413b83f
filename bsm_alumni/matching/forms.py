"""The form of weights: one number per reason, its meaning as the hint."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import NumberRange

from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.weights import MOST, WEIGHTS
from bsm_alumni.web.forms import BaseForm, required


class WeightsForm(BaseForm):
    """A field per reason, named by its code; the fields are added below from the one table."""

    def weights(self) -> dict[Reason, int]:
        """What was filled in."""
        return {reason: int(self[reason.value].data) for reason in WEIGHTS}


for _reason, _weight in WEIGHTS.items():
    _range = NumberRange(0, MOST, _l("Write a whole number from %(min)s to %(max)s."))
    _field = IntegerField(
        _weight.name,
        validators=[required(), _range],
        description=_weight.meaning,
        render_kw={"min": 0, "max": MOST, "inputmode": "numeric"},
    )
    setattr(WeightsForm, _reason.value, _field)


def weights_form(weights: Mapping[Reason, int]) -> WeightsForm:
    """The form filled with the weights in force, or with what was posted."""
    data: dict[str, Any] = {reason.value: weight for reason, weight in weights.items()}
    return WeightsForm(data=data)
