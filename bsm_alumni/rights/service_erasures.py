"""The way to an erasure: asked for, approved by an administrator or come to its day, carried out by the worker."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.audit.service import record
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.jobs.service import wake_worker_after_commit
from bsm_alumni.mail.enums import MailState
from bsm_alumni.mail.models import Mail
from bsm_alumni.mail.service import post
from bsm_alumni.rights.enums import ErasureState, ErasureWhy, Item, RequestKind, RequestState
from bsm_alumni.rights.models import Erasure, RightsRequest
from bsm_alumni.rights.queries import WAITING, find_open_erasure, get_erasure
from bsm_alumni.rights.rules import due_on, is_to_be_done
from bsm_alumni.rights.service_erasure import Erased, erase
from bsm_alumni.rights.service_requests import close_request
from bsm_alumni.web.errors import FieldErrors, Refused
from config import ROOT

ABOUT = "erasures"
FAREWELL = "erasure_farewell"
# The last mail is waited for so long; a mail server that is away does not keep the person.
FAREWELL_WITHIN = timedelta(hours=1)


def ask_erasure(alumnus: Alumnus, words: str, recorded_by_id: int | None = None) -> Erasure:
    """Put an erasure down: the person's own, which they confirmed, or one that staff take down for them.

    Raises Refused while one is open already.
    """
    if find_open_erasure(alumnus.id) is not None:
        raise Refused(_("The erasure was asked for already."))
    if recorded_by_id is not None and not words.strip():
        raise FieldErrors({"words": _("Say how and when the person asked, so that it can be found.")})
    now = utc_now()
    request = RightsRequest(
        alumnus_id=alumnus.id,
        kind=RequestKind.ERASURE,
        item=Item.OTHER,
        words=words.strip(),
        due_on=due_on(now.date()),
        recorded_by_id=recorded_by_id,
    )
    db.session.add(request)
    db.session.flush()
    return _put_down(alumnus, ErasureWhy.ASKED, request, recorded_by_id)


def ask_by_retention(alumnus: Alumnus) -> Erasure:
    """Put down that a profile was kept for as long as it may be; it goes without anybody's further word."""
    return _put_down(alumnus, ErasureWhy.RETENTION, None, None)


def _put_down(alumnus: Alumnus, why: ErasureWhy, request: RightsRequest | None, recorded_by_id: int | None) -> Erasure:
    now = utc_now()
    erasure = Erasure(
        alumnus_id=alumnus.id,
        request_id=request.id if request else None,
        why=why,
        due_on=due_on(now.date()) if why is ErasureWhy.ASKED else now.date(),
        confirmed_at=now if why is ErasureWhy.ASKED and recorded_by_id is None else None,
        recorded_by_id=recorded_by_id,
    )
    db.session.add(erasure)
    db.session.flush()
    record("erasure.asked", erasure, after={"why": why, "due_on": erasure.due_on})
    return erasure


def withdraw_erasure(alumnus: Alumnus) -> None:
    """The person changes their mind, as long as it is not done. Raises Refused when there is nothing to take back."""
    erasure = find_open_erasure(alumnus.id)
    if erasure is None:
        raise Refused(_("There is no erasure to take back."))
    erasure.state = ErasureState.WITHDRAWN
    if erasure.request_id is not None:
        db.session.get_one(RightsRequest, erasure.request_id).state = RequestState.WITHDRAWN
    db.session.flush()
    record("erasure.withdrawn", erasure)


def approve_erasure(erasure_id: int, user_id: int | None) -> Erasure:
    """An administrator lets the worker carry it out. Raises LookupError, and Refused for a lone administrator.

    One that staff took down needs a second person; one that the person confirmed themselves has two already.
    """
    erasure = get_erasure(erasure_id)
    if erasure.state is not ErasureState.ASKED:
        raise Refused(_("This erasure was approved, refused or taken back already."))
    if erasure.recorded_by_id is not None and erasure.recorded_by_id == user_id:
        raise Refused(_("You took this request down yourself. Another administrator has to approve it."))
    _approve(erasure, user_id)
    return erasure


def _approve(erasure: Erasure, user_id: int | None) -> None:
    erasure.state, erasure.approved_by_id, erasure.approved_at = ErasureState.APPROVED, user_id, utc_now()
    db.session.flush()
    record("erasure.approved", erasure, after={"by_its_day": user_id is None})
    emails = db.session.get_one(Alumnus, erasure.alumnus_id).emails
    if emails:
        post(
            FAREWELL,
            emails[0].address,
            {"erasure": erasure.id},
            alumnus_id=erasure.alumnus_id,
            subject_kind=ABOUT,
            subject_id=erasure.id,
            dedupe_key=f"farewell:{erasure.id}",
        )
    wake_worker_after_commit()


def refuse_erasure(erasure_id: int, answer: str, user_id: int | None) -> Erasure:
    """Say no, with the reason, which the person gets by mail. Raises LookupError, FieldErrors, Refused."""
    erasure = get_erasure(erasure_id)
    if erasure.state is not ErasureState.ASKED or erasure.request_id is None:
        raise Refused(_("This erasure was approved, refused or taken back already."))
    request = db.session.get_one(RightsRequest, erasure.request_id)
    close_request(request, RequestState.REFUSED, answer, user_id)
    erasure.state = ErasureState.REFUSED
    db.session.flush()
    record("erasure.refused", erasure)
    return erasure


def carry_out_due() -> int:
    """The worker's duty: carry out what is approved or has come to its day. Returns how many people were erased.

    Each in a transaction of its own; what a dead worker left is found again, and done once.
    """
    ids = list(db.session.scalars(sa.select(Erasure.id).where(Erasure.state.in_(WAITING)).order_by(Erasure.id)))
    db.session.rollback()
    done = []
    for erasure_id in ids:
        try:
            with writing():
                erased = _carry_out(erasure_id)
                db.session.commit()
        except Exception:
            db.session.rollback()
            current_app.logger.exception("Erasure %s was left for the next sweep", erasure_id)
            continue
        if erased is not None:
            done.append(erased)
    if done:
        clean_up(done)
    return len(done)


def _carry_out(erasure_id: int) -> Erased | None:
    erasure = get_erasure(erasure_id)
    today = utc_now().date()
    if not is_to_be_done(erasure.state, erasure.why, erasure.confirmed_at is not None, erasure.due_on, today):
        return None
    if erasure.why is ErasureWhy.RETENTION and _said_that_they_stay(erasure):
        return None
    if erasure.state is ErasureState.ASKED:
        _approve(erasure, None)
    if _farewell_waits(erasure):
        return None
    return erase(erasure)


def _said_that_they_stay(erasure: Erasure) -> bool:
    """Who confirms the profile at the last moment stays."""
    if db.session.get_one(Alumnus, erasure.alumnus_id).profile_confirmed_at is None:
        return False
    erasure.state = ErasureState.WITHDRAWN
    db.session.flush()
    record("erasure.withdrawn", erasure)
    return True


def _farewell_waits(erasure: Erasure) -> bool:
    waiting = sa.select(Mail.id).where(
        Mail.subject_kind == ABOUT,
        Mail.subject_id == erasure.id,
        Mail.kind == FAREWELL,
        Mail.state == MailState.QUEUED,
    )
    late = erasure.approved_at is not None and utc_now() - erasure.approved_at > FAREWELL_WITHIN
    return not late and db.session.scalar(waiting) is not None


def clean_up(done: list[Erased]) -> None:
    """What a commit leaves behind: copies of mails in a folder, and pages of the database file that are free."""
    url = current_app.extensions["bsm_settings"].mail_url
    if url.startswith("file:"):
        folder: Path = ROOT / url.removeprefix("file:")
        for mail_id in (one for erased in done for one in erased.mail_ids):
            (folder / f"{mail_id:08d}.eml").unlink(missing_ok=True)
    scrub_file()


def scrub_file() -> None:
    """Write SQLite's file anew, so that its bytes hold nothing of what was deleted; PostgreSQL reuses its own pages.

    Deleted content is overwritten at once (`secure_delete`), but older copies of moved pages are not.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        return
    # Beneath SQLAlchemy, which would begin a transaction: neither can be done within one.
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
