"""A person's photo: put in by themselves, shown to themselves and to staff, taken away by either."""

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.errors import NoSuchAlumnus
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.models_photo import AlumnusPhoto
from bsm_alumni.alumni.photos import make_photo
from bsm_alumni.alumni.queries import find_visible
from bsm_alumni.audit.service import Change, record_many
from bsm_alumni.extensions import db, utc_now


def set_photo(alumnus: Alumnus, content: bytes) -> None:
    """Keep a photo made anew from ``content`` in place of an earlier one. Raises FieldErrors as ``make_photo`` does."""
    made = make_photo(content)
    # Two uploads at once come one after the other.
    db.session.get(Alumnus, alumnus.id, with_for_update=True)
    photo = db.session.get(AlumnusPhoto, alumnus.id)
    if photo is None:
        db.session.add(AlumnusPhoto(alumnus_id=alumnus.id, content=made))
    else:
        photo.content, photo.added_at = made, utc_now()
    db.session.flush()
    record_many([Change("photo.added", "alumni", alumnus.id, {}, {"bytes": len(made)})])


def remove_photo(alumnus: Alumnus) -> None:
    """Take the photo away, if there is one."""
    photo = db.session.get(AlumnusPhoto, alumnus.id)
    if photo is not None:
        db.session.delete(photo)
        db.session.flush()
        record_many([Change("photo.removed", "alumni", alumnus.id, {}, {})])


def has_photo(alumnus_id: int) -> bool:
    """True when the person has a photo; the photo itself is not read."""
    found = sa.select(AlumnusPhoto.alumnus_id).where(AlumnusPhoto.alumnus_id == alumnus_id)
    return db.session.scalar(found) is not None


def get_photo(viewer: Viewer, alumnus_id: int) -> bytes:
    """The photo as a JPEG. Raises NoSuchAlumnus for those who are neither staff nor the person, and without a photo."""
    own_or_staff = viewer.is_staff or (viewer.alumnus_id is not None and viewer.alumnus_id == alumnus_id)
    person = find_visible(viewer, alumnus_id) if own_or_staff else None
    photo = db.session.get(AlumnusPhoto, person.id) if person is not None else None
    if photo is None:
        raise NoSuchAlumnus(alumnus_id)
    return photo.content
