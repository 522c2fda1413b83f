"""A focal point looks after the users of the own organisation."""

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.mails import Notice, notify
from bsm_alumni.accounts.models import ColleagueInvitation, User
from bsm_alumni.accounts.queries import find_user
from bsm_alumni.accounts.queries_colleagues import MOST_OPEN, open_invitations
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_invitations import INVITATION_LIFETIME, invite
from bsm_alumni.accounts.service_users import can_sign_in, deactivate_user, reactivate_user
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.errors import FieldErrors, Refused


def invite_colleague(by: User, email: str, name: str) -> ColleagueInvitation:
    """Invite somebody as a partner user of the focal point's organisation, also again.

    An address that has an account elsewhere is answered in the same way: its owner gets a mail, and nothing is made.
    Raises FieldErrors, and Refused when too many invitations are open.
    """
    email, organisation_id = email.strip().lower(), by.organisation_id
    if organisation_id is None or "@" not in email:
        raise FieldErrors({"email": _("“%(text)s” has no @. Write it as name@domain.", text=email)})
    user = find_user(email)
    own = user is not None and user.role is Role.PARTNER and user.organisation_id == organisation_id
    row = db.session.scalar(
        sa.select(ColleagueInvitation)
        .where(ColleagueInvitation.organisation_id == organisation_id, ColleagueInvitation.email == email)
        .with_for_update()
    )
    if user is not None and own and (row is None or can_sign_in(user)):
        raise FieldErrors({"email": _("%(email)s is one of your users already.", email=email)})
    if row is None or row.withdrawn_at is not None:
        _refuse_too_many(organisation_id)
    if row is None:
        row = ColleagueInvitation(organisation_id=organisation_id, email=email, name=name)
        db.session.add(row)
    row.name, row.withdrawn_at, row.invited_until = name, None, utc_now() + INVITATION_LIFETIME
    if user is None:
        user, own = create_user(email, Role.PARTNER, name=name, organisation_id=organisation_id, zone=by.zone), True
    if own:
        row.user_id = user.id
        reactivate_user(user)
        invite(user, by.name)
    else:
        notify(user, Notice.ADDRESS_TAKEN)
    db.session.flush()
    record("colleague.invited", row, after={"email": email})
    return row


def withdraw_invitation(by: User, row: ColleagueInvitation) -> None:
    """Take an invitation back; its link stops working."""
    row.withdrawn_at = utc_now()
    user = db.session.get(User, row.user_id) if row.user_id is not None else None
    if user is not None and user.role is Role.PARTNER and user.organisation_id == row.organisation_id:
        deactivate_user(user, by.id)
    db.session.flush()
    record("colleague.withdrawn", row)


def deactivate_colleague(user: User, by: User) -> None:
    """As ``deactivate_user``, by a focal point. Raises Refused for oneself and the last focal point."""
    if user.id == by.id:
        raise Refused(_("You cannot deactivate yourself. Ask another focal point or the programme office."))
    focal_points = db.session.scalars(
        sa.select(User.id)
        .where(User.organisation_id == by.organisation_id, User.is_focal_point.is_(True), User.active.is_(True))
        .order_by(User.id)
        .with_for_update(of=User)
    ).all()
    if [number for number in focal_points if number != user.id] == []:
        raise Refused(_("This is your organisation's last focal point. Ask the programme office to appoint another."))
    deactivate_user(user, by.id)


def _refuse_too_many(organisation_id: int) -> None:
    if len(open_invitations(organisation_id)) >= MOST_OPEN:
        raise Refused(
            _("%(num)s invitations are open already. Take some back, or wait until they are accepted.", num=MOST_OPEN)
        )
