"""Inviting an alumnus to their own page."""

from flask_babel import gettext as _

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.queries import find_user_of_alumnus
from bsm_alumni.accounts.service import create_user
from bsm_alumni.accounts.service_invitations import invite
from bsm_alumni.alumni.enums import AlumnusStatus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.web.errors import FieldErrors, Refused


def invite_alumnus(viewer: Viewer, alumnus_id: int) -> User:
    """Make the person's user, where there is none, and write to them with a link that works once.

    Raises NoSuchAlumnus, and Refused for somebody without an address, archived, or who signed in already.
    """
    person = get_visible(viewer, alumnus_id)
    user = find_user_of_alumnus(alumnus_id)
    if user is None:
        if person.status is not AlumnusStatus.ACTIVE:
            raise Refused(_("This profile is archived. Restore it first."))
        if not person.emails:
            raise Refused(_("There is no address to write to. Add one to the profile first."))
        try:
            user = create_user(
                person.emails[0].address,
                Role.ALUMNUS,
                name=person.display_name,
                alumnus_id=person.id,
                zone=person.zone or "UTC",
                locale=person.locale,
            )
        except FieldErrors as found:
            raise Refused(" ".join(found.errors.values())) from found
    invite(user, viewer.name)
    return user
