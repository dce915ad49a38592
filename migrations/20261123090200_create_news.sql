-- Schema `news`: the interface for people. Names and meanings stay; what is behind may change.
CREATE SCHEMA news;
COMMENT ON SCHEMA news IS 'Articles and how they were found: the stable interface for queries.';

CREATE VIEW news.sources AS
SELECT s.id, s.name, s.home, s.language, s.timezone, s.country, s.tags, s.is_active AS enabled,
       s.store::text AS store, s.terms, s.verified_on, s.created_at
  FROM crawl.sources s;
COMMENT ON VIEW news.sources IS 'One row is an outlet, as its source file describes it.';
COMMENT ON COLUMN news.sources.id IS 'Number of the outlet.';
COMMENT ON COLUMN news.sources.name IS 'Unique name; articles.source holds it.';
COMMENT ON COLUMN news.sources.home IS 'Address of the front page.';
COMMENT ON COLUMN news.sources.language IS 'ISO 639-1; null where it is learned from the pages.';
COMMENT ON COLUMN news.sources.timezone IS 'Zone of times that state none; null where unknown.';
COMMENT ON COLUMN news.sources.country IS 'ISO 3166-1, two letters.';
COMMENT ON COLUMN news.sources.tags IS 'Free words of the source file.';
COMMENT ON COLUMN news.sources.enabled IS 'Whether the outlet is visited.';
COMMENT ON COLUMN news.sources.store IS 'How much may be kept: full, metadata (no text) or off.';
COMMENT ON COLUMN news.sources.terms IS 'Why store is what it is.';
COMMENT ON COLUMN news.sources.verified_on IS 'Day of the last check against the live site.';
COMMENT ON COLUMN news.sources.created_at IS 'When the outlet became known here.';

CREATE VIEW news.articles AS
SELECT a.fingerprint AS id, s.name AS source, a.url, a.title, a.subtitle, a.authors, a.section,
       a.tags, a.language, a.published_at, a.published_precision::text AS published_precision,
       a.modified_at, a.first_seen_at,
       greatest(a.checked_at, v.checked_at) AS last_checked_at,
       a.body, a.lead, a.word_count, a.agency, a.paywalled, a.story_id, a.revision_count,
       a.removed_at, a.search
  FROM crawl.articles a
  LEFT JOIN crawl.sources s ON s.id = a.source_id
  LEFT JOIN crawl.visits v ON v.fingerprint = a.fingerprint;
COMMENT ON VIEW news.articles IS
    'One row is an article as it now stands. Bound first_seen_at too where published_at is bound: articles are kept by month of first sight.';
COMMENT ON COLUMN news.articles.id IS 'Stable key, made of the canonical address.';
COMMENT ON COLUMN news.articles.source IS 'Name of the outlet; null where no source owns the address.';
COMMENT ON COLUMN news.articles.url IS 'Canonical address.';
COMMENT ON COLUMN news.articles.title IS 'Headline without the name of the site.';
COMMENT ON COLUMN news.articles.subtitle IS 'Line under the headline.';
COMMENT ON COLUMN news.articles.authors IS 'People, or a desk where no person is named.';
COMMENT ON COLUMN news.articles.section IS 'The outlet''s own word for the part of the paper.';
COMMENT ON COLUMN news.articles.tags IS 'Keywords that the page gives.';
COMMENT ON COLUMN news.articles.language IS 'ISO 639-1.';
COMMENT ON COLUMN news.articles.published_at IS 'First publication; null where not stated or in an unknown zone.';
COMMENT ON COLUMN news.articles.published_precision IS 'How exact published_at is: month, day, minute or second.';
COMMENT ON COLUMN news.articles.modified_at IS 'Last change as the page states it.';
COMMENT ON COLUMN news.articles.first_seen_at IS 'When the address was first met.';
COMMENT ON COLUMN news.articles.last_checked_at IS 'When the page was last asked for.';
COMMENT ON COLUMN news.articles.body IS 'Text, paragraphs parted by blank lines; null where only metadata may be kept.';
COMMENT ON COLUMN news.articles.lead IS 'First paragraph, 500 characters at most; empty where only metadata may be kept.';
COMMENT ON COLUMN news.articles.word_count IS 'Words of the text.';
COMMENT ON COLUMN news.articles.agency IS 'Wire agency the text comes from.';
COMMENT ON COLUMN news.articles.paywalled IS 'Whether a reader must pay for the whole; null where the page does not say.';
COMMENT ON COLUMN news.articles.story_id IS 'Cluster of near-identical articles.';
COMMENT ON COLUMN news.articles.revision_count IS 'Versions seen so far, 1 where never changed.';
COMMENT ON COLUMN news.articles.removed_at IS 'When the outlet was found to have taken it down.';
COMMENT ON COLUMN news.articles.search IS 'Words of title and lead, for @@ to_tsquery(''simple'', ''word:*'').';

CREATE VIEW news.revisions AS
SELECT r.fingerprint AS article_id, r.revision, r.kind::text AS kind, r.seen_at, r.changed,
       r.title, r.subtitle, r.authors, r.body
  FROM crawl.revisions r;
COMMENT ON VIEW news.revisions IS 'One row is a version of an article, the present one included.';
COMMENT ON COLUMN news.revisions.article_id IS 'Key of the article.';
COMMENT ON COLUMN news.revisions.revision IS 'Number of the version, from 1.';
COMMENT ON COLUMN news.revisions.kind IS 'first, edit (the outlet changed it) or reparse (a better parser read it).';
COMMENT ON COLUMN news.revisions.seen_at IS 'When this version was first seen.';
COMMENT ON COLUMN news.revisions.changed IS 'Fields that differ from the version before.';
COMMENT ON COLUMN news.revisions.title IS 'Headline of this version.';
COMMENT ON COLUMN news.revisions.subtitle IS 'Line under the headline.';
COMMENT ON COLUMN news.revisions.authors IS 'Authors of this version.';
COMMENT ON COLUMN news.revisions.body IS 'Text of this version.';

CREATE VIEW news.images AS
SELECT i.fingerprint AS article_id, i.position, i.url, i.caption, i.credit
  FROM crawl.images i;
COMMENT ON VIEW news.images IS 'One row is a picture of an article.';
COMMENT ON COLUMN news.images.article_id IS 'Key of the article.';
COMMENT ON COLUMN news.images.position IS 'Place in the article, from 1.';
COMMENT ON COLUMN news.images.url IS 'Absolute address of the picture.';
COMMENT ON COLUMN news.images.caption IS 'Caption without mark and credit.';
COMMENT ON COLUMN news.images.credit IS 'Who made or gave it.';

CREATE VIEW news.fetches AS
SELECT f.started_at, f.url, h.key AS host, s.name AS source, f.kind::text AS kind, f.status,
       f.body_bytes AS bytes, make_interval(secs => f.elapsed_ms / 1000.0) AS duration,
       f.outcome::text AS outcome, f.error_class, f.error
  FROM crawl.fetches f
  LEFT JOIN crawl.hosts h ON h.id = f.host_id
  LEFT JOIN crawl.sources s ON s.id = f.source_id;
COMMENT ON VIEW news.fetches IS 'One row is an HTTP exchange, or the refusal to make one.';
COMMENT ON COLUMN news.fetches.started_at IS 'Start of the request.';
COMMENT ON COLUMN news.fetches.url IS 'Address asked.';
COMMENT ON COLUMN news.fetches.host IS 'What politeness counts as one.';
COMMENT ON COLUMN news.fetches.source IS 'Name of the outlet.';
COMMENT ON COLUMN news.fetches.kind IS 'What the visit was for: page, feed, sitemap or article, also where robots.txt was asked.';
COMMENT ON COLUMN news.fetches.status IS 'HTTP status; null where there was no answer.';
COMMENT ON COLUMN news.fetches.bytes IS 'Bytes of the decoded body.';
COMMENT ON COLUMN news.fetches.duration IS 'From the start to the last byte.';
COMMENT ON COLUMN news.fetches.outcome IS 'used, unchanged (answered from cache), redirected or failed.';
COMMENT ON COLUMN news.fetches.error_class IS 'Why it failed, one word.';
COMMENT ON COLUMN news.fetches.error IS 'Why it failed, one sentence.';

CREATE VIEW news.discoveries AS
SELECT d.fingerprint AS article_id, d.url, s.name AS source, c.kind::text AS section_kind,
       c.url AS section_url, d.discovered_at, d.verdict::text AS verdict, d.title, d.published_at
  FROM crawl.discoveries d
  JOIN crawl.sections c ON c.id = d.section_id
  JOIN crawl.sources s ON s.id = c.source_id;
COMMENT ON VIEW news.discoveries IS 'One row is an address met in a listing, once for each listing.';
COMMENT ON COLUMN news.discoveries.article_id IS 'Key of the address; that of the article where it became one.';
COMMENT ON COLUMN news.discoveries.url IS 'Canonical form of the address.';
COMMENT ON COLUMN news.discoveries.source IS 'Outlet of the listing.';
COMMENT ON COLUMN news.discoveries.section_kind IS 'page, feed or sitemap.';
COMMENT ON COLUMN news.discoveries.section_url IS 'Address of the listing.';
COMMENT ON COLUMN news.discoveries.discovered_at IS 'When it was first met there.';
COMMENT ON COLUMN news.discoveries.verdict IS 'enqueued, or outside (another outlet''s host, not fetched).';
COMMENT ON COLUMN news.discoveries.title IS 'Headline as the listing gives it.';
COMMENT ON COLUMN news.discoveries.published_at IS 'Time as the listing gives it.';

-- The role of readers belongs to the server, not to this database: it may exist already, and who
-- owns a hosted database may not create one. Readers are then given their rights by hand.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'news_reader') THEN
        CREATE ROLE news_reader NOLOGIN;
    END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
    RAISE NOTICE 'role news_reader was not created: %', SQLERRM;
END
$$;
DO $$
BEGIN
    GRANT USAGE ON SCHEMA news TO news_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA news TO news_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA news GRANT SELECT ON TABLES TO news_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'role news_reader got no rights: %', SQLERRM;
END
$$;
-- `select * from articles` works for people; our own statements always name the schema.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path TO news, public', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'search_path was not set for the database: %', SQLERRM;
END
$$;
