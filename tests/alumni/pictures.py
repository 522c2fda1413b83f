"""Pictures of every kind, made anew for each test; none is kept in the repository."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

PLACE = b"canary-place"


def gradient(mode: str = "RGB", size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Red at the top left, getting blue to the right: the corners tell which way up it is."""
    picture = Image.new("RGB", size, (0, 0, 160))
    picture.paste((220, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def located_exif(orientation: int = 1) -> Image.Exif:
    """Where, when and with what a photo was taken, and how the camera was held."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "canary-maker", "canary-artist"
    exif.get_ifd(0x8825).update({1: "N", 2: (14.0, 41.0, 30.0), 3: "W", 4: (17.0, 26.0, 0.0), 29: "canary-date"})
    return exif


def located(kind: str, orientation: int = 1) -> bytes:
    """A photo with everything that a telephone writes into it."""
    options: dict[str, Any] = {"exif": located_exif(orientation)}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "canary-comment")
        info.add_itxt("XML:com.adobe.xmp", "canary-xmp")
        options["pnginfo"] = info
    else:
        options["xmp"] = b"<x:xmpmeta>canary-xmp</x:xmpmeta>"
    if kind == "JPEG":
        options["comment"] = b"canary-comment"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(gradient(), kind, icc_profile=profile, **options)


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ((220, 0, 0), (0, 220, 0), (0, 0, 220))]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of_size(width: int, height: int) -> bytes:
    """The head of a PNG of any size, with a few packed bytes that would unpack to zeros."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * (1 << 20), 9)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose head says that it is of another size than it is."""
    content = bytearray(saved(gradient(), "JPEG"))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def webp_of_size(width: int, height: int) -> bytes:
    """The head of a WebP of any size."""
    body = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + (width - 1).to_bytes(3, "little")
    body += (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
