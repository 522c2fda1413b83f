"""What the page of the trail is put together from: choices, pills, and the fields of an entry side by side."""

import json
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.rules_list import TrailFilter
from bsm_alumni.audit.words import SUBJECTS, VERBS, subject_words, verb_words
from bsm_alumni.web.filters import day

LONGEST_VALUE = 200
MOST_FIELDS = 30


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """(value, words) for each select of the filter bar, by their words."""
    return {
        "verb": sorted(((verb, str(words)) for verb, words in VERBS.items()), key=lambda pair: pair[1]),
        "kind": sorted(((kind, str(words)) for kind, words in SUBJECTS.items()), key=lambda pair: pair[1]),
    }


def pills(narrow: TrailFilter) -> list[tuple[str, str]]:
    """Each filter in use in words, with the address of the list without it."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if narrow.denied:
        found.append((_("refused requests"), ("denied",)))
    if narrow.who:
        found.append((_("by “%(who)s”", who=narrow.who), ("who",)))
    if narrow.verb:
        found.append((verb_words(narrow.verb), ("verb",)))
    if narrow.kind or narrow.number:
        kind = subject_words(narrow.kind) if narrow.kind else _("Anything")
        words = _("%(subject)s, number %(number)s", subject=kind, number=narrow.number) if narrow.number else kind
        found.append((words, ("kind", "number")))
    if narrow.about:
        found.append((_("about alumnus %(number)s", number=narrow.about), ("about",)))
    if narrow.first:
        found.append((_("from %(day)s", day=day(narrow.first)), ("first",)))
    if narrow.last:
        found.append((_("until %(day)s", day=day(narrow.last)), ("last",)))
    return [(words, _list_url(narrow.without(*names))) for words, names in found]


def _list_url(narrow: TrailFilter) -> str:
    args: dict[str, Any] = narrow.to_args()
    return url_for("audit_staff.trail", **args)


def details_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """(field, before, after) of an entry, as text; fields of neither are left out."""
    names = list(dict.fromkeys([*entry.before, *entry.after]))
    rows = [(name.replace("_", " "), _text(entry.before.get(name)), _text(entry.after.get(name))) for name in names]
    return rows[:MOST_FIELDS]


def _text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
