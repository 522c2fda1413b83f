"""Numbers in addresses: those that a table can hold."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter as Integers
from werkzeug.routing import Map

LARGEST = 2**31 - 1


class IntegerConverter(Integers):
    """A number that may be the key of a row; a larger one is an address where nothing is.

    SQLite cannot even compare numbers of more than 64 bits, and the page would fail.
    """

    def __init__(self, addresses: Map, *given: Any, **options: Any) -> None:
        super().__init__(addresses, *given, **{"max": LARGEST, **options})


def init_numbers(app: Flask) -> None:
    """Use them in every address; called before the first page is added."""
    app.url_map.converters["int"] = IntegerConverter
