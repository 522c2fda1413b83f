"""Mail goes over TLS only to a server that proves its name; otherwise it waits."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bsm_alumni.mail.message import Message
from bsm_alumni.mail.transport import ServerAway, deliver, to_email
from config import Settings
from tests.mail.servers import Inbox, free_port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's address that it signed itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class OnRequest(Controller):
    """A server that goes over to TLS when asked, and takes mail only then."""

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="127.0.0.1", tls_context=self.context, require_starttls=True)

    context: ssl.SSLContext


class FromTheStart(Controller):
    """A server that speaks TLS alone."""

    def _trigger_server(self) -> None:
        # The library asks with a context that is for servers alone.
        unproved = ssl._create_unverified_context()  # noqa: S323
        with (
            socket.create_connection(("127.0.0.1", self.port), 5) as plain,
            unproved.wrap_socket(plain) as encrypted,
        ):
            encrypted.recv(100)


@contextmanager
def server(scheme: str, certificate: Path) -> Iterator[tuple[str, Inbox]]:
    """The server's address, with a user name where that is what asks for TLS, and what arrives."""
    context, inbox, port = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), Inbox(), free_port()
    context.load_cert_chain(certificate)
    if scheme == "smtps":
        controller = FromTheStart(inbox, hostname="127.0.0.1", port=port, ssl_context=context)
        url = f"smtps://127.0.0.1:{port}"
    else:
        controller = OnRequest(inbox, hostname="127.0.0.1", port=port)
        controller.context = context
        url = f"smtp://user:word@127.0.0.1:{port}"
    controller.start()
    try:
        yield url, inbox
    finally:
        controller.stop()


def send(url: str) -> None:
    settings = Settings("production", "sqlite:///x", "k" * 32, "https://alumni.example.org", url)
    email = to_email(Message("A session", "Words", "<p>Words</p>"), "one@example.org", settings, 7)
    deliver(email, settings, 7)


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
def test_a_server_that_cannot_prove_its_name_gets_no_mail(scheme: str, certificate: Path) -> None:
    with server(scheme, certificate) as (url, inbox):
        with pytest.raises(ServerAway) as raised:
            send(url)
        assert "CERTIFICATE_VERIFY_FAILED" in str(raised.value)
    assert inbox.mails == []


def test_one_that_proves_it_gets_the_mail(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the same server, once its certificate is among those that are trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server("smtps", certificate) as (url, inbox):
        send(url)
    assert [str(mail["To"]) for mail in inbox.mails] == ["one@example.org"]
