"""Identity providers on this machine: a real one in a process of its own, and one that can be told to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "bsm-alumni", "a secret of sixteen and more"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def real_provider() -> Iterator[str]:
    """`oidc-provider-mock` as a process; gives its issuer."""
    issuer = f"http://localhost:{(port := free_port())}"
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--no-refresh-token"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(200):
            try:
                requests.get(f"{issuer}/jwks", timeout=2)
                break
            except requests.ConnectionError:
                assert process.poll() is None, "the provider did not start"
                time.sleep(0.1)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def put_user(issuer: str, subject: str, claims: dict[str, Any]) -> None:
    """Tell the real provider what it says of somebody."""
    answer = requests.put(f"{issuer}/users/{subject}", json=claims, timeout=5)
    assert answer.status_code == 204


Change = Callable[[dict[str, Any]], dict[str, Any]]


def as_it_is(thing: dict[str, Any]) -> dict[str, Any]:
    return thing


@dataclass
class Liar:
    """A provider that checks client, code and PKCE as it should, and says what it is told to say."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    discovery: Change = as_it_is
    payload: Change = as_it_is
    answer: Change = as_it_is
    reply: Change = as_it_is
    algorithm: str = "RS256"
    secret: bytes | None = None
    keeps_codes: bool = False
    sleeps: float = 0
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing_key: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        return self.discovery(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def authorize(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = self.answer({"code": code, "state": query["state"], "iss": self.issuer})
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        query = self.codes.get(form["code"]) if self.keeps_codes else self.codes.pop(form["code"], None)
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if basic != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        if query is None or query["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        if (query["code_challenge"], query["code_challenge_method"]) != (challenge, "S256"):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        payload = self.payload(
            {
                "iss": self.issuer,
                "aud": CLIENT_ID,
                "iat": now,
                "exp": now + 300,
                "nonce": query["nonce"],
                "sub": "s1",
                **self.claims,
            }
        )
        return 200, self.reply({"access_token": "a", "token_type": "Bearer", "id_token": self._signed(payload)})

    def _signed(self, payload: dict[str, Any]) -> str:
        if self.algorithm not in ("none", "HS256"):
            key = self.signing_key or self.key
            return jwt.encode({"alg": self.algorithm, "kid": key.kid}, payload, key, [self.algorithm])
        # By hand, since no good library makes these.
        signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"alg": self.algorithm}, payload))
        secret = self.secret if self.algorithm == "HS256" else None
        mac = hmac.new(secret, signed, hashlib.sha256).digest() if secret is not None else b""
        return (signed + b"." + _base64(mac)).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _handler(liar: Liar) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _say(self, status: int, document: Any, **headers: str) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            liar.asked.append(parts.path)
            time.sleep(liar.sleeps)
            match parts.path:
                case "/.well-known/openid-configuration":
                    self._say(200, liar.described())
                case "/authorize":
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    self._say(302, {}, Location=liar.authorize(query))
                case "/jwks":
                    self._say(200, {"keys": [liar.key.as_dict(private=False)]})
                case "/userinfo":
                    found = {"sub": "s1", **liar.claims} if liar.userinfo is None else liar.userinfo
                    self._say(200, found)
                case _other:
                    self._say(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            liar.asked.append(self.path)
            self._say(*liar.token(form, self.headers.get("Authorization", "")))

        def log_message(self, *_parts: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def lying_provider() -> Iterator[Liar]:
    """A provider that can be told to lie, on a free port."""
    liar = Liar()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(liar))
    liar.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
