"""Answers in words to 'may we share your profile with partners?'. What is not clear shares nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bsm_alumni.consent.enums import SharingAnswer
from bsm_alumni.imports.problems import NOTE, WARNING, Problem, Read, problem
from bsm_alumni.reference.folding import fold

_YES = frozenset(
    fold(w)
    for w in [
        "yes",
        "y",
        "ok",
        "okay",
        "yes all",
        "all",
        "agreed",
        "agree",
        "true",
        "1",
        "✓",
        "oui",
        "o",
        "sí",
        "si",
        "да",
        "نعم",
        "是",
        "同意",
        "x",
    ]
)
_NO = frozenset(
    fold(w)
    for w in [
        "no",
        "n",
        "none",
        "nobody",
        "never",
        "refused",
        "disagree",
        "false",
        "0",
        "non",
        "нет",
        "لا",
        "否",
        "不",
        "不同意",
    ]
)
_EXCEPT = re.compile(r"\b(?:all\s+)?(?:but\s+not|except|excluding|not|but|sauf|salvo|кроме)\b", re.IGNORECASE)
_SMALL = re.compile(r"\b(?:only|just|yes|ok|with|for|to|seulement|solo|uniquement|только|the)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;/&+\n]|\band\b|\bet\b|\by\b|–|—|:)\s*", re.IGNORECASE)

FindPartner = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Sharing:
    """An answer in its own words; `partners` are codes: those agreed to, or left out where `excluded`."""

    answer: SharingAnswer
    words: str
    partners: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def read_sharing(text: str, find_partner: FindPartner, name: str = "sharing") -> Read[Sharing]:
    """Read one answer. An answer nobody can be sure of counts as none, with a warning."""
    words = " ".join(text.split())[:300]
    folded = fold(words) if words not in {"✓", "✔", "☑"} else "yes"
    if not words or words in {"-", "–", "—", "?"} or folded in {"n a", "na"}:
        return Read(Sharing(SharingAnswer.NONE_GIVEN, words))
    if folded in _YES:
        return Read(Sharing(SharingAnswer.ALL, words))
    if folded in _NO:
        return Read(Sharing(SharingAnswer.NO, words))
    match = _EXCEPT.search(words)
    if match and match.start() > 0 and fold(words[: match.start()]).split(" ")[0] in _YES:
        excluded, remarks = _partners(words[match.end() :], words, find_partner, name)
        if excluded and not remarks:
            note = problem("sharing_except", NOTE, words, name, partners=", ".join(excluded))
            return Read(Sharing(SharingAnswer.SOME, words, excluded=excluded), (note,))
        return _unclear(words, name)
    if match:
        return _unclear(words, name)
    partners, remarks = _partners(words, words, find_partner, name)
    if not partners:
        return _unclear(words, name)
    return Read(Sharing(SharingAnswer.SOME, words, partners=partners), remarks)


def _partners(
    text: str, words: str, find_partner: FindPartner, name: str
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    found: dict[str, None] = {}
    remarks: list[Problem] = []
    for piece in _BETWEEN.split(_SMALL.sub(" ", text)):
        if not (piece := piece.strip(" .!()")):
            continue
        code = find_partner(piece)
        if code is None:
            remarks.append(problem("partner_not_known", WARNING, words, name, partner=piece))
        else:
            found[code] = None
    return tuple(found), tuple(remarks)


def _unclear(words: str, name: str) -> Read[Sharing]:
    unclear = problem("sharing_not_understood", WARNING, words, name)
    return Read(Sharing(SharingAnswer.NONE_GIVEN, words), (unclear,))


def narrower(first: Sharing, second: Sharing, everyone: tuple[str, ...]) -> Sharing:
    """What both answers allow: two rows that disagree must not share more than either of them does."""
    if SharingAnswer.NONE_GIVEN in (first.answer, second.answer):
        return second if first.answer is SharingAnswer.NONE_GIVEN else first
    if SharingAnswer.NO in (first.answer, second.answer):
        return first if first.answer is SharingAnswer.NO else second
    allowed = [code for code in everyone if _allows(first, code) and _allows(second, code)]
    if first.answer is SharingAnswer.ALL:
        return second
    if second.answer is SharingAnswer.ALL:
        return first
    if not allowed:
        return Sharing(SharingAnswer.NO, f"{first.words} / {second.words}"[:300])
    return Sharing(SharingAnswer.SOME, f"{first.words} / {second.words}"[:300], tuple(allowed))


def _allows(sharing: Sharing, code: str) -> bool:
    if sharing.answer is SharingAnswer.ALL:
        return True
    return code in sharing.partners or bool(sharing.excluded and code not in sharing.excluded)
