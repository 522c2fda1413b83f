"""Forms about second factors."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField

from bsm_alumni.accounts.rules_passkeys import LONGEST_NAME
from bsm_alumni.web.forms import BaseForm, at_most, optional, required

# Not spell-checked and not in capitals: what is typed here is no word.
TYPED = {"autocapitalize": "none", "spellcheck": "false"}


class CodeForm(BaseForm):
    """The six digits of the app."""

    code = StringField(
        _l("Code from the app"),
        [required(_l("Write the six digits that the app shows.")), at_most(20)],
        description=_l("Six digits; a new code comes every 30 seconds."),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", **TYPED},
    )
    next = HiddenField()


class RecoveryCodeForm(BaseForm):
    """A recovery code."""

    recovery_code = StringField(
        _l("Recovery code"),
        [required(_l("Write one of your recovery codes.")), at_most(100)],
        description=_l("Five groups of five signs. Each code works once."),
        render_kw={"autocomplete": "off", "dir": "ltr", **TYPED},
    )
    next = HiddenField()


class PasskeyForm(BaseForm):
    """What the browser says for a passkey; the page's script fills it in."""

    answer = HiddenField(validators=[required(), at_most(20_000)])
    next = HiddenField()


class NewPasskeyForm(BaseForm):
    """A new passkey and how the person calls it."""

    name = StringField(
        _l("Name of the passkey"),
        [optional(), at_most(LONGEST_NAME)],
        description=_l("So that you know it again, such as Work laptop."),
        render_kw={"autocomplete": "off"},
    )
    answer = HiddenField(validators=[required(), at_most(60_000)])


class PasskeyNameForm(BaseForm):
    """Another name for a passkey."""

    name = StringField(_l("Name"), [required(_l("Write a name for the passkey.")), at_most(LONGEST_NAME)])
