"""Does an uploaded file hold certain words? Looked for in the bytes, after unpacking a workbook."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
# A part of a workbook is read so far; what is larger was refused when it came in.
MOST_BYTES = 300_000_000


def mentions(content: bytes, words: Sequence[str]) -> bool:
    """True when one of the words stands in the file, in capitals or not; also for a file that cannot be looked into."""
    if not content.startswith(b"PK"):
        return _has(content, words)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [part for part in package.infolist() if part.file_size <= MOST_BYTES]
            return any(_has(package.read(part), words) for part in parts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return True


def _has(content: bytes, words: Sequence[str]) -> bool:
    small = content.lower()
    for word in words:
        for form in {word.lower(), escape(word.lower())}:
            for encoding in ENCODINGS:
                try:
                    if form.encode(encoding).lower() in small:
                        return True
                except UnicodeEncodeError:
                    continue
    return False
