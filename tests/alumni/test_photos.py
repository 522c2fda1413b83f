"""Photos: made anew without anything in them but pixels, whatever comes; and shown to nobody but staff and oneself."""

import io
import warnings
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.models_photo import AlumnusPhoto
from bsm_alumni.alumni.photos import make_photo
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.extensions import db
from tests.alumni import pictures
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]


def made(content: bytes) -> Image.Image:
    """The photo made of a file, looked at by another reader's eyes."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = Image.open(io.BytesIO(make_photo(content)))
        picture.load()
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert max(picture.size) <= 512
    return picture


def is_red(picture: Image.Image, corner: str) -> bool:
    width, height = picture.size
    at = {"top left": (5, 5), "top right": (width - 5, 5), "bottom left": (5, height - 5)}[corner]
    red, _green, blue = picture.getpixel(at)
    return red > 150 and blue < 100


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_word_beside_the_pixels_is_kept(kind: str) -> None:
    content = pictures.located(kind)
    assert [word in content for word in (b"canary-maker", b"canary-xmp")] == [True, True]
    photo = make_photo(content)
    assert b"canary" not in photo
    picture = Image.open(io.BytesIO(photo))
    assert (dict(picture.getexif()), {key for key in picture.info if not key.startswith("jfif")}) == ({}, set())
    # Only the parts that a JPEG must have: no EXIF, XMP, profile or comment.
    assert [marker for marker in (b"\xff\xe1", b"\xff\xe2", b"\xff\xed", b"\xff\xfe") if marker in photo] == []


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "corner", "is_high"),
    [(1, "top left", False), (2, "top right", False), (4, "bottom left", False), (6, "top right", True)],
)
def test_the_camera_s_turn_is_made(kind: str, orientation: int, corner: str, is_high: bool) -> None:
    picture = made(pictures.located(kind, orientation))
    assert (is_red(picture, corner), picture.height > picture.width) == (True, is_high)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_every_mode(mode: str) -> None:
    if mode == "I;16":
        white = Image.new(mode, (300, 200), 65535)
        assert made(pictures.saved(white, "PNG")).getpixel((100, 100)) == (255, 255, 255)
    else:
        assert made(pictures.saved(pictures.gradient("L").convert("RGB").convert(mode), "PNG")).size == (300, 200)


@pytest.mark.parametrize("mode", ["CMYK", "L", "RGB"])
def test_a_jpeg_of_every_mode(mode: str) -> None:
    picture = made(pictures.saved(pictures.gradient(mode), "JPEG", quality=95))
    assert is_red(picture, "top left") is (mode != "L")


def test_what_can_be_seen_through_becomes_white() -> None:
    clear = Image.new("RGBA", (100, 100), (10, 20, 30, 0))
    assert made(pictures.saved(clear, "PNG")).getpixel((50, 50)) == (255, 255, 255)
    assert made(pictures.saved(clear, "WEBP", lossless=True)).getpixel((50, 50)) == (255, 255, 255)
    palette = pictures.gradient("P")
    assert made(pictures.saved(palette, "PNG", transparency=palette.getpixel((5, 5)))).getpixel((5, 5))[2] > 200


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_is_kept(kind: str) -> None:
    picture = made(pictures.animated(kind))
    assert (getattr(picture, "n_frames", 1), is_red(picture, "top left")) == (1, True)


def test_a_wrong_profile_of_colours_is_left_out() -> None:
    assert made(pictures.saved(pictures.gradient(), "JPEG", icc_profile=b"nonsense")).size == (300, 200)


def test_large_ones_are_made_small_in_proportion() -> None:
    assert made(pictures.saved(pictures.gradient(size=(4000, 2000)), "JPEG")).size == (512, 256)
    assert made(pictures.saved(pictures.gradient(size=(100, 90)), "JPEG")).size == (100, 90)


def test_what_follows_a_jpeg_s_end_is_dropped() -> None:
    photo = make_photo(pictures.saved(pictures.gradient(), "JPEG") + b"<?php canary ?><script>canary</script>")
    assert b"canary" not in photo


def send(client: FlaskClient, content: bytes, name: str = "me.jpg") -> TestResponse:
    return post_form(client, "/me/photo", {"photo": (io.BytesIO(content), name)})


@pytest.fixture
def person(make: Factory) -> User:
    return make.user(Role.ALUMNUS)


def test_put_in_seen_and_removed(person: User, sign_in: SignIn, make: Factory) -> None:
    client, number = sign_in(person), person.alumnus_id
    assert client.get("/me/photo/picture").status_code == 404
    assert send(client, pictures.located("PNG"), "passport.exe").status_code == 302
    answer = client.get("/me/photo/picture")
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert made(answer.data).size == (300, 200)
    assert 'src="/me/photo/picture"' in client.get("/me/photo").text
    first = answer.data
    send(client, pictures.saved(Image.new("RGB", (80, 80), "green"), "WEBP"))
    assert client.get("/me/photo/picture").data != first
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AlumnusPhoto)) == 1
    post_form(client, "/me/photo/remove")
    assert client.get("/me/photo/picture").status_code == 404
    verbs = db.session.scalars(
        sa.select(AuditEntry.verb).where(AuditEntry.subject_id == str(number)).order_by(AuditEntry.id)
    ).all()
    assert verbs == ["photo.added", "photo.added", "photo.removed"]


def test_staff_see_it_and_nobody_else(person: User, sign_in: SignIn, make: Factory) -> None:
    organisation = make.organisation()
    shared = make.alumnus("Shared", shared_with=(organisation,))
    user = make.user(Role.ALUMNUS, alumnus_id=shared.id)
    url = f"/staff/alumni/{shared.id}/photo"
    send(sign_in(user), pictures.saved(pictures.gradient(), "JPEG"))
    staff = {role: sign_in(make.user(role)) for role in (Role.ADMIN, Role.OFFICER, Role.VIEWER)}
    assert {client.get(url).status_code for client in staff.values()} == {200}
    assert f'src="{url}"' in staff[Role.VIEWER].get(f"/staff/alumni/{shared.id}").text
    partner = sign_in(make.user(Role.PARTNER, organisation_id=organisation.id))
    other = sign_in(make.user(Role.ALUMNUS))
    assert [client.get(url).status_code for client in (partner, other)] == [403, 403]
    assert [client.get("/me/photo/picture").status_code for client in (partner, other)] == [403, 404]
    assert post_form(staff[Role.VIEWER], f"{url}/remove").status_code == 403
    post_form(staff[Role.OFFICER], f"{url}/remove")
    assert staff[Role.ADMIN].get(url).status_code == 404


def test_the_page_says_who_sees_it(person: User, sign_in: SignIn) -> None:
    page = sign_in(person).get("/me/photo").text
    assert "Partners do not, whatever you share with them." in page


def test_no_file_is_asked_for_again(person: User, sign_in: SignIn) -> None:
    answer = post_form(sign_in(person), "/me/photo", {})
    assert (answer.status_code, "Choose a photo." in answer.text) == (422, True)
