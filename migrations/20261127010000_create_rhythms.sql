-- What is learned of how listings publish, for the time of the next visit (policy/revisit).

-- One row a listing, sitemaps below an index included; written when a visit is settled. Counts fade.
CREATE TABLE crawl.pulses (
    fingerprint     uuid             NOT NULL,  -- of the listing's address
    source_id       integer          NOT NULL,
    visited_at      timestamptz      NOT NULL,  -- last read, or found unchanged
    new             double precision NOT NULL,  -- new articles found
    watched_days    double precision NOT NULL,  -- days watched for them, busy hours counting longer
    recent_new      double precision NOT NULL,  -- new articles of about the last hour
    recent_expected double precision NOT NULL,  -- how many were expected meanwhile
    shown           double precision NOT NULL,  -- articles that it shows at a time
    pace            double precision NOT NULL,  -- mean square root of its articles a day
    min_seconds     double precision NOT NULL,  -- bounds of the interval, by the source's file
    max_seconds     double precision NOT NULL,
    is_configured   boolean          NOT NULL,  -- named by the source's file; else below an index
    CONSTRAINT pulses_pkey PRIMARY KEY (fingerprint)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
-- Serves rhythm_of() in store/rhythms.rs: how much a source's listings ask of its host together.
CREATE INDEX pulses_source_id_idx ON crawl.pulses (source_id);

-- One row a source: at which hours and on which days it publishes. 24 hours, then 7 days from
-- Monday, in the local time of the source.
CREATE TABLE crawl.rhythms (
    source_id  integer            NOT NULL,
    new        double precision[] NOT NULL,  -- new articles found
    expected   double precision[] NOT NULL,  -- expected if all hours and days were the same
    updated_at timestamptz        NOT NULL,  -- the counts fade from then on
    CONSTRAINT rhythms_pkey PRIMARY KEY (source_id)
) WITH (fillfactor = 50);
