"""How people are named, found and sorted; pure."""

from collections.abc import Iterable

from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.reference.folding import fold
from bsm_alumni.reference.romanising import romanise

# Of words that are of no part which a partner may be shown.
STAFF_ONLY = 0


def full_name(given_names: str, family_name: str) -> str:
    """Given names, then family name, as written."""
    return " ".join(part for part in (given_names.strip(), family_name.strip()) if part)


def is_latin(text: str) -> bool:
    """True when every letter is of the Latin script, accents included."""
    return all(ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x1F00 for letter in text if letter.isalpha())


def latin_form(name: str, written: str = "") -> str:
    """The name in Latin letters, when it is written in another script; else empty.

    ``written``, the person's own spelling in parts, goes before one by rules where it is Latin.
    """
    if is_latin(name):
        return ""
    return written if written and is_latin(written) else romanise(name)


def sort_name(family_name: str, display_name: str) -> str:
    """What lists are sorted by: the folded family name, then the whole name."""
    return fold(f"{family_name} {display_name}")[:120]


def name_terms(*texts: str) -> set[str]:
    """The folded words by which texts are found."""
    return {word[:120] for text in texts for word in fold(text).split()}


def shown_sort(display_name: str) -> str:
    """What partners' lists are sorted by, from the display name alone: what seems the family name goes first.

    That is the words in capitals where only some are, else the last word.
    """
    words = display_name.split()
    capitals = [word for word in words if len(word) > 1 and word.isupper()]
    first = capitals if 0 < len(capitals) < len(words) else words[-1:]
    rest = [word for word in words if word not in first]
    return fold(" ".join([*first, *rest]))[:120]


def search_terms(
    shown: Iterable[str], parts: Iterable[str], work: Iterable[str], addresses: Iterable[str]
) -> list[tuple[str, int]]:
    """The folded words by which a person is found, each with the bit of the part of the profile it is of.

    ``shown`` are the names that are shown, ``parts`` the family and given names behind them: what these alone hold
    is for staff to find.
    """
    names = name_terms(*shown)
    found = [(term, FieldGroup.IDENTITY.bit) for term in names]
    found += [(term, STAFF_ONLY) for term in name_terms(*parts) - names]
    found += [(term, FieldGroup.PROFESSIONAL.bit) for term in name_terms(*work)]
    found += [(term, FieldGroup.CONTACT.bit) for term in address_terms(addresses)]
    return sorted(found)


def address_terms(addresses: Iterable[str]) -> set[str]:
    """The folded words of addresses, and each address in one piece."""
    return {word[:120] for address in addresses for word in (*fold(address).split(), fold(address).replace(" ", ""))}
