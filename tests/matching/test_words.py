"""The sentences: why this person, and why not that one."""

from dataclasses import replace
from datetime import UTC, datetime

from bsm_alumni.matching.enums import GenderCode, Reason, Rule
from bsm_alumni.matching.facts import facts_of
from bsm_alumni.matching.need import PanelMember
from bsm_alumni.matching.words import Names, reason_words, rule_name, rule_words, sentence
from tests.matching.worlds import NEED, Person, Seat, columns_of, with_need

NAMES = Names({11: "PNR", 12: "Biometrics"}, {2: "Joint border posts"})
MARCH = Seat(event=3, slot=30, start=datetime(2026, 3, 10, 9, 0, tzinfo=UTC))
SAME_HOUR = Seat(event=2, slot=20, start=NEED.start)
# 14:00 UTC on 8 July is 10:00 in New York.
AWA = Person(id=1, zone="America/New_York", delivered=4, theme_delivered={11: 3, 12: 1}, seats=(MARCH,))


def said(person: Person) -> str:
    return sentence(facts_of(columns_of([person]), NEED, 0), NEED, NAMES)


def test_one_sentence_says_why() -> None:
    assert said(AWA) == "French C1, delivered 3 on PNR, 10:00 their time, no assignment since March"


def test_the_sentence_says_what_is_known() -> None:
    assert said(replace(AWA, theme_delivered={})) == (
        "French C1, delivered 4 sessions, 10:00 their time, no assignment since March"
    )
    newcomer = Person(id=1, languages={"fr": 0}, zone=None)
    assert said(newcomer) == "French level not known, knows PNR, no assignment yet"
    assert said(replace(newcomer, languages={}, themes=frozenset())) == "No session delivered yet, no assignment yet"


def test_every_reason_has_its_words() -> None:
    need = with_need(
        countries=frozenset({"FR"}), panel=(PanelMember("KE", "Eastern Africa", GenderCode.WOMAN),), themes=(11, 12)
    )
    facts = facts_of(columns_of([replace(AWA, asked=3, answered=2, no_shows=1)]), need, 0)
    assert {reason: reason_words(reason, facts, need, NAMES) for reason in Reason} == {
        Reason.THEMES: "Has 1 of 2 themes asked for: PNR.",
        Reason.REGION: "France is one of the countries the session is about.",
        Reason.EXPERIENCE: "4 sessions delivered, 3 on PNR.",
        Reason.REST: "No assignment since March.",
        Reason.LOAD: "1 seat within a year of this session.",
        Reason.HOUR: "Starts at 10:00 in New York (UTC-4).",
        Reason.RELIABILITY: "Answered 2 of 3 invitations, missed 1 session.",
        Reason.PLACES: "Would be the first from France on the panel.",
        Reason.GENDER: "What they add to the panel's balance of women and men.",
    }


def test_every_rule_has_its_words() -> None:
    person = Person(id=1, languages={"fr": 3}, notice_days=40, seats=(SAME_HOUR,))
    facts = facts_of(columns_of([person]), NEED, 0)
    words = {rule: rule_words(rule, facts, NEED, NAMES) for rule in Rule}
    assert words[Rule.LANGUAGE] == "They do not list French."
    assert words[Rule.LEVEL] == "French is at B1; B2 is needed."
    assert words[Rule.NOTICE] == "They need 40 days of notice. Days left: 37."
    assert words[Rule.OVERLAP] == "They have a seat at the same time in ‘Joint border posts’."
    assert words[Rule.LOAD] == "They take on 2 sessions a quarter. In this quarter they have 1."
    assert words[Rule.REST_DAYS] == "They have another session on 8 July 2026. Days needed between two sessions: 7."
    assert all(words.values())
    assert len({rule_name(rule) for rule in Rule}) == len(Rule)
