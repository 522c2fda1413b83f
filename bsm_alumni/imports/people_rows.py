"""Reads one row of a register of people into a draft."""

import datetime as dt
import re
from collections.abc import Mapping

from bsm_alumni.imports.contacts import read_emails, read_phone
from bsm_alumni.imports.context import Context, KnownCohort
from bsm_alumni.imports.dates import Order, read_date
from bsm_alumni.imports.drafts import PersonDraft, ReadRow
from bsm_alumni.imports.names import read_name, tidy
from bsm_alumni.imports.problems import NOTE, WARNING, Problem, problem
from bsm_alumni.imports.sharing import read_sharing
from bsm_alumni.imports.spoken import read_languages
from bsm_alumni.imports.values import (
    clear_errors,
    read_certified,
    read_country,
    read_sex,
    read_themes,
    read_zone,
    shortened,
)

MAX_REMARKS = 4_000
_LEFT = re.compile(
    r"\b(?:left (?:the )?service|retired|deceased|resigned|dismissed|no longer in service)\b", re.IGNORECASE
)
_ON_LEAVE = re.compile(r"\bon (?:\w+ )?leave\b", re.IGNORECASE)


def read_person(row: Mapping[str, str], context: Context, date_order: Order = Order.UNKNOWN) -> ReadRow:
    """Read one row, given as meaning → text. A row without a name has no draft."""
    values = dict(row)
    problems = clear_errors(values)
    get = lambda key: values.get(key, "")  # noqa: E731
    country = read_country(get("country"))
    name = read_name(get("family_name"), get("given_names"), get("full_name"), country.value)
    problems += name.problems
    if name.value is None:
        return ReadRow(None, problems)
    sex, emails, phone = read_sex(get("sex")), read_emails(get("email")), read_phone(get("phone"))
    spoken = context.remember("languages", get("languages"), lambda: read_languages(get("languages")))
    themes = context.remember("themes", get("themes"), lambda: read_themes(get("themes"), context))
    certified, zone = read_certified(get("certified")), read_zone(get("zone"), country.value)
    sharing = context.remember("sharing", get("sharing"), lambda: read_sharing(get("sharing"), context.find_partner))
    agency, position = shortened(get("agency"), 200, "agency"), shortened(get("position"), 200, "position")
    for read in (country, sex, emails, phone, spoken, themes, certified, zone, sharing, agency, position):
        problems += read.problems
    cohort, more = _cohort(get("cohort"), get("cohort_date"), context, date_order)
    problems += more
    problems += _remarks(get("remarks"))
    draft = PersonDraft(
        name=name.value,
        title=(tidy(get("title")) or name.value.title)[:40],
        gender=sex.value,
        country=country.value,
        agency=agency.value,
        position=position.value,
        emails=emails.value,
        phone=phone.value,
        languages=spoken.value,
        themes=themes.value,
        zone=zone.value,
        zone_said=bool(get("zone").strip()),
        sharing=sharing.value,
        remarks=get("remarks").strip()[:MAX_REMARKS],
        cohort=cohort.code if cohort else None,
        result=certified.value,
    )
    return ReadRow(draft, problems)


def _cohort(text: str, date_text: str, context: Context, order: Order) -> tuple[KnownCohort | None, list[Problem]]:
    problems: list[Problem] = []
    cohort: KnownCohort | None = None
    if text.strip():
        found = context.cohorts.find(text)
        if len(found) > 1:
            found = _by_date(found, date_text, order)
        if len(found) == 1:
            cohort = found[0]
        elif found:
            codes = ", ".join(sorted(one.code for one in found)[:4])
            problems.append(problem("cohort_ambiguous", WARNING, text, "cohort", codes=codes))
        else:
            near = context.cohorts.suggest(text)
            problems.append(problem("cohort_not_known", WARNING, text, "cohort", suggestion=near))
    date = read_date(date_text, "cohort_date", order, cohort.days if cohort else None)
    problems += date.problems
    if cohort and cohort.days and date.value and not date.value.fits(*cohort.days):
        details = {"cohort": cohort.code, "start": cohort.days[0], "end": cohort.days[1]}
        problems.append(problem("date_not_of_cohort", WARNING, date_text, "cohort_date", **details))
    return cohort, problems


def _by_date(found: list[KnownCohort], date_text: str, order: Order) -> list[KnownCohort]:
    fitting = []
    for cohort in found:
        days: tuple[dt.date, dt.date] | None = cohort.days
        date = read_date(date_text, "cohort_date", order, days).value
        if date and days and date.fits(*days):
            fitting.append(cohort)
    return fitting or found


def _remarks(text: str) -> list[Problem]:
    if _LEFT.search(text):
        return [problem("remark_left_service", WARNING, text, "remarks")]
    if _ON_LEAVE.search(text):
        return [problem("remark_on_leave", NOTE, text, "remarks")]
    return []
