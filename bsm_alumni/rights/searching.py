"""Finding words in columns of text and JSON, and taking them out, whatever the database."""

import json
import re
from collections.abc import Sequence
from typing import Any, overload

import sqlalchemy as sa

REPLACEMENT = "…"


def is_json(column: Any) -> bool:
    """True for a column that holds JSON."""
    return isinstance(column.type, sa.JSON)


@overload
def as_stored(column: Any) -> sa.ColumnElement[str]: ...
@overload
def as_stored(column: Any, word: str) -> str: ...
def as_stored(column: Any, word: str | None = None) -> Any:
    """The column as text; or with ``word``, the word as it stands in that text: JSON writes other scripts as codes."""
    if word is None:
        return sa.cast(column, sa.Text) if is_json(column) else column
    return json.dumps(word)[1:-1] if is_json(column) else word


def holds(column: Any, word: str) -> sa.ColumnElement[bool]:
    """A condition: the text or JSON of the column has the word somewhere, in capitals or not."""
    stored = as_stored(column, word)
    return sa.func.lower(as_stored(column)).contains(stored.lower(), autoescape=True)


def holds_any(columns: Sequence[Any], words: Sequence[str]) -> sa.ColumnElement[bool]:
    """A condition: one of the columns has one of the words."""
    return sa.or_(sa.false(), *(holds(column, word) for column in columns for word in words))


def without(value: Any, words: Sequence[str]) -> Any:
    """The value with each of the words replaced, in the values and keys of JSON too."""
    if isinstance(value, str):
        for word in sorted(words, key=len, reverse=True):
            value = re.sub(re.escape(word), REPLACEMENT, value, flags=re.IGNORECASE)
        return value
    if isinstance(value, dict):
        return {without(key, words): without(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [without(item, words) for item in value]
    return value
