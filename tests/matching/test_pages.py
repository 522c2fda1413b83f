"""The shortlist, the people side by side and the weights, through the real client."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.assignments.enums import AssignmentState
from bsm_alumni.assignments.models import Assignment
from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.events.models import Slot
from bsm_alumni.extensions import db
from bsm_alumni.matching.enums import Reason
from bsm_alumni.matching.models import MatchingWeight
from bsm_alumni.matching.weights import default_weights
from tests.factories import Factory
from tests.matching.dom import Node, page_of

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def slot(make: Factory) -> Slot:
    return make.event("Border Community Dynamics", languages=("fr",), seats=2).slots[0]


def address(slot: Slot, page: str = "shortlist") -> str:
    return f"/staff/events/{slot.event_id}/slots/{slot.id}/{page}"


def names_in(page: Node) -> list[str]:
    return [item.select_one(".person-name").get_text() for item in page.select("ol.shortlist > li")]


def test_the_shortlist_says_who_and_why(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    make.alumnus("Traoré", "Awa", languages={"fr": 5})
    make.alumnus("Ndiaye", "Moussa", languages={"fr": 6}, zone="Pacific/Auckland")
    make.alumnus("Smith", "Jo", languages={"en": 7})
    page = page_of(sign_in(make.user()), address(slot))
    assert page.select_one("h1").get_text() == "Shortlist: Border Community Dynamics"
    assert names_in(page) == ["Awa Traoré", "Moussa Ndiaye"]
    whys = [why.get_text() for why in page.select(".why")]
    assert whys == [
        "French C1, no session delivered yet, 14:00 their time, no assignment yet",
        "French C2, no session delivered yet, 03:00 their time, no assignment yet",
    ]
    funnel = [[cell.get_text() for cell in row.select("th, td")] for row in page.select(".funnel tbody tr")]
    assert funnel == [["Does not list the language", "1"]]


def test_htmx_gets_the_list_alone(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    make.alumnus("Traoré", "Awa", languages={"fr": 5})
    answer = sign_in(make.user()).get(address(slot), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 0
    assert answer.text.count('<ol class="shortlist">') == 1


def test_a_named_person_gets_the_rule_that_excludes_them(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    make.alumnus("Traoré", "Awa", languages={"fr": 5})
    make.alumnus("Ndiaye", "Moussa", languages={"fr": 2}, restricted=True)
    client = sign_in(make.user())
    out = page_of(client, address(slot) + "?q=ndiaye")
    assert [p.get_text() for p in out.select(".named .excluded")] == [
        "Staff have restricted this person: they are not to be asked."
    ]
    assert [li.get_text() for li in out.select(".named li")] == ["French is at A2; B2 is needed."]
    able = page_of(client, address(slot) + "?q=awa")
    assert able.select(".named .excluded") == []
    assert able.select(".named p")[1].get_text().startswith("Can be asked: number 1 of 1.")
    nobody = page_of(client, address(slot) + "?q=zzz")
    assert nobody.select(".named") == []


def test_a_slot_of_another_event_is_not_found(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    other = make.event(seats=1)
    client = sign_in(make.user())
    for page in ("shortlist", "compare"):
        assert client.get(f"/staff/events/{other.id}/slots/{slot.id}/{page}").status_code == 404
        assert client.get(f"/staff/events/{other.id}/slots/{other.slots[0].id}/{page}").status_code == 200


def test_four_people_side_by_side(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    people = [make.alumnus(f"Name{i}", languages={"fr": 5}).id for i in range(5)]
    client = sign_in(make.user())
    for ids in (f"?ids={people[1]}&ids={people[0]}", f"?ids={people[1]},{people[0]}"):
        page = page_of(client, address(slot, "compare") + ids)
        heads = [th.select_one(".person-name").get_text() for th in page.select("thead th")]
        assert heads == ["Amina Name1", "Amina Name0"]
    page = page_of(client, address(slot, "compare") + "?ids=" + ",".join(map(str, people)))
    assert len(page.select("thead th")) == 4
    assert len(page.select(".alert-warning")) == 1
    assert page_of(client, address(slot, "compare") + "?ids=x,-1").select("table") == []


@pytest.mark.parametrize("page", ["shortlist", "compare"])
def test_queries_do_not_grow_with_rows(
    make: Factory, slot: Slot, sign_in: SignIn, count_queries: Callable, page: str
) -> None:
    client = sign_in(make.user())
    theme = make.theme()

    def count() -> int:
        ids = ",".join(map(str, range(1, 5)))
        client.get(address(slot, page))
        with count_queries() as queries:
            assert client.get(address(slot, page) + f"?ids={ids}").status_code == 200
        return len(queries)

    make.alumnus(languages={"fr": 5}, themes=(theme,))
    one = count()
    for _ in range(3):
        make.alumnus(languages={"fr": 5, "en": 3}, themes=(theme,))
    assert count() == one


def weights_data(**changes: int) -> dict[str, object]:
    return {**{reason.value: weight for reason, weight in default_weights().items()}, **changes}


def test_weights_are_kept_per_series_and_put_in_the_trail(make: Factory, sign_in: SignIn, post: Callable) -> None:
    series = make.series("Operational Reflections")
    client = sign_in(make.user())
    page = f"/staff/settings/weights?series={series.id}"
    answer = post(client, f"/staff/settings/weights/{series.id}", weights_data(hour=80), page=page)
    assert answer.status_code == 302
    rows = db.session.scalars(sa.select(MatchingWeight).where(MatchingWeight.reason == "hour")).all()
    assert [(row.series_id, row.weight) for row in rows] == [(series.id, 80)]
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "weights.saved")).all()
    assert [(entry.subject_id, entry.before, entry.after["hour"]) for entry in entries] == [(str(series.id), {}, 80)]
    shown = page_of(client, page)
    assert shown.select_one("#hour")["value"] == "80"
    assert page_of(client, "/staff/settings/weights").select_one("#hour")["value"] == "10"
    post(client, f"/staff/settings/weights/{series.id}/reset", {}, page=page)
    assert page_of(client, page).select_one("#hour")["value"] == "10"


def test_a_weight_out_of_bounds_is_not_kept(make: Factory, sign_in: SignIn, post: Callable) -> None:
    client = sign_in(make.user())
    answer = post(client, "/staff/settings/weights/0", weights_data(hour=101), page="/staff/settings/weights")
    assert answer.status_code == 422
    assert answer.text.count("Write a whole number from 0 to 100.") == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MatchingWeight)) == 0


def test_saved_weights_change_the_shortlist(make: Factory, sign_in: SignIn, post: Callable) -> None:
    series = make.series()
    theme = make.theme("PNR")
    event = make.event(series_id=series.id, seats=1, starts_at=datetime(2027, 3, 10, 14, 0, tzinfo=UTC))
    event.themes.append(theme)
    db.session.commit()
    make.alumnus("Knows", "Ama", themes=(theme,), zone="Pacific/Auckland")
    make.alumnus("Awake", "Bo")
    client, slot = sign_in(make.user()), event.slots[0]
    assert names_in(page_of(client, address(slot))) == ["Ama Knows", "Bo Awake"]
    data = weights_data(**{**dict.fromkeys(Reason, 0), Reason.HOUR: 100})
    post(client, f"/staff/settings/weights/{series.id}", data, page=f"/staff/settings/weights?series={series.id}")
    assert names_in(page_of(client, address(slot))) == ["Bo Awake", "Ama Knows"]


def test_a_reader_sees_weights_and_no_buttons(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    make.alumnus(languages={"fr": 5})
    client = sign_in(make.user(Role.VIEWER))
    assert page_of(client, "/staff/settings/weights").select("main input") == []
    assert page_of(client, address(slot)).select("main form[method=post]") == []


def test_a_full_slot_says_so(app: Flask, make: Factory, slot: Slot, sign_in: SignIn) -> None:
    from bsm_alumni.assignments.enums import AssignmentState
    from bsm_alumni.assignments.models import Assignment

    far = datetime.now(UTC) + timedelta(days=1)
    for seat in (1, 2):
        person = make.alumnus(languages={"fr": 5})
        db.session.add(
            Assignment(
                slot_id=slot.id,
                event_id=slot.event_id,
                alumnus_id=person.id,
                seat=seat,
                state=AssignmentState.INVITED,
                answer_by=far,
            )
        )
    db.session.commit()
    page = page_of(sign_in(make.user()), address(slot))
    assert names_in(page) == []
    assert (
        page.select_one(".shortlist-part > p")
        .get_text()
        .endswith("All seats are taken; invite again when one is free.")
    )


def test_the_button_invites_and_the_person_leaves_the_list(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    make.alumnus("Traoré", "Awa", languages={"fr": 5})
    make.alumnus("Ndiaye", "Moussa", languages={"fr": 5})
    client = sign_in(make.user())
    form = page_of(client, address(slot)).select("ol.shortlist form")[0]
    assert form.select_one("button").get_text() == "Invite Awa Traoré"
    fields = {box["name"]: box["value"] for box in form.select("input")}
    assert client.post(form["action"], data=fields).status_code == 302
    assert names_in(page_of(client, address(slot))) == ["Moussa Ndiaye"]
    out = page_of(client, address(slot) + "?q=awa")
    assert out.select_one(".named .excluded").get_text() == "They were already asked for this slot."


def test_each_who_has_yet_to_answer_has_one_reserve(make: Factory, slot: Slot, sign_in: SignIn) -> None:
    slot.seats = 4
    best = make.alumnus("Traoré", "Awa", languages={"fr": 5})
    make.alumnus("Ndiaye", "Moussa", languages={"fr": 6}, zone="Pacific/Auckland")
    make.alumnus("Smith", "Jo", languages={"en": 7})
    invited, proposed, last, sure = (make.alumnus(name, "X", languages={"fr": 5}) for name in ("B", "A", "C", "D"))
    states = [
        (proposed, AssignmentState.PROPOSED),
        (invited, AssignmentState.INVITED),
        (last, AssignmentState.INVITED),
        (sure, AssignmentState.ACCEPTED),
    ]
    client = sign_in(make.user())
    assert page_of(client, address(slot)).select(".reserves") == []
    for seat, (person, state) in enumerate(states, 1):
        db.session.add(
            Assignment(slot_id=slot.id, event_id=slot.event_id, alumnus_id=person.id, seat=seat, state=state)
        )
    db.session.commit()
    page = page_of(client, address(slot))
    assert [one.get_text() for one in page.select(".reserves dt")] == [
        "Instead of X A",
        "Instead of X B",
        "Instead of X C",
    ]
    assert [one.get_text() for one in page.select(".reserves dd")] == [
        "Awa Traoré French C1, no session delivered yet, 14:00 their time, no assignment yet",
        "Moussa Ndiaye French C2, no session delivered yet, 03:00 their time, no assignment yet",
        "Nobody else can be asked.",
    ]
    assert page.select(".reserves a")[0]["href"] == f"/staff/alumni/{best.id}"
