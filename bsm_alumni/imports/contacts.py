"""E-mail addresses and telephone numbers, several in a cell, or in words that only look like one."""

import re

from bsm_alumni.imports.problems import ERROR, NOTE, WARNING, Problem, Read, problem

NOTHING = frozenset({"", "n/a", "na", "n.a.", "none", "nil", "-", "–", "—", "?", "tbc", "tbd", "unknown", "0", "null"})
_ADDRESS = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~\-\u0080-\uffff]{1,64}@(?:[^\W_](?:[\w\-]{0,61}[^\W_])?\.)+[^\W\d_][\w\-]{1,62}",
    re.IGNORECASE,
)
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\s+at\s+|\{at\})\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;/|]+")


def read_emails(text: str, name: str = "email") -> Read[tuple[str, ...]]:
    """The usable addresses of a cell, in order, each once; a cell without any has an error saying how to mend it."""
    written = text.strip()
    if written.casefold() in NOTHING:
        return Read((), (problem("email_missing", ERROR, written, name),))
    found: dict[str, str] = {}
    rejected: list[str] = []
    for piece in _BETWEEN.split(written.replace("mailto:", " ")):
        candidate = piece.strip("<>()[]\"'.,:")
        if not candidate:
            continue
        if usable(candidate):
            found.setdefault(candidate.casefold(), candidate)
        elif "@" in candidate:
            rejected.append(candidate)
    addresses = tuple(found.values())
    remarks: list[Problem] = []
    if not addresses:
        return Read((), (_unusable(written, name),))
    for candidate in rejected:
        remarks.append(problem("email_left_out", WARNING, written, name, address=candidate))
    if len(addresses) > 1:
        remarks.append(problem("several_emails", NOTE, written, name, first=addresses[0], count=len(addresses)))
    return Read(addresses, tuple(remarks))


def usable(address: str) -> bool:
    """Whether mail could be sent to it: name@domain, with a dot in the domain."""
    local, _, domain = address.rpartition("@")
    return (
        len(address) <= 254
        and _ADDRESS.fullmatch(address) is not None
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in address
        and "=" not in local[:1]
        and bool(domain)
    )


def _unusable(written: str, name: str) -> Problem:
    guess = _AT.sub("@", written, count=1)
    if "@" not in written:
        suggestion = guess if usable(guess) else ""
        return problem("email_without_at", ERROR, written, name, suggestion=suggestion)
    domain = written.rpartition("@")[2]
    if "." not in domain:
        return problem("email_without_domain", ERROR, written, name, domain=domain)
    return problem("email_not_usable", ERROR, written, name)


def read_phone(text: str, name: str = "phone") -> Read[str]:
    """A telephone number as written, without odd spaces; numbers that a spreadsheet has mangled are named."""
    written = " ".join(text.split())
    if written.casefold() in NOTHING:
        return Read("")
    digits = sum(char.isdigit() for char in written)
    if re.fullmatch(r"\d(?:\.\d+)?e\+?\d+", written, re.IGNORECASE):
        return Read("", (problem("phone_mangled", ERROR, written, name),))
    if not 6 <= digits <= 40 or any(char.isalpha() for char in written):
        return Read(written[:60], (problem("phone_looks_odd", WARNING, written, name),))
    return Read(written[:60])
