-- The past of a source: its sitemaps and further pages walked once, behind all else.
ALTER TABLE crawl.jobs
    ADD COLUMN since timestamptz;  -- of a walk into the past: nothing older is wanted; NULL: no part of one
-- Serves walk_of() and finish_backfills() in store/backfills.rs: what is left of a walk.
CREATE INDEX jobs_source_id_idx ON crawl.jobs (source_id) WHERE since IS NOT NULL;

CREATE TABLE crawl.backfills (
    source_id   integer     NOT NULL,
    since       timestamptz NOT NULL,  -- the earliest time that was asked for
    started_at  timestamptz NOT NULL,
    finished_at timestamptz            -- NULL: something is left to visit
);
ALTER TABLE crawl.backfills
    ADD CONSTRAINT backfills_pkey PRIMARY KEY (source_id),
    ADD CONSTRAINT backfills_source_id_fkey FOREIGN KEY (source_id)
        REFERENCES crawl.sources (id) ON DELETE CASCADE;
