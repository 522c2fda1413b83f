"""Changing the themes. Each change is put down in the trail; a theme is archived, never deleted."""

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from bsm_alumni.audit.service import Change, record, record_many
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.rules import new_code, same_theme, tidy_name
from bsm_alumni.reference.themes import THEMES
from bsm_alumni.web.errors import FieldErrors


def add_theme(name: str) -> Theme:
    """Add a theme; its code is made from its name. Raises FieldErrors when the name means a theme there is."""
    name = tidy_name(name)
    known = _known()
    _refuse_known(name, known)
    theme = Theme(code=new_code(name, known), name=name)
    _save(theme)
    record("theme.added", theme, after={"code": theme.code, "name": theme.name})
    return theme


def rename_theme(theme: Theme, name: str) -> None:
    """Give a theme another name; its code and everyone who has it stay. Raises FieldErrors as ``add_theme`` does."""
    name = tidy_name(name)
    if name == theme.name:
        return
    others = {code: other for code, other in _known().items() if code != theme.code}
    _refuse_known(name, others)
    before = theme.name
    theme.name = name
    _save(theme)
    record("theme.renamed", theme, before={"name": before}, after={"name": name})


def archive_theme(theme: Theme) -> None:
    """Take a theme out of the choices; whoever has it keeps it. Archiving twice changes nothing."""
    if theme.archived_at is None:
        theme.archived_at = utc_now()
        db.session.flush()
        record("theme.archived", theme)


def restore_theme(theme: Theme) -> None:
    """Put an archived theme among the choices again. Restoring twice changes nothing."""
    if theme.archived_at is not None:
        theme.archived_at = None
        db.session.flush()
        record("theme.restored", theme)


def add_missing_themes() -> int:
    """Add the themes the programme starts with, where their codes are not there; returns how many were added."""
    known = _known()
    names = set(known.values())
    missing = [(code, name) for code, name in THEMES if code not in known and name not in names]
    themes = [Theme(code=code, name=name) for code, name in missing]
    db.session.add_all(themes)
    db.session.flush()
    record_many(
        Change("theme.added", Theme.__tablename__, theme.id, {}, {"code": theme.code, "name": theme.name})
        for theme in themes
    )
    return len(themes)


def _known() -> dict[str, str]:
    rows = db.session.execute(sa.select(Theme.code, Theme.name)).all()
    return {row.code: row.name for row in rows}


def _refuse_known(name: str, themes: dict[str, str]) -> None:
    code = same_theme(name, themes)
    if code is not None:
        words = _("There is a theme for this already: %(theme)s. Use it, or write another name.", theme=themes[code])
        raise FieldErrors({"name": words})


def _save(theme: Theme) -> None:
    """Flush; two officers who save one name at once are told apart by the database's constraint."""
    try:
        with db.session.begin_nested():
            db.session.add(theme)
    except IntegrityError as clash:
        words = _("Somebody has just saved a theme of this name. Look at the list, then try again.")
        raise FieldErrors({"name": words}) from clash
