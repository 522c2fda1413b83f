"""No request leaves for an address that somebody gave: few modules can call anybody, each a configured server."""

import ast

from config import ROOT

CLIENTS = frozenset({
    "socket", "ssl", "smtplib", "ftplib", "poplib", "imaplib", "telnetlib", "xmlrpc", "http.client", "urllib.request",
    "urllib3", "requests", "httpx", "aiohttp", "websockets", "asyncio", "paramiko", "authlib", "webbrowser",
})  # fmt: skip
# Who may, and whom they call.
ALLOWED = {
    "bsm_alumni/mail/transport.py": {"smtplib", "ssl"},  # BSM_MAIL_URL
    "bsm_alumni/maintenance/service.py": {"smtplib"},  # the same, whether it answers
    "bsm_alumni/accounts/client_oidc.py": {"authlib", "requests"},  # BSM_OIDC_ISSUER
    "bsm_alumni/commands/demo.py": {"urllib.request"},  # the demo's own server, whether it is up
}


def clients_in(source: str) -> set[str]:
    """What a module imports that can open a connection."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "__import__":
            found.add("__import__")
        found |= {client for client in CLIENTS for name in names if name == client or name.startswith(f"{client}.")}
    return found


def test_only_these_modules_can_call_anybody() -> None:
    files = [*(ROOT / "bsm_alumni").rglob("*.py"), ROOT / "config.py", ROOT / "wsgi.py"]
    found = {str(path.relative_to(ROOT)): clients_in(path.read_text()) for path in files}
    assert {name: clients for name, clients in found.items() if clients} == ALLOWED


def test_planted_ones_are_caught() -> None:
    assert clients_in("import requests") == {"requests"}
    assert clients_in("from urllib import request, parse") == {"urllib.request"}
    assert clients_in("import urllib.request as x") == {"urllib.request"}
    assert clients_in("def f():\n    from http.client import HTTPConnection") == {"http.client"}
    assert clients_in("__import__('requests')") == {"__import__"}
    assert clients_in("from urllib.parse import urlsplit\nfrom flask import request") == set()
