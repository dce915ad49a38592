-- What feeds and news sitemaps say of articles that are still to be visited, and of those that are
-- looked at again and were read with it: else the next look would take an edit for what is only
-- missing. Beside crawl.jobs, and local like it; a row goes with its job.
CREATE TABLE crawl.hints (
    fingerprint      uuid        NOT NULL,  -- of the article's address
    host_id          integer     NOT NULL,  -- with fingerprint: its job
    met_at           timestamptz NOT NULL,
    title            text,
    authors          text[]      NOT NULL,
    published_local  timestamp,             -- as the clock of the listing's zone shows it
    offset_seconds   integer,               -- of that zone from UTC; NULL: it states none
    published_precision crawl.precision,
    text             text,                  -- plain or HTML, whole or a teaser
    CONSTRAINT hints_pkey PRIMARY KEY (fingerprint)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
DO $$
BEGIN
    ALTER TABLE crawl.hints ALTER COLUMN text SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'texts are compressed with pglz: %', SQLERRM;
END
$$;

-- One visit of a listing that could be read. A bulk table like crawl.fetches.
CREATE TABLE crawl.polls (
    polled_at        timestamptz      NOT NULL,
    fingerprint      uuid             NOT NULL,  -- of the listing's address
    source_id        integer          NOT NULL,
    kind             crawl.job_kind   NOT NULL,
    url              text             NOT NULL,
    listed           integer,                    -- articles; NULL: unchanged, so nobody counted
    new              integer          NOT NULL,  -- never met before, in whatever listing
    outside          integer,                    -- links to other outlets; NULL: unchanged
    is_unchanged     boolean          NOT NULL,
    is_turned_over   boolean          NOT NULL,  -- nothing of the newest of the visit before is left
    missed           double precision,           -- articles pushed off unseen; NULL: can't be told
    interval_seconds double precision NOT NULL   -- until the next visit
) PARTITION BY RANGE (polled_at);
-- Serves people: the history of one listing.
CREATE INDEX polls_fingerprint_idx ON crawl.polls (fingerprint);
-- Serves people: what happened lately.
CREATE INDEX polls_polled_at_idx ON crawl.polls USING brin (polled_at);
CREATE TABLE crawl.polls_default PARTITION OF crawl.polls DEFAULT;

-- As before, and for crawl.polls too.
CREATE OR REPLACE FUNCTION crawl.ensure_partitions(since timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    parent  text;
    name    text;
    start   timestamptz;
    created integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['articles', 'revisions', 'images', 'raw_pages', 'fetches', 'polls'] LOOP
        FOR step IN 0..2 LOOP
            start := (date_trunc('month', since AT TIME ZONE 'UTC') + make_interval(months => step))
                     AT TIME ZONE 'UTC';
            name := format('%s_%s', parent, to_char(start AT TIME ZONE 'UTC', 'YYYY_MM'));
            CONTINUE WHEN to_regclass(format('crawl.%I', name)) IS NOT NULL;
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS crawl.%I PARTITION OF crawl.%I FOR VALUES FROM (%L) TO (%L)',
                name, parent, start,
                (start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC');
            IF parent IN ('articles', 'revisions') THEN
                -- Bodies out of line: scans by date or source read narrow rows.
                EXECUTE format('ALTER TABLE crawl.%I SET (toast_tuple_target = 512)', name);
            END IF;
            created := created + 1;
        END LOOP;
    END LOOP;
    RETURN created;
END
$$;
SELECT crawl.ensure_partitions(now());

ALTER TABLE crawl.pulses
    ADD COLUMN mark_at timestamptz;  -- the newest quarter of what it showed is not older; NULL: unknown
ALTER TABLE crawl.rhythms
    ADD COLUMN offset_seconds integer,     -- of local time from UTC, as the source's feeds state it
    ADD COLUMN offset_at      timestamptz; -- the newest time that was stated with it

-- How many articles of a source its feeds and sitemaps, its pages, and both have shown lately.
CREATE TABLE crawl.coverage (
    source_id  integer          NOT NULL,
    counted_at timestamptz      NOT NULL,
    in_feeds   integer          NOT NULL,
    in_pages   integer          NOT NULL,
    in_both    integer          NOT NULL,
    unmet      double precision,          -- shown by none, as estimated; NULL: can't be told
    CONSTRAINT coverage_pkey PRIMARY KEY (source_id)
);
-- Serves captures() in store/coverage.rs: what was met lately. Rows come in this order.
CREATE INDEX discoveries_discovered_at_idx ON crawl.discoveries USING brin (discovered_at);

CREATE VIEW news.polls AS
SELECT p.polled_at, s.name AS source, p.kind::text AS section_kind, p.url AS section_url, p.listed,
       p.listed - p.new AS known, p.new, p.outside, p.is_unchanged AS unchanged,
       p.is_turned_over AS turned_over, p.missed,
       make_interval(secs => p.interval_seconds) AS next_after
  FROM crawl.polls p
  LEFT JOIN crawl.sources s ON s.id = p.source_id;
COMMENT ON VIEW news.polls IS 'One row is a visit of a section page, feed or sitemap that could be read.';
COMMENT ON COLUMN news.polls.polled_at IS 'When it was visited.';
COMMENT ON COLUMN news.polls.source IS 'Name of the outlet.';
COMMENT ON COLUMN news.polls.section_kind IS 'page, feed or sitemap.';
COMMENT ON COLUMN news.polls.section_url IS 'Address of the listing; of a sitemap below an index its own.';
COMMENT ON COLUMN news.polls.listed IS 'Articles that it showed; null where it was unchanged.';
COMMENT ON COLUMN news.polls.known IS 'How many of them were known before, from whatever listing; null where it was unchanged.';
COMMENT ON COLUMN news.polls.new IS 'How many of them were never met before.';
COMMENT ON COLUMN news.polls.outside IS 'Links that look like articles of other outlets; null where it was unchanged.';
COMMENT ON COLUMN news.polls.unchanged IS 'Whether it was as at the visit before.';
COMMENT ON COLUMN news.polls.turned_over IS 'Whether nothing was left of the newest entries of the visit before: some may have come and gone unseen.';
COMMENT ON COLUMN news.polls.missed IS
    'Estimate of the articles that came and were pushed off between two visits; 0 where both overlap, null where it can''t be told.';
COMMENT ON COLUMN news.polls.next_after IS 'Time until the next visit, as it was decided then.';

CREATE VIEW news.coverage AS
SELECT s.name AS source, c.counted_at, c.in_feeds, c.in_pages, c.in_both, c.unmet
  FROM crawl.coverage c
  JOIN crawl.sources s ON s.id = c.source_id;
COMMENT ON VIEW news.coverage IS
    'One row is an outlet with how many of its stored articles of the last seven days which listings showed; counted every hour.';
COMMENT ON COLUMN news.coverage.source IS 'Name of the outlet.';
COMMENT ON COLUMN news.coverage.counted_at IS 'When it was counted.';
COMMENT ON COLUMN news.coverage.in_feeds IS 'Articles that its feeds or sitemaps showed.';
COMMENT ON COLUMN news.coverage.in_pages IS 'Articles that its section pages showed.';
COMMENT ON COLUMN news.coverage.in_both IS 'Articles that both showed.';
COMMENT ON COLUMN news.coverage.unmet IS
    'Estimate of the articles that none of them showed (Chapman''s, from the overlap of both); null where too few were in both. It is low where both leave out the same things.';

CREATE OR REPLACE VIEW news.discoveries AS
SELECT d.fingerprint AS article_id, d.url, s.name AS source, c.kind::text AS section_kind,
       c.url AS section_url, d.discovered_at, d.verdict::text AS verdict, d.title, d.published_at,
       NOT EXISTS (
           SELECT FROM crawl.discoveries o
            WHERE o.fingerprint = d.fingerprint
              AND (o.discovered_at, o.section_id) < (d.discovered_at, d.section_id)) AS first
  FROM crawl.discoveries d
  JOIN crawl.sections c ON c.id = d.section_id
  JOIN crawl.sources s ON s.id = c.source_id;
COMMENT ON COLUMN news.discoveries.first IS 'Whether it was met there first of all listings.';
COMMENT ON COLUMN news.provenance.strategy IS
    'What gave it: json_ld, open_graph, meta, markup, text, url, feed, site_rule and others. feed_decided: the page states it in several ways, and its feed decided which. site_rule_missed: a rule names the field and found nothing. site_rule_ignored: a remove would have taken the whole text.';

DO $$
BEGIN
    GRANT SELECT ON news.polls, news.coverage TO news_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'role news_reader got no rights: %', SQLERRM;
END
$$;
