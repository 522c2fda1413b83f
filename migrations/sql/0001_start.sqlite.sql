CREATE UNIQUE INDEX uq_disclosures_once ON disclosures (alumnus_id, coalesce(organisation_id, 0), coalesce(user_id, 0), way, day, purpose);

CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents
    BEGIN SELECT RAISE(ABORT, 'a consent is never changed'); END;

CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents
    WHEN NOT EXISTS (SELECT 1 FROM consent_erasures WHERE alumnus_id = OLD.alumnus_id)
    BEGIN SELECT RAISE(ABORT, 'a consent is deleted by an erasure alone'); END;
