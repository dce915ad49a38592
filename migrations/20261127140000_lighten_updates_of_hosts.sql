-- Each lease and each release writes a host's row anew, with an entry in every index. Until the old
-- versions can be vacuumed, a unique index reads all of them at each write. So the names of hosts, which
-- never change, have a table of their own, and the rows that do have one unique index.
CREATE TABLE crawl.host_keys (
    key     text    NOT NULL,  -- as in crawl.hosts
    host_id integer GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT host_keys_pkey PRIMARY KEY (key)
);
INSERT INTO crawl.host_keys (key, host_id) OVERRIDING SYSTEM VALUE SELECT key, id FROM crawl.hosts;
SELECT setval(pg_get_serial_sequence('crawl.host_keys', 'host_id'), max(host_id)) FROM crawl.host_keys;
ALTER TABLE crawl.hosts ALTER COLUMN id DROP IDENTITY;
ALTER TABLE crawl.hosts DROP CONSTRAINT hosts_key_key;
-- In pages with room the versions of a row stay together, where one read finds them all.
ALTER TABLE crawl.hosts SET (fillfactor = 10);

-- With host_id first, the planner may take this index for all jobs of a host, where few jobs a host are
-- usual, and read a million on the one that has them. The fingerprint begins with the host's hash too.
ALTER TABLE crawl.jobs DROP CONSTRAINT jobs_pkey;
ALTER TABLE crawl.jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (fingerprint, host_id);
