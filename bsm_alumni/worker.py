"""What the worker does: the tables of job kinds, mail kinds and regular duties, and one sweep over them."""

from collections.abc import Callable

from flask import Flask

from bsm_alumni.accounts import mails as account_mails
from bsm_alumni.accounts import mails_invitation as invitation_mails
from bsm_alumni.accounts import service_links
from bsm_alumni.accounts.service_oidc import forget_old_answers
from bsm_alumni.accounts.service_tidy import tidy_accounts
from bsm_alumni.alumni.service_contacts import EXPORT_CONTACTS
from bsm_alumni.alumni.service_contacts import KIND as CONTACTS
from bsm_alumni.approvals import letters as approval_mails
from bsm_alumni.approvals.kinds import Kind
from bsm_alumni.assignments import mails as assignment_mails
from bsm_alumni.assignments.service_duties import expire_due, remind_due
from bsm_alumni.audit import mails as audit_mails
from bsm_alumni.audit.service_denials import enter_repeated_denials
from bsm_alumni.audit.service_heads import check_daily, journal_head, mail_heads
from bsm_alumni.desk import mails_sharing
from bsm_alumni.desk.service_sharing_asks import remind_sharing_due
from bsm_alumni.extensions import db
from bsm_alumni.imports import jobs as import_jobs
from bsm_alumni.jobs import service as jobs
from bsm_alumni.jobs.queue import make_queue
from bsm_alumni.mail import service as mail
from bsm_alumni.planning import service_run as plan_jobs
from bsm_alumni.rights import mails as rights_mails
from bsm_alumni.rights.service_erasures import carry_out_due
from bsm_alumni.rights.service_retention import apply_retention
from bsm_alumni.settings import service_admins

Duty = Callable[[], int]

JOB_HANDLERS: dict[str, jobs.Handler] = {
    **import_jobs.HANDLERS,
    **plan_jobs.HANDLERS,
    **service_links.JOB_HANDLERS,
}

MAIL_RENDERERS: dict[str, mail.Renderer] = {
    **invitation_mails.RENDERERS,
    **account_mails.RENDERERS,
    **approval_mails.RENDERERS,
    **assignment_mails.RENDERERS,
    **audit_mails.RENDERERS,
    **mails_sharing.RENDERERS,
    **rights_mails.RENDERERS,
}

# What needs a second person: who may ask, who decides, and what is done when it is granted.
APPROVAL_KINDS: dict[str, Kind] = {CONTACTS: EXPORT_CONTACTS, **service_admins.APPROVAL_KINDS}

# Each returns how many things it did, in transactions of its own; safe to call at any time.
DUTIES: tuple[Duty, ...] = (
    expire_due,
    forget_old_answers,
    remind_due,
    remind_sharing_due,
    tidy_accounts,
    enter_repeated_denials,
    journal_head,
    check_daily,
    mail_heads,
    apply_retention,
    carry_out_due,
)


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
