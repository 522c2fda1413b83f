"""The daily mail to administrators with the end of the trail, made when it is sent."""

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from bsm_alumni.audit.queries import find_last_check
from bsm_alumni.audit.service_heads import HEAD_MAIL, find_head, users
from bsm_alumni.extensions import db
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import Renderer
from bsm_alumni.web.locale import LOCALES, RTL, babel_locale


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None for one who is no administrator any more."""
    query = sa.select(users).where(users.c.id == mail.params["user"], users.c.role == "admin", users.c.active)
    user, head = db.session.execute(query).one_or_none(), find_head()
    if user is None or head is None:
        return None
    locale = user.locale if user.locale in LOCALES else "en"
    with force_locale(babel_locale(locale)):
        values = {
            "name": user.name or user.email,
            "subject": _("The end of the audit trail: entry %(number)s", number=head.entry_id),
            "head": head,
            "check": find_last_check(),
            "command": f"bsm-alumni audit verify --head {head.entry_id}:{head.mac}",
            "zone": user.zone,
            "page_locale": locale,
            "page_dir": "rtl" if locale in RTL else "ltr",
        }
        # Straight from the templates: a mail knows of no request and of nobody who is signed in.
        environment = current_app.jinja_env
        return Message(
            subject=str(values["subject"]),
            text=environment.get_template("mail/audit_head.txt").render(values).strip() + "\n",
            html=environment.get_template("mail/audit_head.html").render(values),
        )


RENDERERS: dict[str, Renderer] = {HEAD_MAIL: render}
