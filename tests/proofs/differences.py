"""Changes of the registry that a certain actor must not notice, each as one step on the database."""

import random
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.consent.enums import FieldGroup
from tests.proofs.canaries import PARTNER_ACTORS, Marked, World, shown_to

G = FieldGroup
Step = Callable[[sa.Connection, World, random.Random], None]

OUTSIDE = ("nobody", "another alumnus")
ACTORS = (*PARTNER_ACTORS, *OUTSIDE)
WORK = {"agency", "position"}
CONTACT = {"phone"}
FREE = {"zone", "notice_days", "quarter_limit"}
# Nobody but staff and the person is ever shown these.
NEVER = ("title", "family_name", "given_names", "remarks", "sort_name", "gender", "locale", "profile_confirmed_at")
OTHER_VALUES = {
    "notice_days": 77,
    "quarter_limit": 9,
    "zone": "Asia/Tokyo",
    "gender": "woman",
    "locale": "ar",
    "profile_confirmed_at": "2026-01-02 03:04:05.000000",
    "country_code": "FJ",
    "status": "archived",
    "sort_name": "aaaa",
}


@dataclass(frozen=True)
class Difference:
    """``name`` for the report, ``step`` makes it."""

    name: str
    step: Step


def _run(statement: str, **values: object) -> Step:
    return lambda connection, _world, _random: connection.execute(sa.text(statement), values) and None


def _hidden_columns(actor: str, person: Marked) -> list[str]:
    """Columns of `alumni` that this actor is not shown of this person."""
    groups, found = shown_to(actor, person.state), set(NEVER)
    if G.PROFESSIONAL not in groups:
        found |= WORK
    if G.CONTACT not in groups:
        found |= CONTACT
    if G.AVAILABILITY not in groups:
        found |= FREE
    if not groups:
        found |= {"display_name", "latin_name", "country_code", "status"}
    return sorted(found)


def differences(actor: str, world: World, chance: random.Random) -> list[Difference]:
    """One to three changes that this actor must not notice."""
    return [chance.choice(_makers(actor, world, chance))() for _ in range(chance.randint(1, 3))]


def _makers(actor: str, world: World, chance: random.Random) -> list[Callable[[], Difference]]:
    person = chance.choice(world.people)
    number, groups = person.ids["alumnus_id"], shown_to(actor, person.state)

    def column() -> Difference:
        name = chance.choice(_hidden_columns(actor, person))
        value = OTHER_VALUES.get(name, f"Other {chance.getrandbits(30):x}")
        return Difference(
            f"{name} of {person.state}",
            _run(f"UPDATE alumni SET {name} = :value WHERE id = :id", value=value, id=number),
        )

    def rows(table: str, where: str = "alumnus_id = :id") -> Callable[[], Difference]:
        return lambda: Difference(
            f"{table} of {person.state} gone",
            _run(f"DELETE FROM {table} WHERE {where}", id=number),
        )

    def words(table: str, name: str, key: str = "alumnus_id") -> Callable[[], Difference]:
        value = f"Other {chance.getrandbits(30):x}"
        return lambda: Difference(
            f"{table}.{name} of {person.state}",
            _run(f"UPDATE {table} SET {name} = :value WHERE {key} = :id", value=value, id=number),
        )

    def stranger() -> Difference:
        fields = "display_name, country_code, status, notice_days, quarter_limit, restricted, locale, title"
        rest = ", family_name, given_names, latin_name, sort_name, shown_sort, agency, position, phone, remarks"
        values = "'Aaa Stranger', 'SN', 'active', 14, 2, :restricted, 'en', ''" + ", 'Aaa'" * 9
        times = ", created_at, updated_at"
        return Difference(
            "one more person",
            _run(
                f"INSERT INTO alumni ({fields}{rest}{times}) VALUES ({values}, '2026-01-01', '2026-01-01')",
                restricted=False,
            ),
        )

    found: list[Callable[[], Difference]] = [
        column,
        column,
        column,
        stranger,
        words("availability_periods", "note"),
        words("enrolments", "note"),
        words("assignments", "reason_text"),
        words("mails", "sent_text"),
        words("mails", "to_address"),
        words("sharing_statements", "words"),
        words("consent_proposals", "evidence"),
        words("audit_entries", "actor", "about_id"),
        rows("stated_with"),
        rows("mails"),
        rows("consent_proposals"),
        rows("imported_values", "subject_id = :id"),
        rows("alumnus_terms", "alumnus_id = :id AND field_bit IN (0, 4)"),
        lambda: Difference(
            "what the other partner sees",
            _run(
                "DELETE FROM shared_with WHERE alumnus_id = :id AND organisation_id <> :own",
                id=number,
                own=world.own_organisation.get(actor, 0),
            ),
        ),
        lambda: Difference(
            "a user of staff", _run("UPDATE users SET name = 'Other', email = 'other@example.org' WHERE id = :id",
                                    id=world.accounts["viewer"])
        ),
        lambda: Difference("the name of a file", _run("UPDATE import_batches SET filename = 'other.csv'")),
    ]  # fmt: skip
    if G.PROFESSIONAL not in groups:
        found += [rows("alumnus_languages"), rows("enrolments"), rows("alumnus_themes")]
        found.append(rows("alumnus_terms", "alumnus_id = :id AND field_bit = 2"))
    if G.CONTACT not in groups:
        found.append(rows("alumnus_emails"))
    if G.AVAILABILITY not in groups:
        found.append(rows("availability_periods"))
    if G.ASSIGNMENTS not in groups:
        theirs = "SELECT event_id FROM event_partners"
        found.append(
            words_of_state(f"state = 'declined' WHERE alumnus_id = :id AND event_id NOT IN ({theirs})", number)
        )
    if not groups:
        found.append(words_of_state("state = 'declined' WHERE alumnus_id = :id AND state = 'accepted'", number))
    if actor == "nobody":
        found.append(
            lambda: Difference(
                "an address without account",
                _run(
                    "UPDATE users SET email = 'nobody-here-' || id || '@example.org' WHERE id = :id",
                    id=person.ids["user_id"],
                ),
            )
        )
        found.append(
            lambda: Difference(
                "an account put away", _run("UPDATE users SET active = false WHERE id = :id", id=person.ids["user_id"])
            )
        )
    return found


def words_of_state(change: str, number: int) -> Callable[[], Difference]:
    """A session that the person turned out not to take part in."""
    return lambda: Difference("a state that is not shown", _run(f"UPDATE assignments SET {change}", id=number))
