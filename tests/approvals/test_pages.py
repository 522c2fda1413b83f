"""The pages of requests: who sees which, who gets which button, and what the mails say."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User, UserSession
from bsm_alumni.approvals import service
from bsm_alumni.approvals.letters import RENDERERS
from bsm_alumni.approvals.models import Approval
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import deliver_due
from tests.browsing import post_form
from tests.factories import Factory

SignIn = Callable[[User], FlaskClient]
URL = "/staff/approvals"


def asked(user: User, kind: str = "twin_later", words: str = "Please", **params: object) -> int:
    number = service.ask(kind, params, words, viewer=viewer_of(user)).id
    db.session.commit()
    return number


def buttons(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'action="/staff/[a-z/-]*?/\d+(/[a-z]+)?"', page)]


def decision_of(number: int) -> str | None:
    found = db.session.get_one(Approval, number, populate_existing=True).decision
    return found.value if found else None


def test_each_sees_the_own_and_those_to_decide(make: Factory, sign_in: SignIn) -> None:
    admin, officer, viewer = (make.user(role) for role in (Role.ADMIN, Role.OFFICER, Role.VIEWER))
    asked(officer, words="by the officer")
    asked(viewer, words="by the viewer")
    asked(admin, "twin_now", "by the administrator", code="x")
    shown = {}
    for user in (admin, officer, viewer, make.user(Role.VIEWER), make.user(Role.ADMIN)):
        page = sign_in(user).get(URL).text
        shown[user.name] = [who for who in ("administrator", "viewer", "officer") if f"by the {who}" in page]
    assert list(shown.values()) == [
        ["administrator", "viewer", "officer"],
        ["viewer", "officer"],
        ["viewer"],
        [],
        ["administrator", "viewer", "officer"],
    ]


def test_what_is_not_ones_own_is_not_there(make: Factory, sign_in: SignIn) -> None:
    number = asked(make.user(Role.OFFICER))
    other = sign_in(make.user(Role.VIEWER))
    assert [other.get(f"{URL}/{which}").status_code for which in (number, 999999)] == [404, 404]
    assert post_form(other, f"{URL}/{number}/withdraw").status_code == 404


def test_buttons_are_of_those_who_may(make: Factory, sign_in: SignIn) -> None:
    asker, decider = make.user(Role.OFFICER), make.user(Role.ADMIN)
    number = asked(asker)
    assert buttons(sign_in(asker).get(f"{URL}/{number}").text) == ["/withdraw"]
    client = sign_in(decider)
    assert buttons(client.get(f"{URL}/{number}").text) == ["/grant", "/refuse"]
    post_form(client, f"{URL}/{number}/grant")
    assert decision_of(number) == "granted"
    assert buttons(client.get(f"{URL}/{number}").text) == []


def test_a_yes_asks_for_a_fresh_proof_and_comes_back_to_the_request(make: Factory, sign_in: SignIn) -> None:
    number = asked(make.user(Role.OFFICER))
    client = sign_in(make.user(Role.ADMIN))
    db.session.execute(sa.update(UserSession).values(fresh_at=utc_now() - timedelta(hours=2)))
    db.session.commit()
    answer = post_form(client, f"{URL}/{number}/grant")
    assert (answer.status_code, answer.location) == (302, f"/account/confirm?next=%2Fstaff%2Fapprovals%2F{number}")
    assert decision_of(number) is None
    # A no opens nothing, and is taken at once.
    post_form(client, f"{URL}/{number}/refuse")
    assert decision_of(number) == "refused"


def test_the_own_request_is_not_granted_by_post_either(make: Factory, sign_in: SignIn) -> None:
    asker = make.user(Role.ADMIN)
    number = asked(asker, "twin_now", code="self")
    client = sign_in(asker)
    for step in ("grant", "refuse"):
        post_form(client, f"{URL}/{number}/{step}")
        assert "Somebody else decides" in client.get(f"{URL}/{number}").text
    assert decision_of(number) is None


@pytest.mark.parametrize(("step", "decision"), [("grant", "granted"), ("refuse", "refused"), ("withdraw", "withdrawn")])
def test_a_request_that_is_over_is_listed_as_such(step: str, decision: str, make: Factory, sign_in: SignIn) -> None:
    asker, decider = make.user(Role.OFFICER), make.user(Role.ADMIN)
    number = asked(asker, words="over soon")
    client = sign_in(asker if step == "withdraw" else decider)
    post_form(client, f"{URL}/{number}/{step}")
    assert decision_of(number) == decision
    assert [("over soon" in client.get(f"{URL}{query}").text) for query in ("", "?show=past")] == [False, True]


def test_hostile_words_stay_words(make: Factory, sign_in: SignIn) -> None:
    number = asked(make.user(Role.OFFICER), words="<script>alert(1)</script>")
    client = sign_in(make.user(Role.ADMIN))
    for page in (URL, f"{URL}/{number}"):
        assert "<script>alert" not in client.get(page).text


def test_the_list_has_pages_and_as_many_queries_for_one_as_for_many(
    make: Factory, sign_in: SignIn, count_queries: Callable
) -> None:
    asker = make.user(Role.OFFICER)
    client = sign_in(make.user(Role.ADMIN))
    counts = []
    for number in range(27):
        asked(asker, to=number)
        if number in (0, 2):
            with count_queries() as queries:
                client.get(URL)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    page = client.get(URL).text
    assert page.count('scope="row"') == 25
    more = unescape(re.search(r'rel="next" href="([^"]*)"', page)[1])
    assert client.get(more).text.count('scope="row"') == 2


def sent(app: Flask, kind: str) -> list[tuple[str, str, str]]:
    """Address, subject and words of the mails of a kind, after the worker was there."""
    db.session.commit()
    deliver_due(RENDERERS)
    rows = db.session.execute(
        sa.select(Mail.to_address, Mail.sent_subject, Mail.sent_text).where(
            Mail.kind == kind, Mail.sent_at.is_not(None)
        )
    )
    return [tuple(row) for row in rows]


def test_mails_say_what_is_asked_and_lead_to_the_page(app: Flask, make: Factory) -> None:
    asker, decider = make.user(Role.OFFICER, name="Olga Ortiz"), make.user(Role.ADMIN, name="Anna Berg")
    number = asked(asker, words="Ten thousand addresses")
    ((address, subject, text),) = sent(app, "approval_asked")
    assert (address, subject) == (decider.email, "A second person is needed: Do it later")
    assert [part in text for part in ("Olga Ortiz", "Ten thousand addresses", f"http://localhost{URL}/{number}\n")] == [
        True
    ] * 3
    with writing():
        service.grant(number, viewer=viewer_of(decider))
    ((address, subject, text),) = sent(app, "approval_decided")
    assert (address, subject) == (asker.email, "Granted: Do it later")
    assert ["Anna Berg granted" in text, "once, within a day" in text] == [True, True]


def test_a_mail_that_came_too_late_is_not_sent(app: Flask, make: Factory) -> None:
    asker, decider, gone = make.user(Role.OFFICER), make.user(Role.ADMIN), make.user(Role.ADMIN)
    number = asked(asker)
    gone.role = Role.VIEWER
    assert [address for address, _subject, _text in sent(app, "approval_asked")] == [decider.email]
    other = asked(asker, to=2)
    service.withdraw(other, viewer=viewer_of(asker))
    assert len(sent(app, "approval_asked")) == 1
    service.refuse(number, viewer=viewer_of(decider))
    ((_address, subject, text),) = sent(app, "approval_decided")
    assert (subject, "refused what you asked" in text) == ("Refused: Do it later", True)


def test_mails_are_in_the_language_of_their_reader(app: Flask, make: Factory) -> None:
    make.user(Role.ADMIN, locale="ar")
    asked(make.user(Role.OFFICER))
    assert len(sent(app, "approval_asked")) == 1
    (file,) = Path(app.extensions["bsm_settings"].mail_url.removeprefix("file:")).glob("*.eml")
    body = message_from_bytes(file.read_bytes(), policy=policy.default).get_body(("html",))
    assert body is not None
    assert '<html lang="ar" dir="rtl">' in body.get_content()
