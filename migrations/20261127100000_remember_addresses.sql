-- What the addresses of a source's articles look like (discover/learn), beside what their pages
-- have in common: kept by the same nodes in the same writes.
ALTER TABLE crawl.site_memories
    ADD COLUMN addresses jsonb NOT NULL DEFAULT '{}';  -- shapes of addresses and what came of them
ALTER TABLE crawl.site_memories
    ADD CONSTRAINT site_memories_addresses_check CHECK (octet_length(addresses::text) <= 65536);
