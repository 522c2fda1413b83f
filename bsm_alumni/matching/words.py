"""Why this person, and why not that one, in sentences a programme officer can repeat. All through gettext."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date as babel_date
from babel.dates import format_skeleton, format_time
from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.matching.enums import Reason, Rule
from bsm_alumni.matching.facts import Facts
from bsm_alumni.matching.need import Need
from bsm_alumni.reference.countries import country_name
from bsm_alumni.reference.languages import language_name
from bsm_alumni.reference.levels import Level
from bsm_alumni.reference.zones import zone_label


@dataclass(frozen=True, slots=True)
class Names:
    """Names that only the database knows: themes by id, events by id."""

    themes: Mapping[int, str]
    events: Mapping[int, str]


def _locale() -> str:
    return str(get_locale() or "en")


def _listed(parts: list[str]) -> str:
    return format_list(parts, style="unit", locale=_locale()) if parts else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clock(facts: Facts) -> str:
    return format_time(facts.local_start, "HH:mm", locale=_locale()) if facts.local_start else ""


def _month(day: date, need: Need) -> str:
    """'March', or 'March 2025' when it is in another year than the session."""
    if day.year == need.start.year:
        return babel_date(day, "LLLL", locale=_locale())
    return format_skeleton("yMMMM", day, locale=_locale())


def _date(day: date) -> str:
    """'8 July 2026': the UN's order in English, each locale's own elsewhere."""
    return babel_date(day, "d MMMM y" if _locale() == "en" else "long", locale=_locale())


def level_name(level: int) -> str:
    """'C1', 'native', or 'level not known'."""
    if level == Level.UNKNOWN:
        return _("level not known")
    return _("native") if level == Level.NATIVE else Level(level).name


def language_words(facts: Facts) -> str:
    """'French C1'."""
    if facts.language is None:
        return ""
    return _(
        "%(language)s %(level)s",
        language=language_name(facts.language, _locale()),
        level=level_name(facts.level),
    )


def sentence(facts: Facts, need: Need, names: Names) -> str:
    """One line that says why.

    'French C1, delivered 3 on PNR, 09:00 their time, no assignment since March'.
    """
    parts = [language_words(facts)] if facts.language else []
    parts.append(_delivered(facts, names))
    if facts.local_start is not None:
        parts.append(_("%(time)s their time", time=_clock(facts)))
    parts.append(_rest(facts, need))
    return _capital(_listed(parts))


def _delivered(facts: Facts, names: Names) -> str:
    if facts.theme is not None:
        theme = names.themes[facts.theme]
        return ngettext("delivered %(num)d on %(theme)s", "delivered %(num)d on %(theme)s", facts.on_theme, theme=theme)
    if facts.delivered:
        return ngettext("delivered %(num)d session", "delivered %(num)d sessions", facts.delivered)
    if facts.themes_known:
        return _("knows %(theme)s", theme=names.themes[facts.themes_known[0]])
    return _("no session delivered yet")


def _rest(facts: Facts, need: Need) -> str:
    if facts.next_day is not None:
        return _("next assignment in %(month)s", month=_month(facts.next_day, need))
    if facts.last_day is not None:
        return _("no assignment since %(month)s", month=_month(facts.last_day, need))
    return _("no assignment yet")


def reason_words(reason: Reason, facts: Facts, need: Need, names: Names) -> str:
    """What lies behind one bar."""
    match reason:
        case Reason.THEMES:
            known = _listed([names.themes[theme] for theme in facts.themes_known])
            if not known:
                return _("Has none of the themes asked for.")
            return _(
                "Has %(known)d of %(asked)d themes asked for: %(themes)s.",
                known=len(facts.themes_known),
                asked=len(need.themes),
                themes=known,
            )
        case Reason.REGION:
            return _region_words(facts, need)
        case Reason.EXPERIENCE:
            return _experience_words(facts, names)
        case Reason.REST:
            return _rest_words(facts, need)
        case Reason.LOAD:
            return ngettext(
                "%(num)d seat within a year of this session.",
                "%(num)d seats within a year of this session.",
                facts.year_load,
            )
        case Reason.HOUR:
            if facts.local_start is None or facts.zone is None:
                return _("Their time zone is not known.")
            place = zone_label(facts.zone, need.start, _locale())
            return _("Starts at %(time)s in %(place)s.", time=_clock(facts), place=place)
        case Reason.RELIABILITY:
            return _reliability_words(facts)
        case Reason.PLACES:
            return _places_words(facts, need)
        case Reason.GENDER:
            return _("What they add to the panel's balance of women and men.")


def _rest_words(facts: Facts, need: Need) -> str:
    last = _month(facts.last_day, need) if facts.last_day else ""
    if facts.next_day is not None and last:
        month = _month(facts.next_day, need)
        return _("Last assignment in %(last)s, next one in %(month)s.", last=last, month=month)
    if facts.next_day is not None:
        return _("Next assignment in %(month)s.", month=_month(facts.next_day, need))
    if last:
        return _("No assignment since %(month)s.", month=last)
    return _("No assignment yet.")


def _region_words(facts: Facts, need: Need) -> str:
    if facts.country is None:
        return _("Their country is not known.")
    name = country_name(facts.country, _locale())
    if facts.country in need.countries:
        return _("%(country)s is one of the countries the session is about.", country=name)
    return _("%(country)s is not one of the countries the session is about.", country=name)


def _experience_words(facts: Facts, names: Names) -> str:
    total = ngettext("%(num)d session delivered", "%(num)d sessions delivered", facts.delivered)
    if facts.theme is None:
        return _("%(sessions)s.", sessions=total)
    theme = names.themes[facts.theme]
    return _("%(sessions)s, %(count)d on %(theme)s.", sessions=total, count=facts.on_theme, theme=theme)


def _reliability_words(facts: Facts) -> str:
    if not facts.asked:
        return _("Not asked yet.")
    if facts.no_shows:
        return ngettext(
            "Answered %(answered)d of %(asked)d invitations, missed %(num)d session.",
            "Answered %(answered)d of %(asked)d invitations, missed %(num)d sessions.",
            facts.no_shows,
            answered=facts.answered,
            asked=facts.asked,
        )
    return ngettext(
        "Answered %(answered)d of %(num)d invitation.",
        "Answered %(answered)d of %(num)d invitations.",
        facts.asked,
        answered=facts.answered,
    )


def _places_words(facts: Facts, need: Need) -> str:
    if facts.country is None:
        return _("Their country is not known.")
    name = country_name(facts.country, _locale())
    if any(member.country == facts.country for member in need.panel):
        return _("%(country)s is on the panel already.", country=name)
    return _("Would be the first from %(country)s on the panel.", country=name)


RULE_NAMES = {
    Rule.STATUS: _l("Not an active alumnus"),
    Rule.RESTRICTED: _l("Restricted by staff"),
    Rule.ADDRESS: _l("No address to write to"),
    Rule.LANGUAGE: _l("Does not list the language"),
    Rule.LEVEL: _l("Language below the level"),
    Rule.WINDOW: _l("Outside the days they gave"),
    Rule.BLACKOUT: _l("Away on that day"),
    Rule.NOTICE: _l("Needs more notice"),
    Rule.OVERLAP: _l("Busy at the same time"),
    Rule.LOAD: _l("Has enough this quarter"),
    Rule.ASKED: _l("Already asked for this slot"),
    Rule.SEATED: _l("Has another seat in this event"),
    Rule.REST_DAYS: _l("Another session too near"),
}


def rule_name(rule: Rule) -> str:
    """The rule as a row of the funnel."""
    return str(RULE_NAMES[rule])


def rule_words(rule: Rule, facts: Facts, need: Need, names: Names) -> str:
    """Why a named person cannot be asked, with what could be done about it where something can."""
    match rule:
        case Rule.STATUS:
            return _("Their profile is not active. Set it to active if they can be asked again.")
        case Rule.RESTRICTED:
            return _("Staff have restricted this person: they are not to be asked.")
        case Rule.ADDRESS:
            return _("There is no e-mail address to write to. Add one to the profile.")
        case Rule.LANGUAGE:
            return _("They do not list %(languages)s.", languages=_needed_languages(need))
        case Rule.LEVEL:
            return _level_words(facts, need)
        case Rule.WINDOW:
            return _("The session is outside the days on which they said they are free.")
        case Rule.BLACKOUT:
            return _("They are away on a day of the session.")
        case Rule.NOTICE:
            return ngettext(
                "They need %(num)d day of notice. Days left: %(left)d.",
                "They need %(num)d days of notice. Days left: %(left)d.",
                facts.notice_days,
                left=facts.days_left,
            )
        case Rule.OVERLAP:
            title = names.events.get(facts.clash, "") if facts.clash is not None else ""
            return _("They have a seat at the same time in ‘%(event)s’.", event=title)
        case Rule.LOAD:
            return ngettext(
                "They take on %(num)d session a quarter. In this quarter they have %(load)d.",
                "They take on %(num)d sessions a quarter. In this quarter they have %(load)d.",
                facts.limit,
                load=facts.load,
            )
        case Rule.ASKED:
            return _("They were already asked for this slot.")
        case Rule.SEATED:
            return _("They have another seat in this event.")
        case Rule.REST_DAYS:
            return _rest_days_words(facts, need)


def _needed_languages(need: Need) -> str:
    names = [language_name(code, _locale()) for code, _level in need.languages]
    return format_list(names, style="or", locale=_locale())


def _level_words(facts: Facts, need: Need) -> str:
    needed = dict(need.languages)[facts.language or need.languages[0][0]]
    name = language_name(facts.language or need.languages[0][0], _locale())
    if facts.level == Level.UNKNOWN:
        return _(
            "%(language)s is listed without a level; %(needed)s is needed. Ask them and add it.",
            language=name,
            needed=level_name(needed),
        )
    return _(
        "%(language)s is at %(level)s; %(needed)s is needed.",
        language=name,
        level=level_name(facts.level),
        needed=level_name(needed),
    )


def _rest_days_words(facts: Facts, need: Need) -> str:
    here = date.fromordinal(need.day)
    days = [day for day in (facts.last_day, facts.next_day) if day is not None]
    nearest = min(days, key=lambda day: abs((day - here).days), default=here)
    return _(
        "They have another session on %(date)s. Days needed between two sessions: %(days)d.",
        date=_date(nearest),
        days=need.rest_days,
    )
