"""The months of a partner's figures are the days that the roster's filter finds."""

import re
from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.models import User
from bsm_alumni.alumni.enums import PeriodKind
from bsm_alumni.alumni.models import AvailabilityPeriod
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.consent.enums import FieldGroup
from bsm_alumni.desk.queries_figures import figures
from bsm_alumni.desk.queries_partner import count_shared
from bsm_alumni.extensions import db
from tests.factories import Factory

ALL = frozenset(FieldGroup)
WINDOW, BLACKOUT = PeriodKind.WINDOW, PeriodKind.BLACKOUT
SPANS = (
    (),
    ((BLACKOUT, date(2027, 2, 21), date(2027, 3, 1)),),
    ((WINDOW, date(2027, 1, 8), date(2027, 1, 21)),),
    ((WINDOW, date(2027, 1, 9), date(2027, 6, 21)),),
    ((WINDOW, date(2027, 1, 1), date(2027, 12, 31)), (BLACKOUT, date(2027, 4, 10), date(2027, 4, 10))),
)


def test_months_count_whom_the_filter_finds(make: Factory, sign_in: Callable[[User], FlaskClient]) -> None:
    partner = make.organisation()
    make.agreement(partner, ALL)
    for spans in SPANS:
        person = make.alumnus()
        for kind, first, last in spans:
            person.periods.append(AvailabilityPeriod(kind=kind, starts_on=first, ends_on=last))
        make.consent(person, partner, ALL)
    hidden = make.alumnus()
    make.consent(hidden, partner, ALL - {FieldGroup.AVAILABILITY})
    db.session.commit()
    viewer = Viewer(role=Role.PARTNER, organisation_id=partner.id)
    found = figures(viewer, date(2027, 1, 31))
    assert (found.people, found.planned) == (6, 5)
    assert [count for _first, count in found.months] == [4, 3, 4, 3, 4, 4]
    for first, count in found.months:
        days = RosterFilter(free_from=first.replace(day=8), free_to=first.replace(day=21))
        assert count_shared(viewer, days) == count
    page = sign_in(make.user(Role.PARTNER, organisation_id=partner.id)).get("/partner/figures").text
    assert re.findall(r'class="count">([^<]*)<', page) == ["6 people whom you may see"]
