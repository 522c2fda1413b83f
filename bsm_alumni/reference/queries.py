"""Reading the themes: lists, choices, history. The lists that never change are modules of this room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from bsm_alumni.audit.models import AuditEntry
from bsm_alumni.audit.queries import history_of
from bsm_alumni.extensions import db
from bsm_alumni.reference.errors import NoSuchTheme
from bsm_alumni.reference.models import Theme
from bsm_alumni.reference.rules import same_theme
from bsm_alumni.web.pagination import PAGE_SIZE, Page, page_of

MOST_THEMES = 500

# Tables of higher rooms, by name.
_ALUMNUS_THEMES = sa.table("alumnus_themes", sa.column("theme_id", sa.Integer))
_EVENT_THEMES = sa.table("event_themes", sa.column("theme_id", sa.Integer))


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A line of the list of themes, with how many alumni and events have it."""

    theme: Theme
    alumni: int
    events: int


def themes_page(
    archived: bool = False, after: str | None = None, before: str | None = None, size: int = PAGE_SIZE
) -> Page[ThemeRow]:
    """A page of the themes in use, or of those archived, by name. Three queries."""
    select = sa.select(Theme).where(_is_archived(archived))
    page = page_of(select, [Theme.name, Theme.id], after=after, before=before, size=size)
    ids = [theme.id for theme in page.rows]
    alumni, events = _uses(_ALUMNUS_THEMES, ids), _uses(_EVENT_THEMES, ids)
    rows = [ThemeRow(theme, alumni.get(theme.id, 0), events.get(theme.id, 0)) for theme in page.rows]
    return Page(rows, page.next_key, page.previous_key)


def count_themes(archived: bool = False) -> int:
    """How many themes are in use, or archived."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Theme).where(_is_archived(archived))) or 0


def theme_row(theme: Theme) -> ThemeRow:
    """A theme with its counts."""
    alumni, events = _uses(_ALUMNUS_THEMES, [theme.id]), _uses(_EVENT_THEMES, [theme.id])
    return ThemeRow(theme, alumni.get(theme.id, 0), events.get(theme.id, 0))


def get_theme(theme_id: int) -> Theme:
    """The theme; raises NoSuchTheme."""
    theme = db.session.get(Theme, theme_id)
    if theme is None:
        raise NoSuchTheme(theme_id)
    return theme


def themes_by_code() -> Mapping[str, Theme]:
    """Every theme, archived ones too, by code. One query: for reading many texts with ``find_theme``."""
    themes = db.session.scalars(sa.select(Theme).order_by(Theme.name, Theme.id))
    return {theme.code: theme for theme in themes}


def find_theme(text: str | None, themes: Mapping[str, Theme] | None = None) -> Theme | None:
    """The theme meant by a name, code or known spelling in any case, archived ones too, else None.

    Give ``themes`` from ``themes_by_code`` to read many texts with one query.
    """
    if not (text or "").strip():
        return None
    known = themes_by_code() if themes is None else themes
    code = same_theme(text or "", {code: theme.name for code, theme in known.items()})
    return known.get(code or (text or "").strip().lower())


def theme_choices(keep: Sequence[int] = ()) -> list[tuple[int, str]]:
    """Themes to choose from, by name: those in use, and those in ``keep`` whether archived or not."""
    wanted = sa.or_(Theme.archived_at.is_(None), Theme.id.in_(keep))
    rows = db.session.execute(
        sa.select(Theme.id, Theme.name).where(wanted).order_by(Theme.name, Theme.id).limit(MOST_THEMES)
    )
    return [(theme_id, name) for theme_id, name in rows]


def theme_history(theme: Theme) -> Sequence[AuditEntry]:
    """What was done to a theme, newest first."""
    return history_of(Theme.__tablename__, theme.id)


def _is_archived(archived: bool) -> sa.ColumnElement[bool]:
    return Theme.archived_at.is_not(None) if archived else Theme.archived_at.is_(None)


def _uses(table: sa.TableClause, theme_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(table.c.theme_id, sa.func.count().label("number"))
        .where(table.c.theme_id.in_(theme_ids))
        .group_by(table.c.theme_id)
    )
    return {row.theme_id: row.number for row in rows}
