"""A person's photo: the own pages of the person, and the picture as staff see it. Partners have no way to it."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from bsm_alumni.access import access, alumnus, staff_read, staff_write
from bsm_alumni.access.viewer import current_viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries_profile import get_visible
from bsm_alumni.alumni.service_photo import get_photo, has_photo, remove_photo, set_photo
from bsm_alumni.web.errors import FieldErrors
from bsm_alumni.web.forms import BaseForm

me = Blueprint("photo_me", __name__)
staff = Blueprint("photo_staff", __name__)


class PhotoForm(BaseForm):
    """A picture file."""

    photo = FileField(
        _l("Photo"),
        [FileRequired(_l("Choose a photo."))],
        description=_l("JPEG, PNG or WebP, up to 5 MB. Place, time and camera are taken out of it."),
        render_kw={"accept": "image/jpeg,image/png,image/webp"},
    )


def _own_profile() -> Alumnus:
    viewer = current_viewer()
    return get_visible(viewer, viewer.alumnus_id or 0)


@me.get("/photo")
@access(alumnus)
def photo() -> ResponseReturnValue:
    """The own photo, who sees it, and the form for another one."""
    return _page(PhotoForm(), 200)


@me.post("/photo")
@access(alumnus)
def save() -> ResponseReturnValue:
    """Take a photo in."""
    form = PhotoForm()
    if form.validate_on_submit():
        try:
            set_photo(_own_profile(), form.photo.data.read())
        except FieldErrors as problem:
            form.set_errors(problem.errors)
        else:
            flash(_("Your photo was saved. You and the staff of the programme see it."), "success")
            return redirect(url_for(".photo"))
    return _page(form, 422)


@me.post("/photo/remove")
@access(alumnus)
def remove() -> ResponseReturnValue:
    """Take the own photo away."""
    remove_photo(_own_profile())
    flash(_("Your photo was removed. Nothing of it is kept."), "success")
    return redirect(url_for(".photo"))


@me.get("/photo/picture")
@access(alumnus)
def picture() -> ResponseReturnValue:
    """The own photo as a picture."""
    return _picture(current_viewer().alumnus_id or 0)


@staff.get("/alumni/<int:alumnus_id>/photo")
@access(staff_read)
def picture_of(alumnus_id: int) -> ResponseReturnValue:
    """A person's photo as a picture."""
    return _picture(alumnus_id)


@staff.post("/alumni/<int:alumnus_id>/photo/remove")
@access(staff_write)
def remove_of(alumnus_id: int) -> ResponseReturnValue:
    """Take a person's photo away."""
    remove_photo(get_visible(current_viewer(), alumnus_id))
    flash(_("The photo was removed."), "success")
    return redirect(url_for("alumni_staff.alumnus", alumnus_id=alumnus_id))


def _picture(alumnus_id: int) -> Response:
    answer = Response(get_photo(current_viewer(), alumnus_id), content_type="image/jpeg")
    answer.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    return answer


def _page(form: PhotoForm, status: int) -> ResponseReturnValue:
    return render_template("alumni/me_photo.html", form=form, has_photo=has_photo(_own_profile().id)), status
