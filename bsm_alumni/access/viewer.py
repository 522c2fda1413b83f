"""Who is looking."""

from dataclasses import dataclass

from flask_login import current_user

from bsm_alumni.accounts.enums import STAFF_ROLES, WRITING_ROLES, Role
from bsm_alumni.accounts.models import User
from bsm_alumni.accounts.service_sessions import find_current_session, owes_a_factor


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind a request, a command or a job, as far as access depends on it."""

    user_id: int | None = None
    role: Role | None = None
    organisation_id: int | None = None
    alumnus_id: int | None = None
    name: str = ""
    zone: str = "UTC"
    is_focal_point: bool = False
    # The language of the account; empty for those who have none.
    locale: str = ""
    # Somebody who has still to show a second factor: nobody yet, but on the way.
    pending_user_id: int | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @property
    def may_write(self) -> bool:
        """True for staff who change things."""
        return self.role in WRITING_ROLES


ANONYMOUS = Viewer()
# Acts for the programme itself: the worker and the command line on the server.
SYSTEM = Viewer(role=Role.ADMIN, name="BSM Alumni")


def viewer_of(user: object) -> Viewer:
    """The viewer that a signed-in user is; anonymous and deactivated users see nothing."""
    if not getattr(user, "is_authenticated", False) or not getattr(user, "active", False):
        return ANONYMOUS
    return Viewer(
        user_id=user.id,  # type: ignore[attr-defined]
        role=user.role,  # type: ignore[attr-defined]
        organisation_id=user.organisation_id,  # type: ignore[attr-defined]
        alumnus_id=user.alumnus_id,  # type: ignore[attr-defined]
        name=user.name or user.email,  # type: ignore[attr-defined]
        zone=user.zone,  # type: ignore[attr-defined]
        is_focal_point=user.is_focal_point,  # type: ignore[attr-defined]
        locale=user.locale,  # type: ignore[attr-defined]
    )


def get_signed_in_user() -> User:
    """The user behind the present request, second factor shown or not; raises LookupError when nobody is there."""
    user = current_user._get_current_object()  # type: ignore[attr-defined]
    if not isinstance(user, User):
        raise LookupError("Nobody is signed in.")
    return user


def current_viewer() -> Viewer:
    """The viewer behind the present request; somebody who still owes a second factor is nobody but on the way."""
    row = find_current_session()
    if row is not None and owes_a_factor(row):
        return Viewer(pending_user_id=row.user_id, locale=row.user.locale)
    return viewer_of(current_user._get_current_object())  # type: ignore[attr-defined]
