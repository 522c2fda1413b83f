"""A small programme with something of everything, and every form that its people find on their pages."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from bsm_alumni.access.viewer import viewer_of
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import Passkey, User
from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import AvailabilityPeriod, SavedFilter
from bsm_alumni.alumni.service_photo import set_photo
from bsm_alumni.approvals.service import ask
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.links import make_link, token_of
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.imports.service_run import run_import
from bsm_alumni.jobs.service import get_job
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.planning.service import create_plan
from bsm_alumni.planning.service_run import run_plan
from bsm_alumni.planning.shapes import PlanDetails
from tests.alumni import pictures
from tests.factories import Factory
from tests.imports.hostile import workbook_bytes
from tests.seats import hold

SignIn = Callable[[User], FlaskClient]
MOST_PAGES = 3


@dataclass(frozen=True, slots=True)
class Form:
    """One form as a page shows it: where it goes, and what a browser would send unless somebody writes in it."""

    url: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: tuple[str, ...] = ()


class Forms(HTMLParser):
    """Collects the forms that post, and the addresses that a page links to."""

    def __init__(self, page: str, at: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.links: list[str] = []
        self._at, self._form, self._select, self._area = at, None, "", ""
        self._files: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in pairs}
        if tag == "a" and attrs.get("href", "").startswith("/"):
            self.links.append(attrs["href"].split("#")[0])
        if tag == "form" and attrs.get("method", "").lower() == "post":
            self._form, self._files = Form(attrs.get("action") or self._at), []
        if self._form is None:
            return
        name = attrs.get("name", "")
        if tag == "input" and name and name != "csrf_token":
            self._input(name, attrs)
        elif tag == "textarea" and name:
            self._area = name
            self._put(name, "")
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and ("selected" in attrs or self._select not in self._form.fields):
            self._form.fields[self._select] = [attrs.get("value", "")]
        elif tag == "button" and name:
            self._put(name, attrs.get("value", ""))

    def _input(self, name: str, attrs: dict[str, str]) -> None:
        kind = attrs.get("type", "text")
        if kind == "file":
            self._files.append(name)
        elif kind in ("checkbox", "radio"):
            # Of several the first, where none is chosen: a form of one choice must send one.
            if "checked" in attrs or name not in (self._form.fields if self._form else {}):
                assert self._form is not None
                self._form.fields[name] = [attrs.get("value", "on")]
        else:
            self._put(name, attrs.get("value", ""))

    def _put(self, name: str, value: str) -> None:
        assert self._form is not None
        self._form.fields.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area] = [data.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "form" and self._form is not None:
            self.found.append(Form(self._form.url, self._form.fields, tuple(self._files)))
            self._form = None


def endpoint_of(app: Flask, url: str, method: str) -> str | None:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(url).path, method)[0])
    except HTTPException:
        return None


def forms_of(app: Flask, client: FlaskClient, start: list[str]) -> Iterator[tuple[str, Form]]:
    """(endpoint, form) of every form on the pages that ``start`` leads to; a few addresses of each page are enough."""
    waiting, seen, visits, given = list(start), set(start), {}, set()
    while waiting:
        url = waiting.pop(0)
        endpoint = endpoint_of(app, url, "GET")
        if endpoint is None or visits.get(endpoint, 0) >= MOST_PAGES:
            continue
        visits[endpoint] = visits.get(endpoint, 0) + 1
        answer = client.get(url)
        if answer.status_code in (301, 302, 308):
            target = answer.headers["Location"]
            waiting += [target] if target not in seen else []
            seen.add(target)
        if not answer.content_type.startswith("text/html"):
            answer.close()
            continue
        parser = Forms(answer.text, url)
        fresh = [link for link in parser.links if link not in seen]
        waiting += list(dict.fromkeys(fresh))
        seen.update(fresh)
        for form in parser.found:
            target_endpoint = endpoint_of(app, form.url, "POST")
            key = (target_endpoint, tuple(sorted(form.fields)))
            if target_endpoint is not None and key not in given:
                given.add(key)
                yield target_endpoint, form


def make_world(make: Factory, folder: Path) -> tuple[dict[str, User], list[str]]:
    """Somebody of each role, and the addresses with secrets in them that the mails of this world would hold."""
    partner = make.organisation("PART")
    theme, people = make.theme(), [make.alumnus("Person", f"Number {number}") for number in range(4)]
    shared = make.alumnus("Shared", themes=(theme,), shared_with=(partner,))
    users = {
        "admin": make.user(Role.ADMIN),
        "officer": make.user(Role.OFFICER),
        "viewer": make.user(Role.VIEWER),
        "partner": make.user(Role.PARTNER, organisation_id=partner.id, is_focal_point=True),
        "alumnus": make.user(Role.ALUMNUS, alumnus_id=people[0].id),
    }
    make.user(Role.ADMIN)
    make.user(Role.VIEWER, active=False)
    make.user(Role.PARTNER, organisation_id=partner.id)
    cohort = make.cohort()
    make.enrolment(cohort, people[1])
    series = make.series()
    first = make.event("First", seats=3, series_id=series.id)
    past = make.event("Past", seats=3, starts_at=utc_now() - timedelta(days=3))
    hold(first.slots[0], people[0])
    hold(first.slots[0], people[1], AssignmentState.PROPOSED, 2, invited_at=None, answer_by=None)
    second = make.event("Second", seats=2, starts_at=first.starts_at + timedelta(days=9))
    accepted = hold(second.slots[0], people[0], AssignmentState.ACCEPTED)
    hold(past.slots[0], people[2], AssignmentState.ACCEPTED)
    waiting = hold(second.slots[0], shared, AssignmentState.INVITED, 2)
    tokens = [f"/i/{token_of(make_link(one, second.starts_at))}" for one in (accepted, waiting)]
    person = people[0]
    db.session.add(
        AvailabilityPeriod(
            alumnus_id=person.id,
            kind=PeriodKind.BLACKOUT,
            starts_on=utc_now().date() + timedelta(days=30),
            ends_on=utc_now().date() + timedelta(days=40),
        )
    )
    db.session.add(SavedFilter(user_id=users["officer"].id, page="roster", name="Kept", query="place=SN"))
    for state in (MailState.HELD, MailState.FAILED, MailState.QUEUED):
        db.session.add(Mail(kind="invitation", params={}, to_address="a@example.org", state=state))
    db.session.add(Passkey(user_id=users["officer"].id, credential_id="eHh4eA", public_key="x", name="Key"))
    set_photo(person, pictures.saved(pictures.gradient(size=(80, 80)), "JPEG"))
    everyone = {"people": [one.id for one in people], "format": "csv", "purpose": "x", "filter": {}}
    ask("export_contacts", everyone, "Please", viewer=viewer_of(users["viewer"]))
    db.session.commit()
    path = folder / "people.xlsx"
    path.write_bytes(workbook_bytes(2))
    run_import("workbook", path)
    db.session.commit()
    make_plan(first.starts_at.date(), second.starts_at.date())
    return users, tokens


def make_plan(first_day: date, last_day: date) -> None:
    """A plan that is ready."""
    plan = create_plan(None, PlanDetails("Spring", first_day, last_day))
    db.session.commit()
    assert plan.job_id is not None
    run_plan(get_job(plan.job_id))
    db.session.commit()


# What somebody would write into a field that is empty, by its name.
WRITTEN = {
    "email": "new.person@example.org",
    "address": "new.person@example.org",
    "password": "a long enough phrase of words",
    "purpose": "Choosing presenters for Dakar",
    "name": "A new name",
    "title": "A new title",
    "family_name": "Newcomer",
    "given_names": "New",
    "code": "NEW-01",
    "words": "Please look at this",
    "text": "A few words",
    "reason": "A reason that is long enough",
    "starts_on": "2027-01-10",
    "ends_on": "2027-02-10",
    "date": "2027-03-01",
    "starts": "10:00",
    "notice_days": "10",
    "quarter_limit": "2",
}


def filled(form: Form) -> dict[str, object]:
    """The form as somebody would send it."""
    data: dict[str, object] = {
        name: [value or WRITTEN.get(re.sub(r"^.*-", "", name), value) for value in values]
        for name, values in form.fields.items()
    }
    for name in form.files:
        photo = name == "photo"
        content = pictures.saved(pictures.gradient(size=(80, 80)), "PNG") if photo else workbook_bytes(1)
        data[name] = (io.BytesIO(content), "a.png" if photo else "a.xlsx")
    return data
