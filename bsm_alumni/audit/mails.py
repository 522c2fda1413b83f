"""The daily mail to administrators with the end of the trail, made when it is sent."""

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.audit.queries import find_last_check
from bsm_alumni.audit.service_heads import HEAD_MAIL, find_head, users
from bsm_alumni.extensions import db
from bsm_alumni.mail.message import Message
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.rendering import in_language_of, rendered
from bsm_alumni.mail.service import Renderer


def render(mail: Mail) -> Message | None:
    """The mail as it is to be sent now; None for one who is no administrator any more."""
    query = sa.select(users).where(users.c.id == mail.params["user"], users.c.role == "admin", users.c.active)
    user, head = db.session.execute(query).one_or_none(), find_head()
    if user is None or head is None:
        return None
    with in_language_of(user.locale) as language:
        values = {
            "name": user.name or user.email,
            "head": head,
            "check": find_last_check(),
            "command": f"bsm-alumni audit verify --head {head.entry_id}:{head.mac}",
            "zone": user.zone,
        }
        subject = _("The end of the audit trail: entry %(number)s", number=head.entry_id)
        return rendered("audit_head", subject, language, values)


RENDERERS: dict[str, Renderer] = {HEAD_MAIL: render}
