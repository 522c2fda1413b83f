"""Finding mails in the outbox."""

from collections.abc import Sequence

import sqlalchemy as sa

from bsm_alumni.extensions import db
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.web.pagination import Page, page_of

# Mails about somebody's own account are between the program and them: no page of staff shows, stops or repeats them.
PRIVATE_PREFIX = "account."
NOT_PRIVATE = ~Mail.kind.startswith(PRIVATE_PREFIX, autoescape=True)


def get_mail(mail_id: int) -> Mail:
    """The mail; raises LookupError when there is none, or none that staff may see."""
    mail = db.session.scalar(sa.select(Mail).where(Mail.id == mail_id, NOT_PRIVATE))
    if mail is None:
        raise LookupError(f"There is no mail {mail_id}.")
    return mail


def outbox_page(
    state: MailState | None = None, address: str = "", *, after: str | None = None, before: str | None = None
) -> Page[Mail]:
    """Mails, newest first; only those in ``state`` and to an address that begins with ``address`` where given."""
    select = sa.select(Mail).where(NOT_PRIVATE)
    if state is not None:
        select = select.where(Mail.state == state)
    if address:
        select = select.where(sa.func.lower(Mail.to_address).startswith(address.strip().lower(), autoescape=True))
    return page_of(select, [Mail.id], after=after, before=before, descending=True)


def counts_by_state() -> dict[MailState, int]:
    """How many mails are in each state; 0 for those without any."""
    rows = db.session.execute(sa.select(Mail.state, sa.func.count()).where(NOT_PRIVATE).group_by(Mail.state))
    counts: dict[MailState, int] = dict(rows.all())
    return {state: counts.get(state, 0) for state in MailState}


def mails_about(subject_kind: str, subject_ids: Sequence[int], limit: int = 200) -> Sequence[Mail]:
    """Mails about these subjects, newest first."""
    return db.session.scalars(
        sa.select(Mail)
        .where(Mail.subject_kind == subject_kind, Mail.subject_id.in_(subject_ids))
        .order_by(Mail.id.desc())
        .limit(limit)
    ).all()
