"""One search over people, events and cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.access.viewer import Viewer
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.alumni.queries import matching_text, visible
from bsm_alumni.cohorts.queries import CohortRow, cohorts_page
from bsm_alumni.cohorts.rules import CohortFilter
from bsm_alumni.events.models import Event
from bsm_alumni.extensions import db

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """The first of each kind; the flags tell that there are more."""

    people: Sequence[Alumnus]
    events: Sequence[Event]
    cohorts: Sequence[CohortRow]
    more_people: bool
    more_events: bool
    more_cohorts: bool

    @property
    def is_empty(self) -> bool:
        return not (self.people or self.events or self.cohorts)


def search(viewer: Viewer, text: str) -> Found:
    """People by the beginnings of their words, events and cohorts by any part of their titles. Four queries."""
    people = db.session.scalars(
        matching_text(visible(viewer), text, viewer).order_by(Alumnus.sort_name, Alumnus.id).limit(SHOWN + 1)
    ).all()
    titled = sa.select(Event)
    for word in text.split():
        titled = titled.where(Event.title.icontains(word, autoescape=True))
    events = db.session.scalars(titled.order_by(Event.starts_at.desc(), Event.id.desc()).limit(SHOWN + 1)).all()
    cohorts = cohorts_page(CohortFilter(text=text), size=SHOWN)
    return Found(
        people=people[:SHOWN],
        events=events[:SHOWN],
        cohorts=cohorts.rows,
        more_people=len(people) > SHOWN,
        more_events=len(events) > SHOWN,
        more_cohorts=cohorts.next_key is not None,
    )
