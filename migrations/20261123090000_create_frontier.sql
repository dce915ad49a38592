-- The frontier: which host may be asked, what is to be visited on it, what was ever met.
-- Schema `crawl` is the machinery and free to change; people read schema `news`.
CREATE SCHEMA IF NOT EXISTS crawl;

CREATE TYPE crawl.job_kind AS ENUM ('page', 'feed', 'sitemap', 'article');
CREATE TYPE crawl.section_kind AS ENUM ('page', 'feed', 'sitemap');
CREATE TYPE crawl.store_policy AS ENUM ('full', 'metadata', 'off');
CREATE TYPE crawl.robots_verdict AS ENUM ('rules', 'allow_all', 'disallow_all');

-- Outlets, as their source files describe them; a file that is gone leaves its row, disabled.
CREATE TABLE crawl.sources (
    id           integer            GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text               NOT NULL,  -- lower case, also the name of the source file
    home         text               NOT NULL,
    language     text,                         -- ISO 639-1; NULL: learned from the pages
    timezone     text,                         -- IANA name; NULL: times without a zone stay so
    country      text,                         -- ISO 3166-1, two letters
    tags         text[]             NOT NULL DEFAULT '{}',
    is_active    boolean            NOT NULL DEFAULT true,  -- enabled, and `store` is not off
    store        crawl.store_policy NOT NULL DEFAULT 'full',
    terms        text,                         -- why `store` is what it is
    verified_on  date,                         -- NULL: never checked against the live site
    created_at   timestamptz        NOT NULL DEFAULT now(),
    CONSTRAINT sources_name_key UNIQUE (name)
);

-- Politeness units. One row is leased at a time by one node; all of a host's jobs go with it.
CREATE TABLE crawl.hosts (
    id            integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane          smallint    NOT NULL,  -- hash of key modulo 64: a shard key for later
    key           text        NOT NULL,  -- lower case, no port (domain/host.rs)
    ready_at      timestamptz NOT NULL DEFAULT now(),  -- idle: may be leased from then on;
                                         -- leased: the lease ends then. So no sweeper is needed.
    polite_at     timestamptz NOT NULL DEFAULT '-infinity',  -- no request before; outlives a lease
    lease_token   bigint      NOT NULL DEFAULT 0,  -- fencing token, 0 = idle
    leased_by     text,                  -- the node, for people
    failures      smallint    NOT NULL DEFAULT 0,  -- in a row, of the host and not of one page
    rests_until   timestamptz,           -- for people: left alone until then
    last_error    text,                  -- for people: why
    CONSTRAINT hosts_key_key UNIQUE (key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);
-- Serves lease() in store/frontier.rs: ready longest first.
CREATE INDEX hosts_ready_at_idx ON crawl.hosts (ready_at);
CREATE SEQUENCE crawl.lease_tokens;

-- Listings that are visited again and again.
CREATE TABLE crawl.sections (
    id          integer            GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   integer            NOT NULL,
    kind        crawl.section_kind NOT NULL,
    url         text               NOT NULL,
    host_id     integer            NOT NULL,
    fingerprint uuid               NOT NULL,
    is_active   boolean            NOT NULL DEFAULT true,  -- still in the source's file
    CONSTRAINT sections_source_id_fkey FOREIGN KEY (source_id) REFERENCES crawl.sources (id),
    CONSTRAINT sections_source_id_kind_url_key UNIQUE (source_id, kind, url)
);

-- Every visit that is still to come. Small: what is done and does not come again is deleted.
CREATE TABLE crawl.jobs (
    host_id          integer        NOT NULL,
    fingerprint      uuid           NOT NULL,  -- of url
    first_seen_at    timestamptz    NOT NULL,
    priority         smallint       NOT NULL,  -- 0 listing, 1 fresh, 2 article, 3 backfill
    run_at           timestamptz    NOT NULL,  -- not before; infinity: its source is disabled
    interval_seconds double precision,         -- NULL: one-shot
    attempt          smallint       NOT NULL DEFAULT 0,  -- counted tries; a snooze does not count
    kind             crawl.job_kind NOT NULL,
    url              text           NOT NULL,
    source_id        integer,
    section_id       integer,
    depth            smallint       NOT NULL DEFAULT 0,  -- steps from a configured address
    CONSTRAINT jobs_pkey PRIMARY KEY (host_id, fingerprint),
    CONSTRAINT jobs_priority_check CHECK (priority BETWEEN 0 AND 3),
    CONSTRAINT jobs_interval_seconds_check CHECK (interval_seconds > 0)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
-- Serves jobs_of() and release() in store/frontier.rs: a host's due jobs, class by class.
CREATE INDEX jobs_host_id_priority_run_at_idx ON crawl.jobs (host_id, priority, run_at);

-- Every address ever met: the one place that says "known". Ranges of fingerprint, which begins
-- with the host's hash, so that a host's keys stay together; split for vacuum, not for speed.
CREATE TABLE crawl.seen (
    fingerprint   uuid        NOT NULL,
    first_seen_at timestamptz NOT NULL,
    CONSTRAINT seen_pkey PRIMARY KEY (fingerprint)
) PARTITION BY RANGE (fingerprint);
CREATE TABLE crawl.seen_all PARTITION OF crawl.seen FOR VALUES FROM (MINVALUE) TO (MAXVALUE)
    WITH (autovacuum_vacuum_insert_scale_factor = 0.1);

-- What the last answer of an address left behind, for the next conditional request.
CREATE TABLE crawl.visits (
    fingerprint   uuid        NOT NULL,
    host_id       integer     NOT NULL,
    etag          text,
    last_modified text,
    body_hash     uuid,
    checked_at    timestamptz NOT NULL,
    CONSTRAINT visits_pkey PRIMARY KEY (fingerprint)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);

-- The robots.txt of each origin, shared by all nodes.
CREATE TABLE crawl.robots (
    origin     text                 PRIMARY KEY,  -- scheme, host and port (RFC 9309 section 2.3)
    verdict    crawl.robots_verdict NOT NULL,
    body       bytea                NOT NULL,     -- as received, cut to what is parsed
    fetched_at timestamptz          NOT NULL,
    expires_at timestamptz          NOT NULL
);
