"""A security key in software: makes keys and signs challenges as a browser and its device do, honestly or not."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One passkey on one device. What a test sets is what the device says, true or not."""

    origin: str = "http://localhost"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""
    count: int = 0
    # 0 for keys that are kept in step between devices and do not count.
    counts_by: int = 1
    rp_id: str = ""
    flags: int = PRESENT | VERIFIED

    def make(self, options: dict[str, Any]) -> str:
        """What the browser sends after ``navigator.credentials.create``."""
        self.user_handle = options["user"]["id"]
        rp_id = self.rp_id or options["rp"]["id"]
        data = self._data(rp_id, WITH_KEY) + bytes(16) + len(self.credential_id).to_bytes(2) + self.credential_id
        attestation = {"fmt": "none", "attStmt": {}, "authData": data + self._public_key()}
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options["challenge"]),
            attestationObject=cbor2.dumps(attestation),
            transports=["internal"],
        )

    def use(self, options: dict[str, Any], **changes: Any) -> str:
        """What the browser sends after ``navigator.credentials.get``; ``changes`` replace parts after signing."""
        self.count += self.counts_by
        data = self._data(self.rp_id or options["rpId"], 0)
        client = self._client_data("webauthn.get", options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer(**{**parts, "userHandle": self.user_handle, **changes})

    def _data(self, rp_id: str, more: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4)

    def _public_key(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        # COSE: an elliptic curve key (1: 2) for ES256 (3: -7) on P-256 (-1: 1).
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, **parts: Any) -> str:
        name = bytes_to_base64url(self.credential_id)
        response = {k: bytes_to_base64url(v) if isinstance(v, bytes) else v for k, v in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def challenge_of(options: dict[str, Any]) -> bytes:
    """The challenge in the options, as bytes."""
    return base64url_to_bytes(options["challenge"])
