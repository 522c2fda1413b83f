"""A made-up database of a size, with an officer who is signed in and a session that needs people."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bsm_alumni import create_app
from bsm_alumni.accounts.enums import Role
from bsm_alumni.accounts.service import create_user
from bsm_alumni.alumni.models import Alumnus
from bsm_alumni.database import writing
from bsm_alumni.demo.seed import seed
from bsm_alumni.events.models import Event, EventLanguage
from bsm_alumni.extensions import db, utc_now
from bsm_alumni.maintenance.service import upgrade_database
from config import Settings

OFFICER, PASSWORD = "bench@example.org", "a-password-for-measuring-only"
EVENTS = 200


@dataclass(frozen=True)
class World:
    """What the measures need."""

    app: Flask
    client: FlaskClient
    size: int
    event_id: int
    slot_id: int
    alumnus_id: int


def open_world(folder: Path, size: int) -> World:
    """The database of this size, made when it is not in the folder yet."""
    path = folder / f"bench-{size}.db"
    fresh = not path.exists()
    settings = Settings(
        env="demo",
        database_url=f"sqlite:///{path}",
        secret_key="bench-secret-" * 4,
        base_url="http://localhost",
        mail_url=f"file:{folder / 'mail'}",
    )
    app = create_app(settings)
    with app.app_context():
        if fresh:
            print(f"Making up {size:,} alumni …", flush=True)
            upgrade_database()
            with writing(), app.test_request_context():
                seed(size, cohorts=40, events=EVENTS, today=utc_now().date())
                create_user(OFFICER, Role.OFFICER, password=PASSWORD, name="Bench")
                db.session.commit()
                db.session.execute(sa.text("ANALYZE"))
                db.session.commit()
        english = sa.select(EventLanguage.event_id).where(EventLanguage.language_code == "en")
        event = db.session.scalars(
            sa.select(Event).where(Event.starts_at > utc_now(), Event.id.in_(english)).order_by(Event.id).limit(1)
        ).one()
        alumnus_id = db.session.scalar(sa.select(Alumnus.id).order_by(Alumnus.id).offset(size // 2).limit(1))
        world = World(app, sign_in(app), size, event.id, event.slots[0].id, alumnus_id or 0)
        db.session.remove()
    return world


def sign_in(app: Flask) -> FlaskClient:
    """A browser in which the officer has signed in through the form."""
    from tests.browsing import post_form

    client = app.test_client()
    post_form(client, "/", {"email": OFFICER, "password": PASSWORD}, page="/")
    answer = client.get("/staff/home")
    if answer.status_code != 200:
        raise SystemExit(f"Signing in did not work: /staff/home answers {answer.status_code}.")
    return client
