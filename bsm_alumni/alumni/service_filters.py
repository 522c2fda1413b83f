"""Filters that a user keeps under a name."""

from urllib.parse import urlencode

import sqlalchemy as sa
from flask_babel import gettext as _

from bsm_alumni.alumni.errors import NoSuchAlumnus
from bsm_alumni.alumni.models import SavedFilter
from bsm_alumni.alumni.rules_roster import RosterFilter
from bsm_alumni.audit.service import record
from bsm_alumni.extensions import db
from bsm_alumni.web.errors import Refused

ROSTER = "roster"
MOST_FILTERS = 20
LONGEST_NAME = 60


def save_filter(user_id: int, name: str, narrow: RosterFilter) -> SavedFilter:
    """Keep a filter of the roster; one of the same name is replaced.

    Raises Refused without a name, for a filter that narrows nothing, and beyond twenty.
    """
    name = " ".join(name.split())[:LONGEST_NAME]
    query = urlencode(narrow.to_args())
    if not name:
        raise Refused(_("Write a name for the filter, then keep it."))
    if not query:
        raise Refused(_("The list shows everyone. Narrow it first, then keep the filter."))
    own = sa.select(SavedFilter).where(SavedFilter.user_id == user_id, SavedFilter.page == ROSTER)
    saved = db.session.scalar(own.where(SavedFilter.name == name))
    if saved is None:
        if len(db.session.scalars(own).all()) >= MOST_FILTERS:
            raise Refused(_("There are twenty saved filters already. Remove one first."))
        saved = SavedFilter(user_id=user_id, page=ROSTER, name=name)
        db.session.add(saved)
    saved.query = query
    db.session.flush()
    record("filter.saved", saved, after={"name": name, "query": query})
    return saved


def remove_filter(user_id: int, filter_id: int) -> None:
    """Forget one of the user's own filters. Raises NoSuchAlumnus for another's or none."""
    saved = db.session.get(SavedFilter, filter_id)
    if saved is None or saved.user_id != user_id:
        raise NoSuchAlumnus(filter_id)
    record("filter.removed", saved, before={"name": saved.name, "query": saved.query})
    db.session.delete(saved)
    db.session.flush()
