"""The finder finds: every form in which a mark could leave."""

import base64
import io
import json
import quopri
import zipfile
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from tests.proofs.scanning import marks_in

MARK = "zqx0102abcde"


def _packed(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", text)
    return file.getvalue()


def _mail(text: str) -> bytes:
    message = EmailMessage()
    message["To"] = "somebody@example.org"
    message.set_content(text + " مرحبا", cte="base64")
    return bytes(message)


@pytest.mark.parametrize(
    "written",
    [
        MARK.encode(),
        MARK.upper().encode(),
        f"<td>{MARK}</td>".encode(),
        "".join(f"&#{ord(char)};" for char in MARK).encode(),
        "".join(f"%{ord(char):02x}" for char in MARK).encode(),
        quote(f"ü{MARK}").encode(),
        quopri.encodestring(f"Zürich, {'x' * 60} {MARK} {'y' * 40}".encode()),
        json.dumps({"é": MARK}).encode(),
        "".join(f"\\u{ord(char):04x}" for char in MARK).encode(),
        *(base64.b64encode(b"a" * shift + MARK.encode() + b" and more") for shift in range(4)),
        *(base64.urlsafe_b64encode(b"\xff" * shift + MARK.encode()) for shift in range(4)),
        _packed(f"<t>{MARK}</t>"),
        _mail(f"Dear {MARK},"),
    ],
)
def test_a_mark_is_found_however_it_is_written(written: bytes) -> None:
    assert marks_in(written) == {MARK}


def test_nothing_is_found_where_nothing_is() -> None:
    assert marks_in(b"zqx and zqx01 and " + base64.b64encode(b"zqy0102abcde" * 9)) == set()
