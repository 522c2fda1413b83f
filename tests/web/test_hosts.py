"""The host name: production answers to its own alone, and no address in a page or mail comes from a request."""

import ast
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.approvals import service
from bsm_alumni.extensions import db
from bsm_alumni.mail.models import Mail
from bsm_alumni.worker import sweep
from config import ROOT
from tests.browsing import post_form
from tests.factories import Factory
from tests.web.answers import faults_of
from tests.web.conftest import BASE, HOST, Enter

STRANGE = (
    "evil.example", f"{HOST}.evil.example", f"evil.example#{HOST}", f"{HOST}@evil.example", f"{HOST}:8443",
    f"{HOST}:443@evil.example", f"{HOST},evil.example", f"evil.example,{HOST}", f"{HOST}:99999", f"{HOST}:x",
    "127.0.0.1", "localhost", f"www.{HOST}", f"{HOST} evil.example", f"{HOST}/evil", "[::1]", f" {HOST}\tx",
)  # fmt: skip


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host"])
def test_a_strange_host_is_refused_without_a_word(header: str, enter: Enter) -> None:
    client = enter("anonymous")
    for host in STRANGE:
        headers = {"Host": HOST, header: host}
        # Of several forwarded names the last was put there by our own proxy.
        ours = header == "X-Forwarded-Host" and host.rpartition(",")[2] == HOST
        for path in ("/", "/me", "/staff/alumni", "/no-such-page"):
            answer = client.get(path, headers=headers, environ_overrides={"HTTP_HOST": headers["Host"]})
            assert (host, answer.status_code == 400) == (host, not ours)
            assert "evil" not in answer.text + str(answer.headers)
            assert faults_of(answer, production=True) == []


def test_the_own_host_is_answered(enter: Enter) -> None:
    client = enter("anonymous")
    for host in (HOST, f"{HOST}:443"):
        assert client.get("/", environ_overrides={"HTTP_HOST": host}).status_code == 200


def test_other_headers_of_proxies_change_nothing(enter: Enter) -> None:
    client = enter("anonymous")
    plain = client.get("/staff/alumni", base_url=BASE).headers["Location"]
    for name in ("X-Forwarded-Server", "X-Host", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "Forwarded"):
        value = "host=evil.example" if name == "Forwarded" else "/evil.example"
        answer = client.get("/staff/alumni", base_url=BASE, headers={name: value})
        assert (answer.status_code, answer.headers["Location"]) == (302, plain)


def test_redirects_stay_within_the_site(enter: Enter) -> None:
    client = enter("anonymous")
    for path in (
        "//evil.example",
        "//evil.example/..",
        "/\\evil.example",
        "/%2f%2fevil.example",
        "/?next=//evil.example",
    ):
        answer = client.get(path, base_url=BASE)
        target = answer.headers.get("Location", "/")
        assert target.startswith(("/", f"{BASE}/")), (path, target)
        assert not target.startswith(("//", "/\\"))


# What would put a request's host into an address.
FROM_REQUEST = frozenset({"host", "host_url", "url_root", "root_url", "base_url", "url"})


def hosts_from_requests(source: str) -> list[str]:
    """Expressions of a module that read a request's host, or ask for an address with one."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
            found += [f"request.{node.attr}"] if node.attr in FROM_REQUEST else []
        if isinstance(node, ast.keyword) and node.arg == "_external":
            found.append("_external")
    return found


def test_no_module_builds_an_address_from_a_request() -> None:
    found = {
        str(path.relative_to(ROOT)): hosts_from_requests(path.read_text())
        for path in (ROOT / "bsm_alumni").rglob("*.py")
        if path.name != "headers.py"
    }
    assert {name: words for name, words in found.items() if words} == {}
    pages = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]
    assert [path.name for path in pages if re.search(r"_external|request\.(host|url|base)", path.read_text())] == []


def test_planted_ones_are_found() -> None:
    assert hosts_from_requests("x = request.host_url + '/a'") == ["request.host_url"]
    assert hosts_from_requests("url_for('a', _external=True)") == ["_external"]
    assert hosts_from_requests("x = request.path; y = settings.base_url") == []


def test_links_in_mails_are_of_the_configured_address(
    app: Flask, make: Factory, sign_in: Callable[[User], FlaskClient]
) -> None:
    """Mails asked for over another host name that the demo answers to lead to the configured address alone."""
    admin, officer = make.user(Role.ADMIN), make.user(Role.OFFICER, name="Olga")
    client = sign_in(officer)
    client.environ_base["HTTP_HOST"] = "127.0.0.1:5000"
    person, event = make.alumnus(), make.event(seats=1)
    slot_id, person_id = event.slots[0].id, person.id
    post_form(client, f"/staff/slots/{slot_id}/invite", {"alumnus_id": person_id})
    service.ask("export_contacts", {"people": [1]}, "Please", viewer=viewer_of(officer))
    db.session.commit()
    sweep(app)
    texts = db.session.scalars(sa.select(Mail.sent_text).where(Mail.sent_at.is_not(None))).all()
    links = [link for text in texts for link in re.findall(r"https?://\S+", text)]
    assert len(links) >= 2
    assert [link for link in links if not link.startswith("http://localhost/")] == []
    assert admin.email in db.session.scalars(sa.select(Mail.to_address)).all()
