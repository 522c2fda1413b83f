"""Lists by key: every row once, whatever the page size, forwards and back."""

from itertools import chain

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bsm_alumni.extensions import db
from bsm_alumni.reference.models import Theme
from bsm_alumni.web.pagination import decode_key, encode_key, page_of

KEYS = (Theme.name, Theme.id)


def walk(size: int, descending: bool = False) -> tuple[list[str], list[str]]:
    """All names from first page to last, then from last page to first."""
    forward: list[list[str]] = []
    page = page_of(sa.select(Theme), KEYS, size=size, descending=descending)
    forward.append([theme.name for theme in page.rows])
    while page.next_key:
        page = page_of(sa.select(Theme), KEYS, size=size, descending=descending, after=page.next_key)
        forward.append([theme.name for theme in page.rows])
    back = [[theme.name for theme in page.rows]]
    while page.previous_key:
        page = page_of(sa.select(Theme), KEYS, size=size, descending=descending, before=page.previous_key)
        back.insert(0, [theme.name for theme in page.rows])
    return list(chain(*forward)), list(chain(*back))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10, 25])
@pytest.mark.parametrize("descending", [False, True])
def test_every_row_comes_once_in_order(app: Flask, size: int, descending: bool) -> None:
    names = [f"Theme {number:02d}" for number in range(10)]
    db.session.add_all(Theme(code=f"t{index}", name=name) for index, name in enumerate(names))
    db.session.commit()
    expected = sorted(names, reverse=descending)
    assert walk(size, descending) == (expected, expected)


def test_an_empty_list_has_one_empty_page(app: Flask) -> None:
    page = page_of(sa.select(Theme), KEYS)
    assert (list(page.rows), page.next_key, page.previous_key) == ([], None, None)


@pytest.mark.parametrize("damaged", ["", "x", "%%%", "bnVsbA", encode_key(["only one"])])
def test_a_damaged_key_shows_the_first_page(damaged: str) -> None:
    assert decode_key(damaged, 2) is None


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.text(), st.integers(), st.datetimes(), st.dates()), min_size=1, max_size=4))
def test_keys_survive_the_address(values: list[object]) -> None:
    assert decode_key(encode_key(values), len(values)) == values
