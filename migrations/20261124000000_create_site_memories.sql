-- What the pages of a source have in common (extract/memory): one small row a source, read once
-- by each node and rewritten every few articles. Not a bulk table; people read nothing in it.
CREATE TABLE crawl.site_memories (
    source_id  integer     NOT NULL,
    version    smallint    NOT NULL,  -- of the encoding and of the engine that filled it
    revision   bigint      NOT NULL,  -- counts writes: who read an older one writes nothing
    articles   integer     NOT NULL,  -- for people: how many it still knows, about
    memory     bytea       NOT NULL,  -- hashes and weights, no text but names of the site
    updated_at timestamptz NOT NULL
);
ALTER TABLE crawl.site_memories
    ADD CONSTRAINT site_memories_pkey PRIMARY KEY (source_id);
ALTER TABLE crawl.site_memories
    ADD CONSTRAINT site_memories_source_id_fkey FOREIGN KEY (source_id)
        REFERENCES crawl.sources (id) ON DELETE CASCADE;
ALTER TABLE crawl.site_memories
    ADD CONSTRAINT site_memories_memory_check CHECK (octet_length(memory) <= 65536);
-- Hashes don't shrink: no time is spent on trying.
ALTER TABLE crawl.site_memories ALTER COLUMN memory SET STORAGE EXTERNAL;
