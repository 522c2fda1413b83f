"""The extensions, made once and bound to an application in ``create_app``; imports no feature."""

import enum
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from babel import Locale
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale, get_translations
from flask_compress import Compress
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware datetimes go in, UTC comes out. A naive datetime is a programming error."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[enum.Enum], name: str) -> sa.Enum:
    """A column type for a string enum: its values as text, held by a named check constraint."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


db: SQLAlchemy = SQLAlchemy(model_class=Base, disable_autonaming=True)
if TYPE_CHECKING:

    class Model(Base):
        """What every table's class inherits; for the type checker it is a plain declarative class."""

        __abstract__ = True
else:
    Model = db.Model


class Words(Domain):
    """The catalogues of all languages by their locale: a page asks for hundreds of words, and each asks which language.

    What it stands in for makes the locale's name anew for each word.
    """

    def __init__(self) -> None:
        super().__init__()
        self.by_locale: dict[Locale, Any] = {}

    def get_translations(self) -> Any:
        """The catalogue of the page's language."""
        locale = get_locale()
        if locale is None:
            return super().get_translations()
        found = self.by_locale.get(locale)
        if found is None:
            found = self.by_locale[locale] = super().get_translations()
        g._flask_babel.babel_translations = found  # forgotten by Flask-Babel itself when the language changes
        return found


class Languages(Babel):
    """Flask-Babel with the catalogues in `Words`, and with a short way from a template's word to them."""

    domain_instance = cached_property(lambda _self: Words())

    def init_app(self, app: Flask, *args: Any, **settings: Any) -> None:
        super().init_app(app, *args, **settings)
        app.jinja_env.globals.update(_=_word, gettext=_word, ngettext=_words)


def _catalogue() -> Any:
    kept = g.get("_flask_babel")
    return getattr(kept, "babel_translations", None) or get_translations()


@pass_eval_context
def _word(how: EvalContext, text: str, /, **values: Any) -> str:
    """``_("…")`` in a template. Jinja's own goes through its context three times, which is a fifth of a page's time."""
    return _filled(how, _catalogue().ugettext(text), values)


@pass_eval_context
def _words(how: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    """``ngettext("…", "…", count)`` in a template; the count fills ``%(num)s``."""
    return _filled(how, _catalogue().ungettext(one, many, num), {"num": num, **values})


def _filled(how: EvalContext, text: str, values: dict[str, Any]) -> str:
    safe = Markup(text) if how.autoescape else text  # noqa: S704 - the catalogue's words; values are escaped
    return safe % values if values or "%" in text else safe


migrate = Migrate()
csrf = CSRFProtect()
babel = Languages()
compress = Compress()


# How far the demo's day is from today; zero everywhere else.
_clock: dict[str, timedelta] = {"offset": timedelta(0)}


def set_clock_offset(offset: timedelta) -> None:
    """Let this process live at another time than the machine does: the demo plays on a fixed day."""
    _clock["offset"] = offset


def machine_now() -> datetime:
    """The present instant by this machine's own clock, also in the demo: for what other devices make from theirs."""
    return datetime.now(UTC)


def utc_now() -> datetime:
    """The present instant, in UTC: the program's one clock."""
    return datetime.now(UTC) + _clock["offset"]
