"""Dates as people write them: ISO, '14 March 2022', '07/10/2024', 'March 2022', in the six languages.

A date that can be read two ways is settled by what is known of its column or of its cohort, or else named.
"""

import datetime as dt
import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from babel.dates import get_day_names, get_month_names

from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, Read, problem

LOCALES = ("en", "fr", "es", "ru", "ar", "zh")
FIRST_YEAR, LAST_YEAR = 1990, 2100
_SERIAL = range(32_874, 73_051)  # spreadsheet day numbers of 1990-01-01 … 2099-12-31


class Order(enum.StrEnum):
    """How the numeric dates of a column are written, as far as the column itself shows it."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Day:
    """A date; when only the month was given, the first of it with `whole_month` set."""

    date: dt.date
    whole_month: bool = False

    def fits(self, start: dt.date, end: dt.date) -> bool:
        """Whether it can be a day from `start` to `end`, both included."""
        if not self.whole_month:
            return start <= self.date <= end
        return (start.year, start.month) <= (self.date.year, self.date.month) <= (end.year, end.month)


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?.*)?")
_NUMERIC = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_ISO_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_NUMERIC_MONTH = re.compile(r"(\d{1,2})[-/.](\d{4})")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日)?")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_NUMBER = re.compile(r"\d+")


@cache
def month_words() -> dict[str, int]:
    """Every month name and abbreviation of the six languages, lower case → 1 … 12."""
    words: dict[str, int] = {"sept": 9}
    for locale in LOCALES:
        for width in ("abbreviated", "wide"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    words.setdefault(name.casefold().strip("."), number)
    return {word: number for word, number in words.items() if word and not word[0].isdigit()}


@cache
def day_words() -> dict[str, int]:
    """Every weekday name of the six languages, lower case → 0 (Monday) … 6."""
    words: dict[str, int] = {}
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for number, name in get_day_names(width, "format", locale).items():
                words.setdefault(name.casefold().strip("."), number)
    return words


def find_order(texts: Iterable[str]) -> Order:
    """How a column writes its numeric dates: a part above 12 can only be the day."""
    day_first = month_first = False
    for text in texts:
        if match := _NUMERIC.match(text.strip()):
            day_first = day_first or int(match[1]) > 12
            month_first = month_first or int(match[2]) > 12
    if day_first and month_first:
        return Order.MIXED
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST if month_first else Order.UNKNOWN


def read_date(
    text: str,
    name: str,
    order: Order = Order.UNKNOWN,
    known: tuple[dt.date, dt.date] | None = None,
) -> Read[Day | None]:
    """Read one date. `known` are the first and last day of what it should belong to, where that is known."""
    text = " ".join(text.split())
    if not text or text in {"-", "–", "—"}:
        return Read(None)
    if match := _NUMERIC.match(text):
        rest = text[match.end() :].strip()
        result = _numeric(text, match, name, order, known)
        if rest and result.value is not None:
            more = problem("several_dates", WARNING, text, name, date=result.value.date)
            return Read(result.value, (*result.problems, more))
        return result
    day, remarks = _written(text, name)
    if day is None:
        return Read(None, (problem("date_not_understood", ERROR, text, name),))
    if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
        return Read(None, (problem("date_out_of_range", ERROR, text, name),))
    return Read(day, remarks)


def _numeric(
    text: str, match: re.Match[str], name: str, order: Order, known: tuple[dt.date, dt.date] | None
) -> Read[Day | None]:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    remarks: list[Problem] = []
    if len(match[3]) == 2:
        year += 2000 if year < 70 else 1900
        remarks.append(problem("two_digit_year", NOTE, text, name, year=year))
    day_first, month_first = _make(year, second, first), _make(year, first, second)
    choices = [day for day in (day_first, month_first) if day is not None]
    if not choices or not FIRST_YEAR <= year <= LAST_YEAR:
        return Read(None, (problem("date_not_understood", ERROR, text, name),))
    if day_first is None or month_first is None or day_first == month_first:
        return Read(choices[0], tuple(remarks))
    chosen, other = day_first, month_first
    if known is not None and day_first.fits(*known) != month_first.fits(*known):
        fitting = Order.MONTH_FIRST if month_first.fits(*known) else Order.DAY_FIRST
        if fitting is Order.MONTH_FIRST:
            chosen, other = month_first, day_first
        if order is not fitting:
            code = "date_settled_by_cohort"
            remarks.append(problem(code, NOTE, text, name, date=chosen.date, other=other.date))
    elif order is Order.MONTH_FIRST:
        chosen = month_first
    elif order is not Order.DAY_FIRST:
        remarks.append(problem("date_ambiguous", WARNING, text, name, date=chosen.date, other=other.date))
    return Read(chosen, tuple(remarks))


def _make(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(dt.date(year, month, day))
    except ValueError:
        return None


def _month(year: int, month: int) -> Day | None:
    return Day(dt.date(year, month, 1), whole_month=True) if 1 <= month <= 12 and year > 0 else None


def _written(text: str, name: str) -> tuple[Day | None, tuple[Problem, ...]]:
    if match := _ISO.fullmatch(text):
        return _make(int(match[1]), int(match[2]), int(match[3])), ()
    if match := _CHINESE.search(text):
        year, month = int(match[1]), int(match[2])
        return (_make(year, month, int(match[3])) if match[3] else _month(year, month)), ()
    if match := _ISO_MONTH.fullmatch(text):
        return _month(int(match[1]), int(match[2])), ()
    if match := _NUMERIC_MONTH.fullmatch(text):
        return _month(int(match[2]), int(match[1])), ()
    if text.isdigit() and text.isascii() and int(text) in _SERIAL:
        day = Day(dt.date(1899, 12, 30) + dt.timedelta(days=int(text)))
        return day, (problem("date_from_number", WARNING, text, name, date=day.date),)
    return _with_month_name(text, name)


def _with_month_name(text: str, name: str) -> tuple[Day | None, tuple[Problem, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    months = {month_words()[word] for word in words if word in month_words()}
    numbers = [int(number) for number in _NUMBER.findall(text) if len(number) <= 4]
    years = [number for number in numbers if number > 31]
    days = [number for number in numbers if 0 < number <= 31]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(days) + len(years) != len(numbers):
        return None, ()
    month = months.pop()
    day = _make(years[0], month, days[0]) if days else _month(years[0], month)
    weekdays = {day_words()[word] for word in words if word in day_words() and word not in month_words()}
    if day is not None and not day.whole_month and weekdays and day.date.weekday() not in weekdays:
        return day, (problem("weekday_differs", WARNING, text, name, date=day.date),)
    return day, ()
