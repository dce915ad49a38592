-- Articles and what belongs to them. Bulk tables: partitioned by month of a time that never
-- changes, no foreign keys (with one, no partition could be dropped), no triggers.
CREATE TYPE crawl.precision AS ENUM ('month', 'day', 'minute', 'second');
CREATE TYPE crawl.alias_reason AS ENUM ('redirect', 'canonical', 'amp', 'mobile');
CREATE TYPE crawl.revision_kind AS ENUM ('first', 'edit', 'reparse');
CREATE TYPE crawl.fetch_outcome AS ENUM ('used', 'unchanged', 'redirected', 'failed');
CREATE TYPE crawl.discovery_verdict AS ENUM ('enqueued', 'outside');

-- An article as it now stands. Its identity is the row of its address in crawl.seen.
CREATE TABLE crawl.articles (
    fingerprint         uuid        NOT NULL,  -- of url
    first_seen_at       timestamptz NOT NULL,  -- from crawl.seen; never changes
    source_id           integer,               -- NULL: added by hand, no source owns it
    section_id          integer,               -- the listing it was first met in
    host_id             integer     NOT NULL,
    url                 text        NOT NULL,  -- canonical form
    title               text        NOT NULL,
    subtitle            text,
    authors             text[]      NOT NULL,
    agency              text,
    section             text,                  -- the outlet's own word
    tags                text[]      NOT NULL,
    language            text,
    published_at        timestamptz,           -- NULL: not stated, or in an unknown zone
    published_precision crawl.precision,
    published_text      text,                  -- as stated: "2024-03-05T09:20:00" has no zone
    modified_at         timestamptz,
    modified_text       text,
    lead                text        NOT NULL,  -- empty where only metadata may be kept
    body                text,                  -- NULL where only metadata may be kept
    word_count          integer     NOT NULL,
    paywalled           boolean,               -- NULL: the page does not say
    provenance          jsonb       NOT NULL,  -- which strategy gave each field
    content_hash        uuid        NOT NULL,  -- of what makes a revision when it changes
    sim_hash            bigint      NOT NULL,
    story_id            bigint,
    revision_count      integer     NOT NULL,
    checked_at          timestamptz NOT NULL,  -- when this row was last written
    removed_at          timestamptz,           -- the outlet took it down
    search              tsvector    NOT NULL GENERATED ALWAYS AS
                                    (to_tsvector('pg_catalog.simple', title || ' ' || lead)) STORED,
    CONSTRAINT articles_pkey PRIMARY KEY (fingerprint, first_seen_at)
) PARTITION BY RANGE (first_seen_at);
-- Serves people: one outlet, newest first.
CREATE INDEX articles_source_id_published_at_idx ON crawl.articles (source_id, published_at DESC);
-- Serves people: newest first over all outlets.
CREATE INDEX articles_published_at_idx ON crawl.articles (published_at);
-- Serves counts() in store/status.rs: what was stored lately.
CREATE INDEX articles_first_seen_at_idx ON crawl.articles (first_seen_at);
-- Serves people: words of title and lead.
CREATE INDEX articles_search_idx ON crawl.articles USING gin (search);

-- Every content an article ever had, the present one included.
CREATE TABLE crawl.revisions (
    fingerprint   uuid                NOT NULL,
    first_seen_at timestamptz         NOT NULL,
    revision      integer             NOT NULL,  -- counts from 1
    kind          crawl.revision_kind NOT NULL,
    seen_at       timestamptz         NOT NULL,
    changed       text[]              NOT NULL,  -- fields that differ from the one before
    content_hash  uuid                NOT NULL,
    title         text                NOT NULL,
    subtitle      text,
    authors       text[]              NOT NULL,
    body          text,
    CONSTRAINT revisions_pkey PRIMARY KEY (fingerprint, first_seen_at, revision)
) PARTITION BY RANGE (first_seen_at);

CREATE TABLE crawl.images (
    fingerprint   uuid        NOT NULL,
    first_seen_at timestamptz NOT NULL,
    position      smallint    NOT NULL,  -- counts from 1, in the order of the page
    url           text        NOT NULL,
    caption       text,
    credit        text,
    CONSTRAINT images_pkey PRIMARY KEY (fingerprint, first_seen_at, position)
) PARTITION BY RANGE (first_seen_at);

-- The bytes an article was read from, packed by archive/.
CREATE TABLE crawl.raw_pages (
    fingerprint  uuid        NOT NULL,
    fetched_at   timestamptz NOT NULL,
    status       smallint    NOT NULL,
    content_type text,
    charset      text,                  -- as decided when it was read
    packed       bytea       NOT NULL,
    CONSTRAINT raw_pages_pkey PRIMARY KEY (fingerprint, fetched_at)
) PARTITION BY RANGE (fetched_at);
ALTER TABLE crawl.raw_pages ALTER COLUMN packed SET STORAGE EXTERNAL;  -- zstd already

-- One HTTP exchange, or the refusal to make it.
CREATE TABLE crawl.fetches (
    started_at  timestamptz         NOT NULL,
    fingerprint uuid                NOT NULL,  -- of the job it was made for
    host_id     integer             NOT NULL,
    source_id   integer,
    kind        crawl.job_kind      NOT NULL,  -- of the job, also where it is robots.txt
    url         text                NOT NULL,
    status      smallint,                    -- NULL: no answer
    body_bytes  bigint              NOT NULL,  -- decoded
    elapsed_ms  integer             NOT NULL,
    outcome     crawl.fetch_outcome NOT NULL,
    error_class text,                        -- domain::ErrorClass
    error       text
) PARTITION BY RANGE (started_at);
-- Serves people: the history of one address.
CREATE INDEX fetches_fingerprint_idx ON crawl.fetches (fingerprint);
-- Serves counts() in store/status.rs: what happened lately.
CREATE INDEX fetches_started_at_idx ON crawl.fetches (started_at);

-- Other addresses of an article.
CREATE TABLE crawl.aliases (
    fingerprint         uuid               PRIMARY KEY,  -- of url
    article_fingerprint uuid               NOT NULL,     -- of the address it stands for
    url                 text               NOT NULL,
    reason              crawl.alias_reason NOT NULL,
    seen_at             timestamptz        NOT NULL
);

-- Where an address was met.
CREATE TABLE crawl.discoveries (
    fingerprint   uuid                    NOT NULL,
    section_id    integer                 NOT NULL,
    url           text                    NOT NULL,
    discovered_at timestamptz             NOT NULL,
    verdict       crawl.discovery_verdict NOT NULL,
    title         text,         -- as the listing gives it
    published_at  timestamptz,  -- as the listing gives it
    CONSTRAINT discoveries_pkey PRIMARY KEY (fingerprint, section_id)
);

-- lz4 writes at a third of the CPU of the default; servers built without it keep the default.
DO $$
BEGIN
    ALTER TABLE crawl.articles ALTER COLUMN body SET COMPRESSION lz4;
    ALTER TABLE crawl.revisions ALTER COLUMN body SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'texts are compressed with pglz: %', SQLERRM;
END
$$;

CREATE TABLE crawl.articles_default  PARTITION OF crawl.articles  DEFAULT;
CREATE TABLE crawl.revisions_default PARTITION OF crawl.revisions DEFAULT;
CREATE TABLE crawl.images_default    PARTITION OF crawl.images    DEFAULT;
CREATE TABLE crawl.raw_pages_default PARTITION OF crawl.raw_pages DEFAULT;
CREATE TABLE crawl.fetches_default   PARTITION OF crawl.fetches   DEFAULT;

-- Creates the monthly partitions from `since` for three months ahead; answers how many were
-- missing. The default partitions are a net below, and are meant to stay empty.
CREATE FUNCTION crawl.ensure_partitions(since timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    parent  text;
    name    text;
    start   timestamptz;
    created integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['articles', 'revisions', 'images', 'raw_pages', 'fetches'] LOOP
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

-- Drops the monthly partitions of one table that end before a time; answers how many.
CREATE FUNCTION crawl.drop_partitions(parent text, before timestamptz) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    name    text;
    dropped integer := 0;
BEGIN
    FOR name IN
        SELECT c.relname FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = format('crawl.%I', parent)::regclass
           AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
           AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC'
               <= before
    LOOP
        EXECUTE format('DROP TABLE crawl.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END
$$;
