-- Pages that another tool fetched: which archive they came from, and how far each was read.
ALTER TABLE crawl.fetches
    ADD COLUMN archive text;  -- name of the file; NULL: asked over the network

CREATE OR REPLACE VIEW news.fetches AS
SELECT f.started_at, f.url, h.key AS host, s.name AS source, f.kind::text AS kind, f.status,
       f.body_bytes AS bytes, make_interval(secs => f.elapsed_ms / 1000.0) AS duration,
       f.outcome::text AS outcome, f.error_class, f.error, f.archive
  FROM crawl.fetches f
  LEFT JOIN crawl.hosts h ON h.id = f.host_id
  LEFT JOIN crawl.sources s ON s.id = f.source_id;
COMMENT ON COLUMN news.fetches.archive IS
    'Name of the web archive that held the answer; null where we asked ourselves.';

-- One row a file that was imported, or is being imported: a small table, kept for ever.
CREATE TABLE crawl.imports (
    name           text        NOT NULL,  -- of the file, without its folder
    bytes          bigint      NOT NULL,
    first_record   text        NOT NULL,  -- id of its first record; with name and size it tells files apart
    source         text        NOT NULL,  -- given by --source; empty: by the hosts of the pages
    file_offset    bigint      NOT NULL,  -- where the next record begins
    unpacked       bigint      NOT NULL,  -- and how far behind that in a packed part
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,           -- NULL: the next import of the file goes on there
    CONSTRAINT imports_pkey PRIMARY KEY (name, bytes, first_record, source)
);
