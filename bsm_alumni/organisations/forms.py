"""Forms about organisations."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField

from bsm_alumni.organisations.enums import OrganisationKind
from bsm_alumni.web.forms import BaseForm, at_most, required

KINDS = {OrganisationKind.PARTNER: _l("Partner"), OrganisationKind.OFFICE: _l("Programme office")}


class OrganisationForm(BaseForm):
    """An organisation's code and name."""

    code = StringField(
        _l("Code"),
        [required(_l("Write a short code, such as UNODC.")), at_most(20)],
        description=_l("How files and lists name it. Letters, figures and hyphens."),
        render_kw={"autocomplete": "off"},
    )
    name = StringField(_l("Name"), [required(_l("Write the organisation's full name.")), at_most(200)])


class NewOrganisationForm(OrganisationForm):
    """As above, with what it is to the programme; that does not change later."""

    kind = RadioField(
        _l("What it is"),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        default=OrganisationKind.PARTNER.value,
    )
