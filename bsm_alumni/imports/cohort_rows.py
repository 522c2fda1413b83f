"""Reads one row of a list of cohorts into a draft; values are kept as printed."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from bsm_alumni.imports.context import Context
from bsm_alumni.imports.dates import Day, Order, read_date
from bsm_alumni.imports.drafts import CohortDraft, ReadRow
from bsm_alumni.imports.problems import ERROR, WARNING, problem
from bsm_alumni.imports.values import clear_errors, read_count, read_country, read_partners, shortened
from bsm_alumni.reference.folding import fold

MOST_PARTICIPANTS = 5_000


def made_code(course: str, venue: str, start: Day | None, period: str) -> str:
    """A code for a cohort that has none: the same course, venue and day always give the same code."""
    when = start.date.strftime("%Y%m%d") if start else fold(period).replace(" ", "-")[:20] or "undated"
    words = "|".join((fold(course), fold(venue), when))
    return f"C-{when}-{hashlib.sha256(words.encode()).hexdigest()[:10]}"


def read_cohort(
    row: Mapping[str, str], context: Context, start_order: Order = Order.UNKNOWN, end_order: Order = Order.UNKNOWN
) -> ReadRow:
    """Read one row, given as meaning → text. A row without a course or a code has no draft."""
    values = dict(row)
    problems = clear_errors(values)
    get = lambda key: values.get(key, "").strip()  # noqa: E731
    course, venue = shortened(get("course"), 300, "course"), shortened(get("venue"), 200, "venue")
    if not course.value:
        return ReadRow(None, [*problems, problem("course_missing", ERROR, "", "course")])
    start = read_date(get("start"), "start", start_order)
    known = _within_a_year(start.value)
    end = read_date(get("end"), "end", end_order, known)
    partners = read_partners(get("partners"), context)
    count = read_count(get("participants"), "participants", 0, MOST_PARTICIPANTS)
    country = read_country(get("countries"), "countries")
    for read in (course, venue, start, end, partners, count, country):
        problems += read.problems
    first = start.value.date if start.value else None
    last = end.value.date if end.value else None
    if first and last and last < first:
        problems.append(problem("end_before_start", ERROR, get("end"), "end", start=first))
        last = None
    if first is None and last is not None:
        problems.append(problem("start_missing", WARNING, "", "start"))
    code = fold(get("code")) and " ".join(get("code").split())[:60]
    if not code:
        code = made_code(course.value, venue.value, start.value, get("period"))
    draft = CohortDraft(
        code=code,
        code_made=not get("code"),
        course=course.value,
        venue=venue.value,
        start=first,
        end=last,
        partners=partners.value,
        participants=count.value,
        note=get("period")[:100],
    )
    return ReadRow(draft, problems)


def _within_a_year(start: Day | None) -> tuple[dt.date, dt.date] | None:
    return (start.date, start.date + dt.timedelta(days=365)) if start else None
