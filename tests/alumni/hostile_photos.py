"""Files that are no photo, or one that does harm, sent as a photo; each with the beginning of the one reason."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.alumni import pictures
from tests.imports.hostile import workbook_bytes

KIND, DAMAGED, MORE = "This is no photo", "The photo cannot be read", "The file holds something else"
PIXELS, SMALL, STRIP = "The photo has too many", "The photo is too small", "The photo is a narrow"
LARGE, EMPTY = "The file is larger", "The file is empty"
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (r) file\n"


def good(kind: str = "PNG") -> bytes:
    return pictures.saved(pictures.gradient(), kind)


def archive(name: str = "x.html") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr(name, "<script>alert(1)</script>")
    return out.getvalue()


def bomb_of_text() -> bytes:
    """A PNG with a comment that unpacks to 200 MB."""
    packed = zlib.compress(b" " * (200 << 20), 9)
    content = good()
    return content[:33] + pictures.png_chunk(b"zTXt", b"Comment\0\0" + packed) + content[33:]


def many_passes() -> bytes:
    """A JPEG that comes in hundreds of passes."""
    content = pictures.saved(pictures.gradient(), "JPEG", progressive=True)
    start = content.index(b"\xff\xda")
    return content[:start] + content[start:-2] * 50 + content[-2:]


def damaged() -> bytes:
    content = bytearray(good())
    content[content.index(b"IDAT") + 20] ^= 0xFF
    return bytes(content)


PHOTOS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no bytes": ("me.jpg", lambda: b"", EMPTY),
    "one byte": ("me.jpg", lambda: b"\xff", KIND),
    "over five megabytes": ("me.jpg", lambda: good("JPEG") + b"\0" * (5 << 20), LARGE),
    "a moving picture": ("me.gif", lambda: pictures.animated("GIF"), KIND),
    "a moving picture that is a script": ("me.gif", lambda: b"GIF89a/*" + b"\0" * 50 + b"*/=1;alert(1)//", KIND),
    "a drawing with a script": ("me.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", KIND),
    "a page of the web": ("me.jpg", lambda: b"<!DOCTYPE html><script>alert(1)</script>", KIND),
    "a program of the web": ("me.php.jpg", lambda: b"<?php system($_GET['c']); ?>", KIND),
    "a program": ("me.png", lambda: b"MZ" + b"\0" * 500, KIND),
    "a paper": ("me.png", lambda: b"%PDF-1.7\n", KIND),
    "a drawing for printers": ("me.png", lambda: POSTSCRIPT, KIND),
    "a bitmap": ("me.png", lambda: good("BMP"), KIND),
    "a scan": ("me.png", lambda: good("TIFF"), KIND),
    "an icon": ("me.png", lambda: pictures.saved(pictures.gradient(size=(64, 64)), "ICO"), KIND),
    "a film": ("me.jpg", lambda: b"\0\0\0\x18ftypmp42" + b"\0" * 200, KIND),
    "a workbook": ("me.jpg", workbook_bytes, KIND),
    "a PNG cut short": ("me.png", lambda: good()[:200], DAMAGED),
    "a JPEG cut short": ("me.jpg", lambda: good("JPEG")[:400], DAMAGED),
    "a WebP cut short": ("me.webp", lambda: good("WEBP")[:60], DAMAGED),
    "a PNG with a wrong sum": ("me.png", damaged, DAMAGED),
    "a beginning alone": ("me.png", lambda: b"\x89PNG\r\n\x1a\n", DAMAGED),
    "a huge PNG": ("me.png", lambda: pictures.png_of_size(60_000, 60_000), PIXELS),
    "a huge JPEG": ("me.jpg", lambda: pictures.jpeg_of_size(65_000, 65_000), PIXELS),
    "a huge WebP": ("me.webp", lambda: pictures.webp_of_size(16_000_000, 16_000_000), PIXELS),
    "one pixel": ("me.png", lambda: pictures.saved(pictures.gradient(size=(1, 1)), "PNG"), SMALL),
    "a strip": ("me.png", lambda: pictures.saved(pictures.gradient(size=(64, 4000)), "PNG"), STRIP),
    "a PNG that is an archive": ("me.png", lambda: good() + archive(), MORE),
    "a JPEG that is an archive": ("me.jpg", lambda: good("JPEG") + archive(), MORE),
    "a WebP that is a page": ("me.webp", lambda: good("WEBP") + b"<script>alert(1)</script>", MORE),
    "a PNG that is a page": ("me.html", lambda: good() + b"<script>alert(1)</script>", MORE),
    "a JPEG in hundreds of passes": ("me.jpg", many_passes, MORE),
    "a comment that unpacks to 200 MB": ("me.png", bomb_of_text, DAMAGED),
    "a PNG whose head lies": ("me.png", lambda: good()[:16] + struct.pack(">II", 4000, 4000) + good()[24:], DAMAGED),
}  # fmt: skip
