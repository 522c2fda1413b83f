"""Reads one row of a list of sessions into a draft."""

from collections.abc import Mapping

from bsm_alumni.events.enums import EventStatus
from bsm_alumni.imports.context import Context
from bsm_alumni.imports.dates import Order, read_date
from bsm_alumni.imports.drafts import EventDraft, ReadRow
from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, Read, problem
from bsm_alumni.imports.spoken import read_languages
from bsm_alumni.imports.times import read_when
from bsm_alumni.imports.values import clear_errors, read_count, read_partners, read_themes, shortened, split_list
from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.programme import find_outcome_area, find_principle

_STATUSES: dict[str, tuple[EventStatus, bool]] = {
    "confirmed": (EventStatus.CONFIRMED, False),
    "planned": (EventStatus.PLANNED, False),
    "draft": (EventStatus.DRAFT, False),
    "delivered": (EventStatus.DELIVERED, False),
    "done": (EventStatus.DELIVERED, True),
    "cancelled": (EventStatus.CANCELLED, False),
    "canceled": (EventStatus.CANCELLED, False),
    "tbc": (EventStatus.PLANNED, True),
    "tbd": (EventStatus.PLANNED, True),
    "to be confirmed": (EventStatus.PLANNED, True),
    "tentative": (EventStatus.PLANNED, True),
    "postponed": (EventStatus.PLANNED, True),
}


def read_event(row: Mapping[str, str], context: Context, date_order: Order = Order.UNKNOWN) -> ReadRow:
    """Read one row, given as meaning → text. Without a title, a day and a certain time it has no draft."""
    values = dict(row)
    problems = clear_errors(values)
    get = lambda key: values.get(key, "").strip()  # noqa: E731
    title = shortened(get("title"), 300, "title")
    if not title.value:
        problems.append(problem("title_missing", ERROR, "", "title"))
    languages, area = read_languages(get("languages")), _area(get("outcome_area"))
    partners, themes = read_partners(get("partners"), context), read_themes(get("themes"), context)
    seats, status = read_count(get("seats"), "seats", 1, 50), _status(get("status"))
    for read in (title, area, partners, themes, seats, status):
        problems += read.problems
    problems += [remark for remark in languages.problems if remark.code != "level_missing"]
    date = read_date(get("date"), "date", date_order)
    problems += date.problems
    if date.value is None and not date.problems:
        problems.append(problem("date_missing", ERROR, "", "date"))
    if date.value is None:
        return ReadRow(None, problems)
    if date.value.whole_month:
        return ReadRow(None, [*problems, problem("day_missing", ERROR, get("date"), "date")])
    when = read_when(date.value.date, get("time"), "time")
    problems += when.problems
    if when.value is None or not title.value:
        return ReadRow(None, problems)
    if seats.value is None and get("seats") == "":
        problems.append(problem("seats_missing", NOTE, "", "seats"))
    principles = [find_principle(item) for item in split_list(get("themes"))]
    draft = EventDraft(
        title=title.value,
        series=series_of(title.value),
        when=when.value,
        languages=tuple(languages.value),
        outcome_area=area.value,
        partners=partners.value,
        themes=themes.value,
        principles=tuple(dict.fromkeys(found.code for found in principles if found)),
        seats=seats.value or 1,
        status=status.value,
        remarks=get("remarks"),
    )
    return ReadRow(draft, problems)


def series_of(title: str) -> str:
    """The series that a title names before its colon: 'Operational Reflections: Document fraud' → its first half."""
    before, colon, after = title.partition(": ")
    if not colon or not after.strip():
        return ""
    return before.replace(" - ", " – ").rpartition(" – ")[2].strip()[:200]


def _area(text: str) -> Read[str | None]:
    if not text:
        return Read(None)
    area = find_outcome_area(text)
    remarks: tuple[Problem, ...] = () if area else (problem("outcome_area_not_known", WARNING, text, "outcome_area"),)
    return Read(area.code if area else None, remarks)


def _status(text: str) -> Read[EventStatus]:
    if not text:
        return Read(EventStatus.PLANNED)
    status, interpreted = _STATUSES.get(fold(text), (None, False))
    if status is None:
        return Read(EventStatus.PLANNED, (problem("status_not_known", WARNING, text, "status"),))
    remarks = (problem("status_interpreted", NOTE, text, "status", status=status.value),) if interpreted else ()
    return Read(status, remarks)
