-- Each lease and each release writes a host's row anew. Until the old versions can be vacuumed, a unique
-- index reads all of them at each write, so there is but one: `id` comes from a sequence and needs none.
-- In wide pages the versions of a row stay together, where one read finds them all.
ALTER TABLE crawl.hosts DROP CONSTRAINT hosts_pkey, DROP CONSTRAINT hosts_key_key;
ALTER TABLE crawl.hosts ADD CONSTRAINT hosts_pkey PRIMARY KEY (key);
-- Serves all that knows a host by its number: leases, settlements, jobs.
CREATE INDEX hosts_id_idx ON crawl.hosts (id);
ALTER TABLE crawl.hosts SET (fillfactor = 10);

-- With host_id first, the planner may take this index for all jobs of a host, where few jobs a host are
-- usual, and read a million on the one that has them. The fingerprint begins with the host's hash too.
ALTER TABLE crawl.jobs DROP CONSTRAINT jobs_pkey;
ALTER TABLE crawl.jobs ADD CONSTRAINT jobs_pkey PRIMARY KEY (fingerprint, host_id);
