"""Putting down requests that were refused, once a minute for each visitor and place; the rest is counted."""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from bsm_alumni.audit.chain import Change, append, lock_chain
from bsm_alumni.audit.models import AuditDenial
from bsm_alumni.audit.service import current_actor
from bsm_alumni.database import writing
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.web.edge import write_anyway
from bsm_alumni.web.errors import http_error

DENIED = "access.denied"
DENIED_AGAIN = "access.denied_again"
LONGEST_ENDPOINT = 60


def network_of(address: str | None) -> str:
    """The network a visitor came from, as far as the trail keeps it: /24 of IPv4, /48 of IPv6."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False))


def note_denied(reason: str) -> None:
    """Have the present request put down as refused, whatever becomes of it.

    ``reason`` is 'policy', 'csrf' or 'passkey'.
    Numbers in the address are kept, text is not: it may be the secret of a link.
    """
    actor_id, actor = current_actor()
    details = {
        "reason": reason,
        "method": request.method,
        "role": getattr(current_user, "role", None),
        "network": network_of(request.remote_addr),
        "numbers": {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)},
    }
    endpoint = (request.endpoint or "")[:LONGEST_ENDPOINT]
    who = f"user {actor_id}" if actor_id else f"network {details['network']}"
    key = hashlib.sha256(f"{who}|{endpoint}|{reason}".encode()).hexdigest()
    write_anyway(lambda: _put_down(key, endpoint, actor_id, actor, details))


def _put_down(key: str, endpoint: str, actor_id: int | None, actor: str, details: dict[str, Any]) -> None:
    lock_chain()
    minute = _minute(utc_now())
    seen = db.session.get(AuditDenial, key)
    if seen is not None and seen.minute == minute:
        seen.repeats += 1
        return
    if seen is not None:
        _enter_repeats(seen)
        db.session.delete(seen)
        db.session.flush()
    append([Change(DENIED, "endpoints", endpoint, {}, details)], actor_id, actor)
    fields = {"actor_id": actor_id, "actor": actor, "endpoint": endpoint, "details": {"reason": details["reason"]}}
    db.session.add(AuditDenial(key=key, minute=minute, repeats=0, **fields))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _enter_repeats(seen: AuditDenial) -> None:
    if seen.repeats:
        after = {**seen.details, "repeats": seen.repeats, "minute": seen.minute}
        append([Change(DENIED_AGAIN, "endpoints", seen.endpoint, {}, after)], seen.actor_id, seen.actor)


def enter_repeated_denials() -> int:
    """A duty of the worker: put down how often what was refused was tried again, once its minute is over."""
    with writing():
        lock_chain()
        over = db.session.scalars(
            sa.select(AuditDenial)
            .where(AuditDenial.minute < _minute(utc_now()) - timedelta(minutes=1))
            .order_by(AuditDenial.minute, AuditDenial.key)
        ).all()
        for seen in over:
            _enter_repeats(seen)
            db.session.delete(seen)
        db.session.commit()
    return len(over)


def _without_token(error: CSRFError) -> ResponseReturnValue:
    note_denied("csrf")
    return http_error(error)


def init_denials(app: Flask) -> None:
    """Put down forms that came without the token of a page of ours; the guard tells of the rest."""
    app.register_error_handler(CSRFError, _without_token)
