"""Lists by key: the next page starts after the last row of this one, however long the list is."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request, url_for

from bsm_alumni.extensions import UtcDateTime, db

Row = TypeVar("Row")

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list and the keys that lead on and back; None where there is nothing more."""

    rows: Sequence[Row]
    next_key: str | None
    previous_key: str | None

    def next_url(self) -> str | None:
        """This list's address with the next page's key."""
        return _page_url("after", self.next_key)

    def previous_url(self) -> str | None:
        """This list's address with the previous page's key."""
        return _page_url("before", self.previous_key)


def _page_url(direction: str, key: str | None) -> str | None:
    if key is None:
        return None
    query: dict[str, Any] = {
        name: request.args.getlist(name) for name in request.args if name not in ("after", "before")
    }
    return url_for(request.endpoint or "", **(request.view_args or {}), **{**query, direction: key})


def encode_key(values: Sequence[Any]) -> str:
    """The sort values of a row as text for an address."""
    plain = [{"t": value.isoformat()} if isinstance(value, (datetime, date)) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def decode_key(text: str | None, width: int) -> list[Any] | None:
    """The sort values back; None for a missing or a damaged key, which shows the first page."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != width:
            return None
        return [_instant(value["t"]) if isinstance(value, dict) else value for value in values]
    except (ValueError, KeyError, binascii.Error, TypeError):
        return None


def _instant(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _key_for(keys: Sequence[Any], text: str | None) -> list[Any] | None:
    """The key, if its values are such as these columns hold: a bent address must not reach the database."""
    values = decode_key(text, len(keys))
    if values is None or not all(_fits(value, key.type) for value, key in zip(values, keys, strict=True)):
        return None
    return values


def _fits(value: Any, kind: Any) -> bool:
    if isinstance(kind, sa.Integer):
        return type(value) is int and abs(value) < 2**31
    if isinstance(kind, UtcDateTime):
        return isinstance(value, datetime) and value.tzinfo is not None
    if isinstance(kind, sa.Date):
        return type(value) is date
    if isinstance(kind, sa.String):
        return isinstance(value, str) and "\x00" not in value and value.encode(errors="replace").decode() == value
    return value is not None


def page_of(
    select: sa.Select[*tuple[Any, ...]],
    keys: Sequence[Any],
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE_SIZE,
    descending: bool = False,
    scalars: bool = True,
) -> Page[Any]:
    """One page of ``select`` in the order of ``keys``, not-null columns of which the last is unique.

    ``after`` and ``before`` are keys of an earlier page. One query. With ``scalars=False`` the rows must carry
    the key columns under their own names.
    """
    key_after, key_before = _key_for(keys, after), _key_for(keys, before)
    backwards = key_before is not None
    falling = descending != backwards
    at = key_before if backwards else key_after
    if at is not None:
        bound = sa.tuple_(*[sa.literal(value, column.type) for value, column in zip(at, keys, strict=True)])
        select = select.where(sa.tuple_(*keys) < bound if falling else sa.tuple_(*keys) > bound)
    select = select.order_by(*[key.desc() if falling else key.asc() for key in keys]).limit(size + 1)
    result = db.session.execute(select)
    rows: list[Any] = list(result.unique().scalars() if scalars else result)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_next, has_previous = (True, more) if backwards else (more, at is not None)

    def key_of(row: Any) -> str:
        return encode_key([getattr(row, key.key) for key in keys])

    return Page(
        rows=rows,
        next_key=key_of(rows[-1]) if rows and has_next else None,
        previous_key=key_of(rows[0]) if rows and has_previous else None,
    )
