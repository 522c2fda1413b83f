CREATE UNIQUE INDEX uq_disclosures_once ON disclosures (alumnus_id, coalesce(organisation_id, 0), coalesce(user_id, 0), way, day, purpose);

CREATE OR REPLACE FUNCTION consents_stay() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM consent_erasures WHERE alumnus_id = OLD.alumnus_id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'a consent is never changed, and deleted by an erasure alone';
    END $body$;

CREATE TRIGGER consents_stay BEFORE UPDATE OR DELETE ON consents
    FOR EACH ROW EXECUTE FUNCTION consents_stay();

CREATE TRIGGER consents_no_truncate BEFORE TRUNCATE ON consents
    FOR EACH STATEMENT EXECUTE FUNCTION consents_stay();

DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bsm_partner') THEN CREATE ROLE bsm_partner NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT; END IF; IF NOT pg_has_role(CURRENT_USER, 'bsm_partner', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN GRANT bsm_partner TO CURRENT_USER; END IF; END $$;

GRANT USAGE ON SCHEMA public TO bsm_partner;

DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'bsm_alumnus') THEN CREATE ROLE bsm_alumnus NOLOGIN NOSUPERUSER NOBYPASSRLS NOINHERIT; END IF; IF NOT pg_has_role(CURRENT_USER, 'bsm_alumnus', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN GRANT bsm_alumnus TO CURRENT_USER; END IF; END $$;

GRANT USAGE ON SCHEMA public TO bsm_alumnus;

CREATE OR REPLACE FUNCTION bsm_number(name text) RETURNS integer LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('bsm.' || name, true), '')::integer $$;

CREATE OR REPLACE FUNCTION bsm_today() RETURNS date LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('bsm.today', true), '')::date $$;

CREATE OR REPLACE FUNCTION bsm_agreed() RETURNS integer LANGUAGE sql STABLE AS $$ SELECT coalesce(min(a.groups), 0) FROM agreements a JOIN organisations o ON o.id = a.organisation_id WHERE a.organisation_id = bsm_number('organisation_id') AND o.archived_at IS NULL AND a.ended_at IS NULL AND a.starts_on <= bsm_today() AND (a.ends_on IS NULL OR a.ends_on >= bsm_today()) $$;

CREATE POLICY wall_0 ON alumni FOR SELECT TO bsm_alumnus USING (id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumni TO bsm_alumnus;

CREATE POLICY wall_1 ON alumni FOR SELECT TO bsm_partner USING (status = 'active' AND NOT restricted AND EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = alumni.id AND s.groups & (SELECT bsm_agreed()) & 1 = 1));

GRANT SELECT (id, display_name, latin_name, shown_sort, country_code, agency, position, phone, zone, notice_days, quarter_limit, status, restricted) ON alumni TO bsm_partner;

CREATE POLICY wall_2 ON agreements FOR SELECT TO bsm_partner USING (organisation_id = (SELECT bsm_number('organisation_id')));

GRANT SELECT ON agreements TO bsm_partner;

CREATE POLICY wall_3 ON agreements FOR SELECT TO bsm_alumnus USING (true);

GRANT SELECT ON agreements TO bsm_alumnus;

CREATE POLICY wall_4 ON shared_with FOR SELECT TO bsm_partner USING (organisation_id = (SELECT bsm_number('organisation_id')));

GRANT SELECT (alumnus_id, organisation_id, groups) ON shared_with TO bsm_partner;

CREATE POLICY wall_5 ON users FOR SELECT TO bsm_partner USING (organisation_id = (SELECT bsm_number('organisation_id')));

GRANT SELECT ON users TO bsm_partner;

CREATE POLICY wall_6 ON colleague_invitations FOR SELECT TO bsm_partner USING (organisation_id = (SELECT bsm_number('organisation_id')));

GRANT SELECT ON colleague_invitations TO bsm_partner;

CREATE POLICY wall_7 ON users FOR SELECT TO bsm_alumnus USING (id = (SELECT bsm_number('user_id')));

GRANT SELECT ON users TO bsm_alumnus;

CREATE POLICY wall_8 ON audit_entries FOR SELECT TO bsm_alumnus USING (about_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON audit_entries TO bsm_alumnus;

CREATE POLICY wall_9 ON alumnus_emails FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumnus_emails TO bsm_alumnus;

CREATE POLICY wall_10 ON alumnus_languages FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumnus_languages TO bsm_alumnus;

CREATE POLICY wall_11 ON alumnus_photos FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumnus_photos TO bsm_alumnus;

CREATE POLICY wall_12 ON alumnus_terms FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumnus_terms TO bsm_alumnus;

CREATE POLICY wall_13 ON alumnus_themes FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON alumnus_themes TO bsm_alumnus;

CREATE POLICY wall_14 ON assignments FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON assignments TO bsm_alumnus;

CREATE POLICY wall_15 ON availability_periods FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON availability_periods TO bsm_alumnus;

CREATE POLICY wall_16 ON consent_proposals FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON consent_proposals TO bsm_alumnus;

CREATE POLICY wall_17 ON consents FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON consents TO bsm_alumnus;

CREATE POLICY wall_18 ON disclosures FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON disclosures TO bsm_alumnus;

CREATE POLICY wall_19 ON enrolments FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON enrolments TO bsm_alumnus;

CREATE POLICY wall_20 ON erasures FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON erasures TO bsm_alumnus;

CREATE POLICY wall_21 ON mails FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON mails TO bsm_alumnus;

CREATE POLICY wall_22 ON rights_requests FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON rights_requests TO bsm_alumnus;

CREATE POLICY wall_23 ON shared_with FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON shared_with TO bsm_alumnus;

CREATE POLICY wall_24 ON sharing_asks FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON sharing_asks TO bsm_alumnus;

CREATE POLICY wall_25 ON sharing_statements FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON sharing_statements TO bsm_alumnus;

CREATE POLICY wall_26 ON stated_with FOR SELECT TO bsm_alumnus USING (alumnus_id = (SELECT bsm_number('alumnus_id')));

GRANT SELECT ON stated_with TO bsm_alumnus;

CREATE POLICY wall_27 ON one_time_tokens FOR SELECT TO bsm_partner USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON one_time_tokens TO bsm_partner;

CREATE POLICY wall_28 ON one_time_tokens FOR SELECT TO bsm_alumnus USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON one_time_tokens TO bsm_alumnus;

CREATE POLICY wall_29 ON passkeys FOR SELECT TO bsm_partner USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON passkeys TO bsm_partner;

CREATE POLICY wall_30 ON passkeys FOR SELECT TO bsm_alumnus USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON passkeys TO bsm_alumnus;

CREATE POLICY wall_31 ON recovery_codes FOR SELECT TO bsm_partner USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON recovery_codes TO bsm_partner;

CREATE POLICY wall_32 ON recovery_codes FOR SELECT TO bsm_alumnus USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON recovery_codes TO bsm_alumnus;

CREATE POLICY wall_33 ON saved_filters FOR SELECT TO bsm_partner USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON saved_filters TO bsm_partner;

CREATE POLICY wall_34 ON saved_filters FOR SELECT TO bsm_alumnus USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON saved_filters TO bsm_alumnus;

CREATE POLICY wall_35 ON user_sessions FOR SELECT TO bsm_partner USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON user_sessions TO bsm_partner;

CREATE POLICY wall_36 ON user_sessions FOR SELECT TO bsm_alumnus USING (user_id = (SELECT bsm_number('user_id')));

GRANT SELECT ON user_sessions TO bsm_alumnus;

CREATE POLICY wall_37 ON assignment_moves FOR SELECT TO bsm_alumnus USING (assignment_moves.assignment_id IN (SELECT id FROM assignments));

GRANT SELECT ON assignment_moves TO bsm_alumnus;

CREATE POLICY wall_38 ON invitation_links FOR SELECT TO bsm_alumnus USING (invitation_links.assignment_id IN (SELECT id FROM assignments));

GRANT SELECT ON invitation_links TO bsm_alumnus;

CREATE POLICY wall_39 ON alumnus_emails FOR SELECT TO bsm_partner USING (EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = alumnus_emails.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 5 = 5) AND alumnus_emails.alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (id, alumnus_id, address, position) ON alumnus_emails TO bsm_partner;

CREATE POLICY wall_40 ON alumnus_languages FOR SELECT TO bsm_partner USING (EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = alumnus_languages.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 3 = 3) AND alumnus_languages.alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (alumnus_id, language_code, level) ON alumnus_languages TO bsm_partner;

CREATE POLICY wall_41 ON alumnus_themes FOR SELECT TO bsm_partner USING (EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = alumnus_themes.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 3 = 3) AND alumnus_themes.alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (alumnus_id, theme_id) ON alumnus_themes TO bsm_partner;

CREATE POLICY wall_42 ON availability_periods FOR SELECT TO bsm_partner USING (EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = availability_periods.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 9 = 9) AND availability_periods.alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (id, alumnus_id, kind, starts_on, ends_on) ON availability_periods TO bsm_partner;

CREATE POLICY wall_43 ON enrolments FOR SELECT TO bsm_partner USING (EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = enrolments.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 3 = 3) AND enrolments.alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (id, cohort_id, alumnus_id) ON enrolments TO bsm_partner;

CREATE POLICY wall_44 ON alumnus_terms FOR SELECT TO bsm_partner USING ((field_bit = 1 OR (field_bit = 2 AND EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = alumnus_terms.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 3 = 3))) AND alumnus_id IN (SELECT id FROM alumni));

GRANT SELECT (term, alumnus_id, field_bit) ON alumnus_terms TO bsm_partner;

CREATE POLICY wall_45 ON assignments FOR SELECT TO bsm_partner USING (state IN ('accepted', 'delivered') AND alumnus_id IN (SELECT id FROM alumni) AND (event_id IN (SELECT event_id FROM event_partners WHERE organisation_id = (SELECT bsm_number('organisation_id'))) OR EXISTS (SELECT 1 FROM shared_with s WHERE s.organisation_id = (SELECT bsm_number('organisation_id')) AND s.alumnus_id = assignments.alumnus_id AND s.groups & (SELECT bsm_agreed()) & 17 = 17)));

GRANT SELECT (id, slot_id, event_id, alumnus_id, state) ON assignments TO bsm_partner;

ALTER TABLE alumni ENABLE ROW LEVEL SECURITY;

ALTER TABLE agreements ENABLE ROW LEVEL SECURITY;

ALTER TABLE shared_with ENABLE ROW LEVEL SECURITY;

ALTER TABLE users ENABLE ROW LEVEL SECURITY;

ALTER TABLE colleague_invitations ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;

ALTER TABLE alumnus_emails ENABLE ROW LEVEL SECURITY;

ALTER TABLE alumnus_languages ENABLE ROW LEVEL SECURITY;

ALTER TABLE alumnus_photos ENABLE ROW LEVEL SECURITY;

ALTER TABLE alumnus_terms ENABLE ROW LEVEL SECURITY;

ALTER TABLE alumnus_themes ENABLE ROW LEVEL SECURITY;

ALTER TABLE assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE availability_periods ENABLE ROW LEVEL SECURITY;

ALTER TABLE consent_proposals ENABLE ROW LEVEL SECURITY;

ALTER TABLE consents ENABLE ROW LEVEL SECURITY;

ALTER TABLE disclosures ENABLE ROW LEVEL SECURITY;

ALTER TABLE enrolments ENABLE ROW LEVEL SECURITY;

ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;

ALTER TABLE mails ENABLE ROW LEVEL SECURITY;

ALTER TABLE rights_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE sharing_asks ENABLE ROW LEVEL SECURITY;

ALTER TABLE sharing_statements ENABLE ROW LEVEL SECURITY;

ALTER TABLE stated_with ENABLE ROW LEVEL SECURITY;

ALTER TABLE one_time_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY;

ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;

ALTER TABLE saved_filters ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE assignment_moves ENABLE ROW LEVEL SECURITY;

ALTER TABLE invitation_links ENABLE ROW LEVEL SECURITY;

GRANT SELECT ON cohort_partners TO bsm_partner;

GRANT SELECT ON cohort_partners TO bsm_alumnus;

GRANT SELECT ON cohorts TO bsm_partner;

GRANT SELECT ON cohorts TO bsm_alumnus;

GRANT SELECT ON courses TO bsm_partner;

GRANT SELECT ON courses TO bsm_alumnus;

GRANT SELECT ON event_countries TO bsm_partner;

GRANT SELECT ON event_countries TO bsm_alumnus;

GRANT SELECT ON event_languages TO bsm_partner;

GRANT SELECT ON event_languages TO bsm_alumnus;

GRANT SELECT ON event_partners TO bsm_partner;

GRANT SELECT ON event_partners TO bsm_alumnus;

GRANT SELECT ON event_principles TO bsm_partner;

GRANT SELECT ON event_principles TO bsm_alumnus;

GRANT SELECT ON event_series TO bsm_partner;

GRANT SELECT ON event_series TO bsm_alumnus;

GRANT SELECT ON event_themes TO bsm_partner;

GRANT SELECT ON event_themes TO bsm_alumnus;

GRANT SELECT ON events TO bsm_partner;

GRANT SELECT ON events TO bsm_alumnus;

GRANT SELECT ON organisations TO bsm_partner;

GRANT SELECT ON organisations TO bsm_alumnus;

GRANT SELECT ON slots TO bsm_partner;

GRANT SELECT ON slots TO bsm_alumnus;

GRANT SELECT ON themes TO bsm_partner;

GRANT SELECT ON themes TO bsm_alumnus;
