"""Pictures as people send them, made anew: small, upright, and with nothing in them but what one sees.

The kind of a file is told by its content and never by its name. Its size in pixels is read from its head before
anything is unpacked, so that a small file cannot fill the memory.
"""

import io
import warnings
import zipfile

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from PIL import Image, ImageCms, ImageOps

from bsm_alumni.web.errors import FieldErrors

LARGEST_FILE = 5 * 1024 * 1024
# A JPEG is unpacked at a fraction of its size; the others are not.
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
# A JPEG that comes in hundreds of passes keeps a processor busy for minutes.
MOST_SCANS = 100
LONGEST_SIDE = 512
SHORTEST_SIDE = 64
LONGEST_STRIP = 20
QUALITY = 85

_TOO_MANY_PIXELS = _l("The photo has too many pixels. Choose a smaller one.")
_PNG_START, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"


def make_photo(content: bytes) -> bytes:
    """A JPEG of at most 512 pixels on a side from a JPEG, PNG or WebP. Raises FieldErrors with words to mend it."""
    if not content:
        raise _problem(_("The file is empty. Choose a photo."))
    if len(content) > LARGEST_FILE:
        raise _problem(_("The file is larger than 5 MB. Choose a smaller photo."))
    kind = _kind_of(content)
    if kind is None:
        raise _problem(_("This is no photo of the kinds that can be taken. Choose a JPEG, PNG or WebP file."))
    if _holds_more(kind, content):
        raise _problem(_("The file holds something else beside the photo. Save the photo anew and choose that file."))
    try:
        with warnings.catch_warnings():
            # Pillow warns of large pictures; below they are refused.
            warnings.simplefilter("ignore")
            if kind == "WEBP":
                _check_size(kind, *_webp_size(content))
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                _check_size(kind, *picture.size)
                return _made_anew(picture, kind)
    except FieldErrors:
        raise
    except Image.DecompressionBombError as error:
        raise _problem(_TOO_MANY_PIXELS) from error
    except Exception as error:
        # The many ways in which a broken picture fails are one to the person who sent it.
        raise _problem(_("The photo cannot be read: the file is damaged. Choose another one.")) from error


def _kind_of(content: bytes) -> str | None:
    if content.startswith(_PNG_START):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return None


def _holds_more(kind: str, content: bytes) -> bool:
    """True for a file that is a picture and an archive, or goes on behind the picture's end.

    Cameras put much behind the end of a JPEG; there only archives are refused, and the rest is dropped.
    """
    if zipfile.is_zipfile(io.BytesIO(content)):
        return True
    if kind == "PNG":
        return _PNG_END in content and not content.endswith(_PNG_END)
    if kind == "WEBP":
        return len(content) > int.from_bytes(content[4:8], "little") + 9
    return content.count(b"\xff\xda") > MOST_SCANS


def _webp_size(content: bytes) -> tuple[int, int]:
    """Width and height from the head, since opening a WebP already takes room for all its pixels."""
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    return int.from_bytes(content[26:28], "little") & 0x3FFF, int.from_bytes(content[28:30], "little") & 0x3FFF


def _check_size(kind: str, width: int, height: int) -> None:
    if width * height > MOST_PIXELS[kind]:
        raise _problem(_TOO_MANY_PIXELS)
    if min(width, height) < SHORTEST_SIDE:
        raise _problem(_("The photo is too small. Choose one of at least 64 by 64 pixels."))
    if max(width, height) > LONGEST_STRIP * min(width, height):
        raise _problem(_("The photo is a narrow strip. Choose one that shows a face."))


def _made_anew(picture: Image.Image, kind: str) -> bytes:
    if kind == "JPEG":
        picture.draft("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE * 2))
    profile = picture.info.get("icc_profile")
    # Of a moving picture the first frame.
    picture.seek(0)
    picture.load()
    # The camera's turn is made here; its tag is dropped with everything else that is not a pixel.
    upright = ImageOps.exif_transpose(picture)
    if upright.mode not in ("RGB", "RGBA", "L", "CMYK"):
        upright = _in_eight_bits(upright)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain = _as_rgb(upright, profile)
    clean = Image.frombytes("RGB", plain.size, plain.tobytes())
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _in_eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen bits of grey as eight; a palette, two colours, or grey that can be seen through, as full colours."""
    if picture.mode.startswith("I"):
        return picture.point(_upper_byte).convert("L")
    return picture.convert("RGBA")


def _upper_byte(value: float) -> float:
    return value * (1 / 256)


def _as_rgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Any colours as red, green and blue; what can be seen through becomes white."""
    if picture.mode in ("L", "RGB") and "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    if profile:
        try:
            own, common = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            picture = ImageCms.profileToProfile(picture, own, common, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A profile that is wrong, or of other colours than the picture's, is left out.
            pass
    return picture.convert("RGB")


def _problem(words: str | LazyString) -> FieldErrors:
    return FieldErrors({"photo": str(words)})
