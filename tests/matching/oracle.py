"""Ranking told again in plain Python from the text of the rules: slow, obvious, one person at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bsm_alumni.matching.enums import GenderCode, Reason, Rule
from bsm_alumni.matching.need import Need
from tests.matching.worlds import SUBREGION_OF, Person


def local(moment: datetime, zone: str | None) -> datetime:
    return moment.astimezone(ZoneInfo(zone) if zone else UTC)


def days_of(person: Person, need: Need) -> list[int]:
    """The local dates the session touches; it does not touch a day at whose first moment it ends."""
    day = local(need.start, person.zone).toordinal()
    last = local(need.end - timedelta(seconds=1), person.zone).toordinal()
    return list(range(day, last + 1))


def covered(periods: tuple, day: int) -> bool:
    return any(first.toordinal() <= day <= last.toordinal() for first, last in periods)


def excluded_by(person: Person, need: Need) -> list[Rule]:
    days = days_of(person, need)
    held = [seat for seat in person.seats if seat.held]
    others = [seat for seat in held if seat.event != need.event_id]
    listed = [(person.languages[code], level) for code, level in need.languages if code in person.languages]
    quarter = [s for s in held if s.start.year * 4 + (s.start.month - 1) // 3 == need.quarter]
    answers = {
        Rule.STATUS: not person.active,
        Rule.RESTRICTED: person.restricted,
        Rule.ADDRESS: not person.reachable,
        Rule.LANGUAGE: bool(need.languages) and not listed,
        Rule.LEVEL: bool(listed) and not any(has >= asked for has, asked in listed),
        Rule.WINDOW: bool(person.windows) and not all(covered(person.windows, day) for day in days),
        Rule.BLACKOUT: any(covered(person.blackouts, day) for day in days),
        Rule.NOTICE: 0 <= need.day - need.today < person.notice_days,
        Rule.OVERLAP: any(s.start < need.end and s.start + timedelta(hours=s.hours) > need.start for s in others),
        Rule.LOAD: len(quarter) >= person.quarter_limit,
        Rule.ASKED: any(seat.slot == need.slot_id for seat in person.seats),
        Rule.SEATED: any(seat.event == need.event_id for seat in held),
        Rule.REST_DAYS: any(abs(s.start.toordinal() - need.day) < need.rest_days for s in others),
    }
    return [rule for rule in Rule if answers[rule]]


def comfort(moment: datetime) -> float:
    minute = moment.hour * 60 + moment.minute
    if 540 <= minute <= 1020:
        return 1.0
    if 360 < minute < 540:
        return (minute - 360) / 180
    if 1020 < minute < 1320:
        return (1320 - minute) / 300
    return 0.0


def values(person: Person, need: Need) -> dict[Reason, float]:
    held = [seat for seat in person.seats if seat.held]
    others = [seat for seat in held if seat.event != need.event_id]
    found: dict[Reason, float] = {}
    if need.themes:
        found[Reason.THEMES] = len(person.themes & set(need.themes)) / len(need.themes)
    if need.countries or need.subregions:
        near = need.subregions | {SUBREGION_OF[code] for code in need.countries}
        if person.country is None:
            found[Reason.REGION] = 0.5
        elif person.country in need.countries:
            found[Reason.REGION] = 1.0
        else:
            found[Reason.REGION] = 0.7 if SUBREGION_OF[person.country] in near else 0.0
    points = float(person.delivered + max((person.theme_delivered.get(t, 0) for t in need.themes), default=0))
    found[Reason.EXPERIENCE] = points / (points + 4)
    gap = min((abs(seat.start.toordinal() - need.day) for seat in others), default=180)
    found[Reason.REST] = min(gap, 180) / 180
    found[Reason.LOAD] = 1 / (1 + sum(abs(seat.start.toordinal() - need.day) <= 365 for seat in held))
    if person.zone is None:
        found[Reason.HOUR] = 0.5
    else:
        found[Reason.HOUR] = min(comfort(local(need.start, person.zone)), comfort(local(need.end, person.zone)))
    found[Reason.RELIABILITY] = (max(person.answered - person.no_shows, 0) + 4) / (person.asked + 5)
    if any(member.country for member in need.panel):
        if person.country is None:
            found[Reason.PLACES] = 0.5
        elif person.country in [member.country for member in need.panel]:
            found[Reason.PLACES] = 0.0
        else:
            there = [member.subregion for member in need.panel]
            found[Reason.PLACES] = 0.5 if SUBREGION_OF[person.country] in there else 1.0
    known = [m.gender for m in need.panel if m.gender in (GenderCode.WOMAN, GenderCode.MAN)]
    if known:
        women = known.count(GenderCode.WOMAN) / len(known)
        found[Reason.GENDER] = {GenderCode.WOMAN: 1 - women, GenderCode.MAN: women}.get(person.gender, 0.5)
    return found


def score(person: Person, need: Need, weights: Mapping[Reason, int]) -> float:
    found = values(person, need)
    total = sum(weights[reason] for reason in found)
    if not total:
        return 0.0
    return sum((value * float(weights[reason]) for reason, value in found.items()), 0.0) / total


def ranked(people: list[Person], need: Need, weights: Mapping[Reason, int], top: int) -> list[tuple[int, float]]:
    """(id, score), best first, ties by id."""
    able = [person for person in people if not excluded_by(person, need)]
    scored = [(person.id, score(person, need, weights)) for person in able]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:top]


def removed(people: list[Person], need: Need) -> dict[Rule, int]:
    firsts = [excluded_by(person, need)[:1] for person in people]
    return {rule: firsts.count([rule]) for rule in Rule}
