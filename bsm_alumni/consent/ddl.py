"""Triggers that keep consents as they were said: no update ever, and no deletion but by an erasure that names itself.

They are made with the table. The migration that makes the table runs the same statements.
"""

from typing import Any

import sqlalchemy as sa

SQLITE = (
    """CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents
    BEGIN SELECT RAISE(ABORT, 'a consent is never changed'); END""",
    """CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents
    WHEN NOT EXISTS (SELECT 1 FROM consent_erasures WHERE alumnus_id = OLD.alumnus_id)
    BEGIN SELECT RAISE(ABORT, 'a consent is deleted by an erasure alone'); END""",
)
POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION consents_stay() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM consent_erasures WHERE alumnus_id = OLD.alumnus_id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'a consent is never changed, and deleted by an erasure alone';
    END $body$""",
    """CREATE TRIGGER consents_stay BEFORE UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION consents_stay()""",
    """CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents
    FOR EACH STATEMENT EXECUTE FUNCTION consents_stay()""",
)


def attach(table: Any) -> None:
    """Have the triggers made whenever this table is."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            sa.event.listen(table, "after_create", sa.DDL(statement).execute_if(dialect=dialect))
