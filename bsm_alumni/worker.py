"""What the worker does: the tables of job kinds, mail kinds and regular duties, and one sweep over them."""

from collections.abc import Callable

from flask import Flask

from bsm_alumni.alumni.service_contacts import EXPORT_CONTACTS
from bsm_alumni.alumni.service_contacts import KIND as CONTACTS
from bsm_alumni.approvals import letters as approval_mails
from bsm_alumni.approvals.kinds import Kind
from bsm_alumni.assignments import mails as assignment_mails
from bsm_alumni.assignments.service_duties import expire_due, remind_due
from bsm_alumni.extensions import db
from bsm_alumni.imports import jobs as import_jobs
from bsm_alumni.jobs import service as jobs
from bsm_alumni.jobs.queue import make_queue
from bsm_alumni.mail import service as mail

Duty = Callable[[], int]

JOB_HANDLERS: dict[str, jobs.Handler] = {**import_jobs.HANDLERS}

MAIL_RENDERERS: dict[str, mail.Renderer] = {**approval_mails.RENDERERS, **assignment_mails.RENDERERS}

# What needs a second person: who may ask, who decides, and what is done when it is granted.
APPROVAL_KINDS: dict[str, Kind] = {CONTACTS: EXPORT_CONTACTS}

# Each returns how many things it did, in transactions of its own; safe to call at any time.
DUTIES: tuple[Duty, ...] = (expire_due, remind_due)


def sweep(app: Flask, duties: tuple[Duty, ...] = DUTIES) -> int:
    """Do all that is due: regular duties, jobs, then mail. Returns how many things were done."""
    done = 0
    with app.app_context():
        for duty in duties:
            try:
                done += duty()
            except Exception:
                # One duty that fails must not keep the others, nor the mail, from being done.
                db.session.rollback()
                app.logger.exception("A duty failed")
        done += jobs.run_due(JOB_HANDLERS)
        done += mail.deliver_due(MAIL_RENDERERS)
        db.session.remove()
    return done


def run_worker(app: Flask) -> None:
    """Sweep at start, whenever woken, and each minute, until stopped by a signal."""
    sweep(app)
    huey, _task = make_queue(app.extensions["bsm_settings"], lambda: sweep(app))
    huey.create_consumer(workers=1, max_delay=1.0).run()
