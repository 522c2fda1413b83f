"""What kinds, items, states and ways are called on pages and in mails."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bsm_alumni.consent.enums_disclosures import DisclosureWay
from bsm_alumni.organisations.enums import FieldGroup
from bsm_alumni.organisations.rules import groups_of, in_order
from bsm_alumni.rights.enums import ErasureState, ErasureWhy, Item, Kept, RequestKind, RequestState

KINDS: dict[RequestKind, Any] = {
    RequestKind.CORRECTION: _l("Correction"),
    RequestKind.DISPUTE: _l("Dispute"),
    RequestKind.RESTRICTION: _l("Restriction"),
    RequestKind.ERASURE: _l("Erasure"),
}
ITEMS: dict[Item, Any] = {
    Item.NAME: _l("My name as it was taken over"),
    Item.RESULT: _l("The result of a cohort"),
    Item.ATTENDANCE: _l("Whether I came to a session"),
    Item.REMARKS: _l("Remarks about me"),
    Item.OTHER: _l("Something else"),
}
STATES: dict[RequestState, Any] = {
    RequestState.OPEN: _l("Waits for an answer"),
    RequestState.DONE: _l("Done as asked"),
    RequestState.PARTLY: _l("Done in part"),
    RequestState.REFUSED: _l("Not done"),
    RequestState.WITHDRAWN: _l("Taken back"),
}
# The classes of templates/macros/states.html.
LOOKS: dict[RequestState, str] = {
    RequestState.OPEN: "waiting",
    RequestState.DONE: "accepted",
    RequestState.PARTLY: "accepted",
    RequestState.REFUSED: "declined",
    RequestState.WITHDRAWN: "proposed",
}
ERASURES: dict[ErasureState, Any] = {
    ErasureState.ASKED: _l("Waits for an administrator"),
    ErasureState.APPROVED: _l("Is being carried out"),
    ErasureState.DONE: _l("Done"),
    ErasureState.WITHDRAWN: _l("Taken back"),
    ErasureState.REFUSED: _l("Refused"),
}
WHYS: dict[ErasureWhy, Any] = {
    ErasureWhy.ASKED: _l("The person asked"),
    ErasureWhy.RETENTION: _l("Kept for as long as it may be"),
}
WAYS: dict[DisclosureWay, Any] = {
    DisclosureWay.LIST: _l("Saw you in a list"),
    DisclosureWay.PAGE: _l("Opened your page"),
    DisclosureWay.EXPORT: _l("Took a list away as a file"),
    DisclosureWay.EVENT: _l("Saw you as a presenter of a session"),
    DisclosureWay.CALENDAR: _l("Got a calendar with your name"),
    DisclosureWay.MAIL: _l("Got a mail that names you"),
    DisclosureWay.API: _l("Fetched it with a program"),
}
GROUPS: dict[FieldGroup, Any] = {
    FieldGroup.IDENTITY: _l("name and country"),
    FieldGroup.PROFESSIONAL: _l("agency, position, languages, themes and cohorts"),
    FieldGroup.CONTACT: _l("addresses and telephone"),
    FieldGroup.AVAILABILITY: _l("availability"),
    FieldGroup.ASSIGNMENTS: _l("sessions you said yes to"),
}
KEPT: dict[Kept, tuple[Any, Any]] = {
    Kept.SIGN_IN_FAILURES: (_l("Failed sign-ins"), _l("counters that slow guessing down; they are deleted")),
    Kept.SESSIONS: (_l("Sessions and links"), _l("ended sessions and used links of all users; they are deleted")),
    Kept.MAIL_TEXTS: (_l("Texts of mails"), _l("what was said in mails that left; that a mail left stays")),
    Kept.IMPORT_ROWS: (_l("Rows of files"), _l("rows and files of finished imports; what was taken from them stays")),
    Kept.DISCLOSURES: (_l("Who saw whom"), _l("the days on which somebody saw a person; they are deleted")),
    Kept.DENIALS: (_l("Refused pages"), _l("counters of refusals; the trail's own entries stay")),
    Kept.PROFILES: (
        _l("Profiles never confirmed"),
        _l("the person is asked by mail whether they want to stay, and erased sixty days later without an answer"),
    ),
    Kept.EVENT_NOTES: (_l("Notes of archived sessions"), _l("notes of slots, and reasons given for and against")),
}


def item_words(item: Item, name: str = "") -> str:
    """What a request is about; with the name of the cohort or session where it points at one."""
    return _("%(item)s: %(name)s", item=ITEMS[item], name=name) if name else str(ITEMS[item])


def group_words(mask: int) -> list[str]:
    """The field groups of a mask, each in a few words."""
    return [str(GROUPS[group]) for group in in_order(groups_of(mask))]
