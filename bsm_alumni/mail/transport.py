"""Handing a message over: to an SMTP server, or to a folder as .eml files."""

import os
import smtplib
import ssl
import tempfile
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bsm_alumni.extensions import utc_now
from bsm_alumni.mail.message import Message
from config import ROOT, Settings

SMTP_SECONDS = 20
AWAY = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPAuthenticationError,
)


class DeliveryFailed(Exception):
    """The mail server did not take the message; the words say what it answered."""


class RefusedForGood(DeliveryFailed):
    """The server will never take it, for instance since there is no such mailbox: trying again is no use."""


class ServerAway(DeliveryFailed):
    """The server cannot be reached or does not let us in: other mails would fare no better now."""


def to_email(message: Message, to_address: str, settings: Settings, mail_id: int) -> EmailMessage:
    """The message as sent. The Message-ID is the outbox row's, so a second try is known as the same."""
    email = EmailMessage()
    email["From"] = f"BSM Alumni <no-reply@{settings.host}>"
    email["To"] = to_address
    # A header is one line, whatever a title holds.
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = format_datetime(utc_now())
    email["Message-ID"] = f"<outbox-{mail_id}@{settings.host}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    email.add_alternative(message.html, subtype="html")
    for attachment in message.attachments:
        kind, _, parameters = attachment.content_type.partition(";")
        main, sub = kind.strip().split("/")
        params = dict(part.strip().split("=", 1) for part in parameters.split(";") if "=" in part)
        email.add_attachment(
            attachment.content, maintype=main, subtype=sub, filename=attachment.filename, params=params
        )
    return email


def _write_file(email: EmailMessage, folder: Path, mail_id: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(bytes(email))
    Path(temporary).rename(folder / f"{mail_id:08d}.eml")


def connect(url: str, seconds: float) -> smtplib.SMTP:
    """A connection to the server of ``BSM_MAIL_URL``. Over TLS the server has to prove its name; raises OSError."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or 25
    if parts.scheme == "smtps":
        # Without a context of its own, smtplib takes any certificate.
        return smtplib.SMTP_SSL(host, port, timeout=seconds, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=seconds)


def _send_smtp(email: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    try:
        with connect(url, SMTP_SECONDS) as server:
            if parts.username:
                if parts.scheme == "smtp":
                    server.starttls(context=ssl.create_default_context())
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(email)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        kind_of_failure = RefusedForGood if 500 <= code < 600 else DeliveryFailed
        raise kind_of_failure(f"{code} {answer.decode(errors='replace')}") from error
    except AWAY as error:
        raise ServerAway(f"{type(error).__name__}: {error}") from error
    except smtplib.SMTPException as error:
        raise DeliveryFailed(f"{type(error).__name__}: {error}") from error
    except OSError as error:
        # Refused, unknown or silent; SMTP's own errors are of this type too and were caught above.
        raise ServerAway(f"{type(error).__name__}: {error}") from error


def deliver(email: EmailMessage, settings: Settings, mail_id: int) -> None:
    """Hand one mail over to where ``BSM_MAIL_URL`` says; raises DeliveryFailed."""
    if settings.mail_url.startswith("file:"):
        _write_file(email, ROOT / settings.mail_url.removeprefix("file:"), mail_id)
    else:
        _send_smtp(email, settings.mail_url)
