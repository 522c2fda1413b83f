"""Finding marks in whatever leaves the program: plain, escaped, encoded, packed."""

import base64
import binascii
import html
import io
import quopri
import re
import zipfile
from urllib.parse import unquote_to_bytes

# A mark is 'zqx', the person's number and the field's, and five random letters and figures: such a word is nowhere
# else, survives escaping, and can be told apart from every other.
MARK = re.compile(rb"zqx[0-9]{4}[0-9a-f]{5}", re.IGNORECASE)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
# How 'zqx' looks inside base64, at each of the three places it can begin at, in either case of its letters.
_STARTS = tuple(
    {
        base64.b64encode(b"\0" * shift + word)[(shift * 8 + 5) // 6 : (shift + 3) * 8 // 6]
        for shift in range(3)
        for word in (b"zqx", b"Zqx", b"ZQX")
    }
)
_DEEPEST = 3


def marks_in(data: bytes) -> set[str]:
    """Every mark in the bytes, however it is written, in lower case."""
    found: set[str] = set()
    for text in _readings(data, _DEEPEST):
        found |= {mark.decode().lower() for mark in MARK.findall(text)}
    return found


def _readings(data: bytes, depth: int) -> list[bytes]:
    """The bytes as they are and as each reader would read them."""
    found = [data]
    if depth == 0:
        return found
    if data.startswith(b"PK"):
        return found + [text for part in _unpacked(data) for text in _readings(part, depth - 1)]
    if b"&" in data:
        found.append(html.unescape(data.decode("utf-8", "replace")).encode())
    if b"%" in data:
        found.append(unquote_to_bytes(data))
    if b"=" in data:
        found.append(quopri.decodestring(data))
    if b"\\u" in data:
        found.append(re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda code: bytes([int(code[1], 16)]), data))
    if any(start in data for start in _STARTS):
        for run in _BASE64.findall(data.replace(b"\r\n", b"").replace(b"\n", b"")):
            found += _decoded(run)
    return found


def _decoded(run: bytes) -> list[bytes]:
    plain, found = run.replace(b"-", b"+").replace(b"_", b"/"), []
    for skip in range(4):
        part = plain[skip:]
        if len(part) % 4 == 1:
            part = part[:-1]
        try:
            found.append(base64.b64decode(part + b"=" * (-len(part) % 4), validate=True))
        except binascii.Error:
            continue
    return found


def _unpacked(data: bytes) -> list[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [name.encode() for name in packed.namelist()]
            return names + [packed.read(name) for name in packed.namelist()]
    except zipfile.BadZipFile:
        return []
