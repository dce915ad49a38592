-- What a robots.txt states beside its rules, and how the last request for it went.
ALTER TABLE crawl.robots
    ADD COLUMN status              smallint,          -- of the last answer; NULL: there was none
    ADD COLUMN error               text,              -- why the last request could not read it; NULL: it could
    ADD COLUMN unreadable_since    timestamptz,       -- NULL: it can be read
    ADD COLUMN crawl_delay_seconds double precision,  -- of our group; NULL: it states none
    ADD COLUMN content_signals     text[] NOT NULL DEFAULT '{}',  -- of our group: 'ai-train=no'
    ADD COLUMN sitemaps            text[] NOT NULL DEFAULT '{}';  -- absolute addresses

CREATE VIEW news.robots AS
SELECT r.origin, r.verdict::text AS verdict, r.fetched_at, r.expires_at, r.status,
       r.unreadable_since, r.error, make_interval(secs => r.crawl_delay_seconds) AS crawl_delay,
       r.content_signals, r.sitemaps, octet_length(r.body) AS bytes
  FROM crawl.robots r;
COMMENT ON VIEW news.robots IS
    'One row is the robots.txt of an origin, as it is in force. `sokbo explain URL` tells what it says of an address.';
COMMENT ON COLUMN news.robots.origin IS 'Scheme, host and port that the file speaks for.';
COMMENT ON COLUMN news.robots.verdict IS
    'rules (the file has some), allow_all (there is no such file) or disallow_all (it was never readable, so nothing is fetched).';
COMMENT ON COLUMN news.robots.fetched_at IS 'When the copy in force was asked for.';
COMMENT ON COLUMN news.robots.expires_at IS 'When the file is asked for again.';
COMMENT ON COLUMN news.robots.status IS 'HTTP status of the last answer; null where there was none.';
COMMENT ON COLUMN news.robots.unreadable_since IS
    'Since when the file can''t be read; null while it can. A copy from before stays in force.';
COMMENT ON COLUMN news.robots.error IS 'Why the file could not be read the last time; null where it could.';
COMMENT ON COLUMN news.robots.crawl_delay IS 'The Crawl-delay for us; null where none is stated. The crawl caps it.';
COMMENT ON COLUMN news.robots.content_signals IS
    'What the Content-Signal lines for us say, such as ai-train=no: conditions of the owner for the use of the content.';
COMMENT ON COLUMN news.robots.sitemaps IS 'Addresses of the Sitemap lines.';
COMMENT ON COLUMN news.robots.bytes IS 'Size of the file as received; 0 where there is none.';

DO $$
BEGIN
    GRANT SELECT ON news.robots TO news_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'role news_reader got no rights: %', SQLERRM;
END
$$;
