"""A fixed day, a session in March, a person."""

from collections.abc import Iterator

import pytest
import time_machine

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.events.models import Event
from tests.assignments.steps import NOW, START
from tests.factories import Factory


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(make: Factory) -> Event:
    return make.event("Reflections", seats=2, starts_at=START)


@pytest.fixture
def amina(make: Factory) -> Alumnus:
    return make.alumnus()
